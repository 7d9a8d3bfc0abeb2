using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Iec102.Lines;

namespace Iec102.Acquisition.Ports;

/// <summary>An attempt to open a line has succeeded.</summary>
internal sealed record LineOpened(int Generation, ILine Line);

/// <summary>A line could not be opened, or is lost.</summary>
internal sealed record LineLost(int Generation, string Error);

/// <summary>Somebody else waits for what the line is made with (<see cref="ISharedLine"/>).</summary>
internal sealed record LineWanted(int Generation);

/// <summary>Octets of a line, in a buffer to be returned with <see cref="LineConnection.Taken"/>.</summary>
internal sealed record OctetsArrived(int Generation, byte[] Buffer, int Count);

/// <summary>A write that had to wait is done.</summary>
internal sealed record WriteEnded(int Generation);

/// <summary>
/// Turns what happens on an open line into messages to an actor. Each carries the line's generation, so that news of an earlier line is
/// recognised. Only the actor calls its methods.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing.")]
internal sealed class LineConnection
{
    private const int ChunkSize = 512;

    // A line that sends faster than the actor listens is not read further until the actor has caught up.
    private const int ChunksAhead = 64;

    private readonly ILine _line;
    private readonly int _generation;
    private readonly IActorRef _actor;
    private readonly SemaphoreSlim _ahead = new(ChunksAhead);
    private readonly Queue<byte[]> _toWrite = new();
    private byte[] _writing = [];
    private bool _isWriting;

    public LineConnection(ILine line, int generation, IActorRef actor)
    {
        _line = line;
        _generation = generation;
        _actor = actor;
        _ = ReadAsync();
        if (line is ISharedLine shared)
            _ = shared.Wanted.ContinueWith(
                _ => Tell(new LineWanted(generation)), default, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Opens a line; returns <see cref="LineOpened"/> or <see cref="LineLost"/>, and never throws.</summary>
    public static async Task<object> OpenAsync(ILineFactory factory, int generation, CancellationToken ct)
    {
        try
        {
            var line = await factory.OpenAsync(ct);
            if (!ct.IsCancellationRequested)
                return new LineOpened(generation, line);
            Dispose(line);
            return new LineLost(generation, "The attempt was given up.");
        }
        catch (Exception error)
        {
            return new LineLost(generation, error.Message);
        }
    }

    /// <summary>Closes a line without waiting for it.</summary>
    public static void Dispose(ILine line) => _ = DisposeAsync(line);

    /// <summary>Closes the line if an attempt still opens one.</summary>
    public static async Task DisposeWhenOpenedAsync(Task<object> opening)
    {
        if (await opening is LineOpened late)
            await DisposeAsync(late.Line);
    }

    /// <summary>
    /// Octets that wait because the far end takes them more slowly than they are sent; those that the operating system holds are not
    /// counted.
    /// </summary>
    public int WaitingOctets { get; private set; }

    /// <summary>Sends a frame after those before it; the octets are valid during the call only.</summary>
    public void Send(ReadOnlyMemory<byte> frame)
    {
        if (_isWriting)
        {
            _toWrite.Enqueue(frame.ToArray());
            WaitingOctets += frame.Length;
            return;
        }

        // The sender composes its next frame while this one may still be on its way.
        if (_writing.Length < frame.Length)
            _writing = new byte[Protocol.Link.Frame.MaxLength];
        frame.CopyTo(_writing);
        Write(_writing.AsMemory(0, frame.Length));
    }

    /// <summary>To be called for <see cref="WriteEnded"/>.</summary>
    public void OnWriteEnded()
    {
        _isWriting = false;
        while (!_isWriting && _toWrite.TryDequeue(out var frame))
        {
            WaitingOctets -= frame.Length;
            Write(frame);
        }
    }

    /// <summary>To be called for each <see cref="OctetsArrived"/> once its octets are dealt with.</summary>
    public void Taken(OctetsArrived chunk)
    {
        ArrayPool<byte>.Shared.Return(chunk.Buffer);
        _ahead.Release();
    }

    /// <summary>Closes the line. Whatever it still reports carries an outdated generation.</summary>
    public void Close() => Dispose(_line);

    private void Write(ReadOnlyMemory<byte> frame)
    {
        try
        {
            var write = _line.WriteAsync(frame, CancellationToken.None);
            if (write.IsCompletedSuccessfully)
            {
                write.GetAwaiter().GetResult();
                return;
            }

            _isWriting = true;
            _ = FinishWriteAsync(write);
        }
        catch (LineException error)
        {
            Tell(new LineLost(_generation, error.Message));
        }
    }

    private async Task FinishWriteAsync(ValueTask write)
    {
        try
        {
            await write;
            Tell(new WriteEnded(_generation));
        }
        catch (Exception error)
        {
            Tell(new LineLost(_generation, error.Message));
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            for (var isFirst = true; ; isFirst = false)
            {
                await _ahead.WaitAsync();
                var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
                var count = await _line.ReadAsync(buffer, CancellationToken.None);
                if (count == 0)
                {
                    Tell(new LineLost(_generation, LineException.Closed(isSilent: isFirst)));
                    return;
                }

                Tell(new OctetsArrived(_generation, buffer, count));
            }
        }
        catch (Exception error)
        {
            Tell(new LineLost(_generation, error.Message));
        }
    }

    private void Tell(object message) => _actor.Tell(message, ActorRefs.NoSender);

    private static async Task DisposeAsync(ILine line)
    {
        try
        {
            await line.DisposeAsync();
        }
        catch (IOException)
        {
            // The line is given up; a failure to close it changes nothing.
        }
    }
}
