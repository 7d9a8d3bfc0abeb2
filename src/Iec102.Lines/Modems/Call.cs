using System.Diagnostics.CodeAnalysis;

namespace Iec102.Lines.Modems;

/// <summary>A line that is a call through a modem: disposing it hangs up, closes the line to the modem and frees the modem.</summary>
/// <param name="modem">The modem, taken.</param>
/// <param name="line">The line to the modem.</param>
/// <param name="dialogue">The conversation that has dialled.</param>
/// <param name="number">Whom it has called, for messages.</param>
/// <param name="unread">What has already come from the far end.</param>
[SuppressMessage("Design", "CA1001", Justification = "Its semaphores and its token hold nothing: nobody asks for their wait handles.")]
internal sealed class Call(Modem modem, ILine line, ModemDialogue dialogue, string number, ReadOnlyMemory<byte> unread) : ISharedLine
{
    // A write that takes longer has filled the line: nothing else would pass either.
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _reading = new(1);
    private readonly SemaphoreSlim _writing = new(1);
    private ReadOnlyMemory<byte> _unread = unread;
    private int _isDisposed;

    /// <inheritdoc/>
    public Task Wanted { get; } = modem.Wanted;

    /// <inheritdoc/>
    public TimeSpan CharacterTime => line.CharacterTime;

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await _reading.WaitAsync(ct);
        try
        {
            ThrowIfEnded();
            if (!_unread.IsEmpty)
            {
                var count = Math.Min(buffer.Length, _unread.Length);
                _unread[..count].CopyTo(buffer);
                _unread = _unread[count..];
                return count;
            }

            using var either = ct.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(ct, _end.Token) : null;
            return await line.ReadAsync(buffer, either?.Token ?? _end.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Ended();
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            ThrowIfEnded();
            await line.WriteAsync(octets, ct);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        try
        {
            // From here on nobody else begins to read or write; who has begun is waited for.
            _end.Cancel();
            await _reading.WaitAsync();
            _reading.Release();
            if (!await _writing.WaitAsync(WriteLimit))
                return;
            _writing.Release();
            await dialogue.HangUpAsync();
        }
        finally
        {
            await line.DisposeAsync();
            modem.Free();
        }
    }

    private void ThrowIfEnded()
    {
        if (_end.IsCancellationRequested)
            throw Ended();
    }

    private LineException Ended() => new($"The call to {number} was ended by this program.");
}
