using Iec102.Lines;
using Iec102.Protocol.Link;
using Iec102.Simulator.Faults;
using Iec102.Simulator.Meters;

namespace Iec102.Simulator.Lines;

/// <summary>
/// The meters at the end of one line. Any open line can be served. Each connection has its own frame reader, while the link layers, one for
/// each meter, remain across connections like those of real meters behind a converter. Every valid frame is offered to every meter, and the
/// one to which it is addressed answers. Callers that move the octets themselves use <see cref="Connect"/>.
/// <para>With a speed, an answer is delivered when request and answer would have passed the wire octet by octet; with faults, some answers
/// are lost or damaged.</para>
/// </summary>
public sealed class SimulatedLine
{
    private readonly Lock _lock = new();
    private readonly (SimulatedMeter Meter, LinkSlave Slave)[] _stations;
    private readonly WireTimer _timer;
    private readonly LinePace? _pace;
    private readonly FaultSource? _faults;
    private readonly LineBehaviour _behaviour;
    private LineCounts _counts = new(0, 0, 0, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes a line with meters that have different link addresses.</summary>
    /// <param name="id">The line's id in files.</param>
    /// <param name="meters">The meters.</param>
    /// <param name="timer">The clock for pace, delays and silences.</param>
    /// <param name="speed">Speed and format of the wire to imitate; null to answer at once.</param>
    /// <param name="faults">The faults of the line; none by default.</param>
    /// <param name="seed">Seed of the faults.</param>
    /// <param name="index">Distinguishes the faults of lines with the same seed.</param>
    /// <param name="behaviour">What the line does to every frame; nothing by default.</param>
    public SimulatedLine(
        string id, IReadOnlyList<SimulatedMeter> meters, WireTimer timer, LineFormat? speed = null,
        FaultPlan? faults = null, long seed = 0, int index = 0, LineBehaviour? behaviour = null)
    {
        _behaviour = behaviour ?? new LineBehaviour();
        Id = id;
        Meters = meters;
        _timer = timer;
        _stations = [.. meters.Select(meter => (meter, new LinkSlave(meter.Options.LinkAddress, meter)))];
        _pace = speed is { } format ? new LinePace(format) : null;
        _faults = faults is null ? null : new FaultSource(faults, seed, index);
    }

    /// <summary>The line's id.</summary>
    public string Id { get; }

    /// <summary>The meters on the line.</summary>
    public IReadOnlyList<SimulatedMeter> Meters { get; }

    /// <summary>
    /// Called at each request with the time since the last answer was handed over: this is how long the master left the wire idle.
    /// </summary>
    public Action<TimeSpan>? OnTurnaround { get; set; }

    /// <summary>The traffic of the line so far.</summary>
    public LineCounts Counts
    {
        get
        {
            lock (_lock)
                return _counts with { WireTime = _pace?.WireTime(_counts.OctetsIn + _counts.OctetsOut) ?? TimeSpan.Zero };
        }
    }

    /// <summary>Opens a new connection to the line, without pace and faults.</summary>
    public LineSession Connect()
    {
        lock (_lock)
            _counts = _counts with { Connections = _counts.Connections + 1 };
        return new LineSession(_behaviour, _timer, Offer);
    }

    /// <summary>
    /// Serves an open line until it is closed, lost or broken by a fault; the caller disposes it. Answers are sent in the order of their
    /// requests; octets that arrive while an answer is on its way wait, as in a meter.
    /// </summary>
    /// <exception cref="OperationCanceledException">Serving was cancelled.</exception>
    public async Task ServeAsync(ILine line, CancellationToken ct)
    {
        var session = Connect();
        var buffer = new byte[1024];
        var answered = default(TimeSpan?);
        try
        {
            while (await line.ReadAsync(buffer, ct) is var count and > 0)
            {
                if (answered is { } since)
                    OnTurnaround?.Invoke(_timer.Now - since);
                answered = null;
                foreach (var answer in AnswersTo(session, buffer.AsSpan(0, count)))
                {
                    var fate = await PassAsync(answer, ct);
                    if (fate.Disconnects)
                        return;
                    answered = _timer.Now;
                    await SendAsync(line, fate.Octets, ct);
                }
            }
        }
        catch (LineException)
        {
            // The line is gone; the master will connect again.
        }
    }

    private IReadOnlyList<byte[]> AnswersTo(LineSession session, Span<byte> received)
    {
        lock (_lock)
        {
            _pace?.Received(received.Length, _timer.Now);
            _faults?.DamageRequest(received);
            _counts = _counts with { OctetsIn = _counts.OctetsIn + received.Length };
        }

        return session.AnswersTo(received);
    }

    /// <summary>Offers a valid frame to every meter; returns the answer of the one to which it is addressed, empty for silence.</summary>
    private byte[] Offer(in Frame frame)
    {
        lock (_lock)
        {
            _counts = _counts with { FramesIn = _counts.FramesIn + 1 };
            if (_faults is { } faults && (faults.LosesRequest() | faults.IsSilent(_timer.Now)))
            {
                _counts = _counts with { Faults = _counts.Faults + 1 };
                return [];
            }

            byte[] answer = [];
            foreach (var (meter, slave) in _stations)
            {
                if (meter.IsSilent)
                    continue;
                var repeats = slave.Repeats;
                var octets = slave.OnFrame(frame);
                if (slave.LinkAddress == frame.LinkAddress)
                    meter.Counters.CountFrame(frame.Control, slave.Repeats > repeats);
                if (!octets.IsEmpty)
                    answer = meter.Behaviour.AcknowledgesBySingleOctet ? LineSession.Shortened(octets.Span) : octets.ToArray();
            }

            return answer;
        }
    }

    /// <summary>Waits for the time that an answer takes on the wire; returns the answer with its faults.</summary>
    private async Task<FaultyAnswer> PassAsync(byte[] answer, CancellationToken ct)
    {
        var fate = new FaultyAnswer(answer, TimeSpan.Zero, false);
        TimeSpan moment;
        lock (_lock)
        {
            fate = _faults?.Pass(answer) ?? fate;
            var faulty = fate.Disconnects || fate.Delay > TimeSpan.Zero || !fate.Octets.AsSpan().SequenceEqual(answer);
            _counts = _counts with { Faults = _counts.Faults + (faulty ? 1 : 0) };
            moment = _pace?.Send(answer.Length, fate.Delay, _timer.Now) ?? _timer.Now + fate.Delay;
        }

        await _timer.WaitUntilAsync(moment, ct);
        return fate;
    }

    private async Task SendAsync(ILine line, byte[] octets, CancellationToken ct)
    {
        lock (_lock)
            _pace?.Delivered(_timer.Now);
        if (octets.Length == 0)
            return;
        if (_behaviour.OctetByOctet)
        {
            for (var at = 0; at < octets.Length; at++)
                await line.WriteAsync(octets.AsMemory(at, 1), ct);
        }
        else
        {
            await line.WriteAsync(octets, ct);
        }

        lock (_lock)
            _counts = _counts with { FramesOut = _counts.FramesOut + 1, OctetsOut = _counts.OctetsOut + octets.Length };
    }
}
