using Iec102.Acquisition.Ports;
using Iec102.Lines;
using Iec102.Protocol.Link;

namespace Iec102.Server.Commands.Probing;

/// <summary>
/// Finds the link addresses that answer on a line. Each is sent one request for its link status (FC9), without repeats, because most of
/// them are not in use. An answer names its address, so a late one is not mistaken for an answer of the address asked meanwhile.
/// <para>Some converters are deaf for a while after a connection: as long as the line is silent altogether, addresses that were asked
/// during that while are asked again.</para>
/// </summary>
internal sealed class LinkScan
{
    /// <summary>The most timeouts to listen for one address while the line keeps sending octets.</summary>
    private const int MostTimeouts = 3;

    private readonly ILine _line;
    private readonly TimeSpan _replyTimeout;
    private readonly TimeSpan _deafFor;
    private readonly TimeProvider _time;
    private readonly Reception _reception = new(_ => { });
    private readonly FrameReader _reader;
    private readonly byte[] _received = new byte[512];
    private readonly HashSet<ushort> _asked = [];
    private readonly SortedSet<ushort> _found = [];
    private bool _isSilent = true;

    /// <summary>A scan of a line.</summary>
    /// <param name="line">The line, just opened.</param>
    /// <param name="replyTimeout">How long to wait for an answer.</param>
    /// <param name="deafFor">How long the line may be deaf after it was opened.</param>
    /// <param name="time">The clock.</param>
    public LinkScan(ILine line, TimeSpan replyTimeout, TimeSpan deafFor, TimeProvider time)
    {
        (_line, _replyTimeout, _deafFor, _time) = (line, replyTimeout, deafFor, time);
        _reader = new FrameReader(_reception.OnDropped);
    }

    /// <summary>The addresses that have answered, ascending.</summary>
    public IReadOnlyCollection<ushort> Found => _found;

    /// <summary>Octets that belong to no frame: another line format, or another protocol.</summary>
    public long JunkOctets => _reader.JunkOctets;

    /// <summary>What came in place of answers, in words; null when that was nothing, or only noise.</summary>
    public string? Remark
    {
        get
        {
            _reception.EndPiece();
            return _reception.Fault is LineFault.Text or LineFault.Echo || _reception.HasSevenBits || _reception.SpeaksTelnet
                ? _reception.Remark().TrimStart(';', ' ')
                : null;
        }
    }

    /// <summary>Why the line was lost: what was said before may be the reason.</summary>
    public string Loss(LineException lost) => _reception.Loss(lost.Message);

    /// <summary>Asks the addresses, one after another.</summary>
    /// <param name="addresses">The addresses.</param>
    /// <param name="asking">Called with each address before it is asked.</param>
    /// <param name="ct">Stops the scan; <see cref="Found"/> keeps the addresses that have answered.</param>
    /// <exception cref="LineException">The line is lost.</exception>
    public async Task RunAsync(IEnumerable<ushort> addresses, Action<ushort> asking, CancellationToken ct)
    {
        var opened = _time.GetTimestamp();
        for (var waiting = addresses; _isSilent && waiting.Any();)
        {
            var early = new List<ushort>();
            ushort last = 0;
            foreach (var address in waiting)
            {
                asking(last = address);
                if (_time.GetElapsedTime(opened) < _deafFor)
                    early.Add(address);
                await AskAsync(address, ct);
            }

            if (!_found.Contains(last))
                await ListenAsync(last, TimeSpan.Zero, ct);
            waiting = early;
        }
    }

    private async Task AskAsync(ushort address, CancellationToken ct)
    {
        var frame = new byte[Frame.FixedLength];
        FrameWriter.WriteFixed(frame, ControlField.OfMaster(PrimaryFunction.RequestLinkStatus), address);
        _reader.Restart();
        _reception.EndPiece();
        _asked.Add(address);
        await _line.WriteAsync(frame, ct);
        await ListenAsync(address, frame.Length * _line.CharacterTime, ct);
    }

    /// <summary>Listens until the address has answered or must be considered not in use.</summary>
    /// <param name="address">The address.</param>
    /// <param name="sending">How long the request itself takes.</param>
    /// <param name="ct">Stops the scan.</param>
    private async Task ListenAsync(ushort address, TimeSpan sending, CancellationToken ct)
    {
        var began = _time.GetTimestamp();
        var until = sending + _replyTimeout;
        while (!_found.Contains(address) && until - _time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            if (await ReadAsync(left, ct) is not (> 0 and var count))
                return;
            _isSilent = false;
            Take(_received.AsSpan(0, count), address);
            // An answer is not late while it keeps arriving.
            if (_reader.InsideFrame)
                until = TimeSpan.FromTicks(
                    Math.Min((_time.GetElapsedTime(began) + _replyTimeout).Ticks, (sending + MostTimeouts * _replyTimeout).Ticks));
        }
    }

    private void Take(ReadOnlySpan<byte> octets, ushort address)
    {
        _reception.OnOctets(octets);
        while (_reader.TryRead(ref octets, out var frame))
        {
            _reception.OnFrame(frame);
            // Our own frames may be echoed, and another master may be heard.
            if (frame.Format == FrameFormat.SingleCharacter)
                _found.Add(address);
            else if (!frame.Control.IsPrimary && _asked.Contains(frame.LinkAddress))
                _found.Add(frame.LinkAddress);
        }
    }

    /// <summary>Reads the octets that arrive; 0 when none arrive in time.</summary>
    private async Task<int> ReadAsync(TimeSpan timeout, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            return await _line.ReadAsync(_received, either.Token) is > 0 and var count
                ? count
                : throw new LineException(LineException.Closed(_isSilent));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return 0;
        }
    }
}

/// <summary>
/// Hands out a line that is already open before it opens any other: many converters accept only one connection at a time.
/// </summary>
/// <param name="line">The open line.</param>
/// <param name="factory">Opens further lines.</param>
internal sealed class OpenLineFactory(ILine line, ILineFactory factory) : ILineFactory
{
    private ILine? _line = line;

    /// <inheritdoc/>
    public string Address => factory.Address;

    /// <inheritdoc/>
    public ValueTask<ILine> OpenAsync(CancellationToken ct) =>
        Interlocked.Exchange(ref _line, null) is { } open ? ValueTask.FromResult(open) : factory.OpenAsync(ct);
}
