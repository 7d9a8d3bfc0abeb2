using System.Diagnostics.CodeAnalysis;

namespace Iec102.Lines.Telnet;

/// <summary>
/// A line through a converter that speaks Telnet (RFC 854), if a format is given with RFC 2217: negotiates when it is opened, doubles 0xFF,
/// and takes commands out of what it reads.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing.")]
internal sealed class TelnetLine : ILine
{
    private const int ChunkSize = 512;

    // More than any far end that takes its answers leaves unread.
    private const int MostUnsentReplies = 4096;

    private readonly ILine _line;
    private readonly string _name;
    private readonly TelnetSession _session;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly byte[] _doubled = new byte[2 * ChunkSize];
    private Memory<byte> _unread;
    private int _unsentReplies;

    private TelnetLine(ILine line, string name, LineFormat? format)
    {
        (_line, _name) = (line, name);
        _session = new TelnetSession(format);
        CharacterTime = format?.CharacterTime ?? TimeSpan.Zero;
    }

    /// <inheritdoc/>
    public TimeSpan CharacterTime { get; }

    /// <summary>Negotiates on a connection; on failure it is left open.</summary>
    /// <param name="line">The connection, just opened.</param>
    /// <param name="name">The far end, for messages.</param>
    /// <param name="format">What to set the far end's serial line to; null to leave it as it is.</param>
    /// <param name="timeout">How long the negotiation may take.</param>
    /// <param name="time">The clock that times it.</param>
    /// <param name="ct">Gives it up.</param>
    /// <exception cref="LineException">The far end refuses what is needed, does not answer in time, or is lost.</exception>
    public static async Task<ILine> OpenAsync(
        ILine line, string name, LineFormat? format, TimeSpan timeout, TimeProvider time, CancellationToken ct)
    {
        var opened = new TelnetLine(line, name, format);
        using var patience = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await opened.NegotiateAsync(either.Token);
            return opened;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new LineException($"{name} {opened._session.Unanswered} (waited for {timeout.TotalSeconds:0.###} s).");
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!_unread.IsEmpty)
        {
            var early = Math.Min(buffer.Length, _unread.Length);
            _unread[..early].CopyTo(buffer);
            _unread = _unread[early..];
            return early;
        }

        while (true)
        {
            if (_session.Failure is { } failure)
                throw new LineException($"{_name} {failure}.");
            var count = await _line.ReadAsync(buffer, ct);
            if (count == 0)
                return 0;
            var data = _session.Receive(buffer.Span[..count]);
            if (_session.TakeReplies() is { Length: > 0 } replies)
                Reply(replies);
            if (data > 0)
                return data;
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            if (!octets.Span.Contains(TelnetCode.Command))
            {
                await _line.WriteAsync(octets, ct);
                return;
            }

            for (; !octets.IsEmpty; octets = octets[Math.Min(ChunkSize, octets.Length)..])
                await _line.WriteAsync(Double(octets.Span[..Math.Min(ChunkSize, octets.Length)]), ct);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void DropUnsent() => _line.DropUnsent();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _line.DisposeAsync();

    private async Task NegotiateAsync(CancellationToken ct)
    {
        var received = new byte[ChunkSize];
        var early = new byte[ChunkSize];
        await _line.WriteAsync(_session.TakeReplies(), ct);
        while (!_session.IsReady)
        {
            if (_session.Failure is { } failure)
                throw new LineException($"{_name} {failure}.");
            var count = await _line.ReadAsync(received, ct);
            if (count == 0)
                throw new LineException($"{_name} closed the connection during the Telnet negotiation; check that no other program holds "
                    + "the converter.");
            var data = _session.Receive(received.AsSpan(0, count));
            // What arrives before the first request answers nothing; a little of it is kept for whoever wants to know what it says.
            data = Math.Min(data, early.Length - _unread.Length);
            received.AsSpan(0, data).CopyTo(early.AsSpan(_unread.Length));
            _unread = early.AsMemory(0, _unread.Length + data);
            await _line.WriteAsync(_session.TakeReplies(), ct);
        }
    }

    private ReadOnlyMemory<byte> Double(ReadOnlySpan<byte> octets)
    {
        var length = 0;
        foreach (var octet in octets)
        {
            if (octet == TelnetCode.Command)
                _doubled[length++] = TelnetCode.Command;
            _doubled[length++] = octet;
        }

        return _doubled.AsMemory(0, length);
    }

    /// <summary>Answers without waiting: a far end that takes nothing must not hold up what it sends.</summary>
    private void Reply(byte[] replies)
    {
        if (Interlocked.Add(ref _unsentReplies, replies.Length) > MostUnsentReplies)
            throw new LineException($"{_name} negotiates Telnet options but takes no answers; check that it is a serial converter.");
        _ = ReplyAsync(replies);
    }

    private async Task ReplyAsync(byte[] replies)
    {
        await _writing.WaitAsync();
        try
        {
            await _line.WriteAsync(replies, CancellationToken.None);
        }
        catch (LineException)
        {
            // Whoever reads is told that the line is lost.
        }
        finally
        {
            _writing.Release();
            Interlocked.Add(ref _unsentReplies, -replies.Length);
        }
    }
}
