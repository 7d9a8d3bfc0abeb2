using Iec102.Lines;
using Iec102.Protocol;

namespace Iec102.Simulator;

/// <summary>
/// The meters at the end of one line. Any open line can be served; each connection has a frame reader of its own, while the link layers, one for each meter,
/// outlive it, as those of real meters behind a converter do. Every good frame is offered to every meter and answered by the one it is addressed to. Whoever
/// moves the octets himself takes a <see cref="Connect"/>ion.
/// <para>With a speed, an answer leaves when request and answer would have passed the wire octet by octet; with faults, some of it goes wrong.</para>
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

    /// <summary>A line with meters of different link addresses.</summary>
    /// <param name="id">Its id in files.</param>
    /// <param name="meters">The meters.</param>
    /// <param name="timer">The clock of pace, delays and silences.</param>
    /// <param name="speed">Speed and format of the wire that is imitated; none answers at once.</param>
    /// <param name="faults">What goes wrong; nothing when not given.</param>
    /// <param name="seed">Seed of the faults.</param>
    /// <param name="index">Tells the faults of lines with the same seed apart.</param>
    /// <param name="behaviour">What it does to every frame; nothing when not given.</param>
    public SimulatedLine(
        string id, IReadOnlyList<SimulatedMeter> meters, WireTimer timer, LineFormat? speed = null, FaultPlan? faults = null, long seed = 0, int index = 0,
        LineBehaviour? behaviour = null)
    {
        _behaviour = behaviour ?? new LineBehaviour();
        Id = id;
        Meters = meters;
        _timer = timer;
        _stations = [.. meters.Select(meter => (meter, new LinkSlave(meter.Options.LinkAddress, meter)))];
        _pace = speed is { } format ? new LinePace(format) : null;
        _faults = faults is null ? null : new FaultSource(faults, seed, index);
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>The meters on it.</summary>
    public IReadOnlyList<SimulatedMeter> Meters { get; }

    /// <summary>
    /// Called at each request with the time from the handing over of the last answer to the arrival of the request: how long the master let the wire lie idle.
    /// </summary>
    public Action<TimeSpan>? OnTurnaround { get; set; }

    /// <summary>What passed over it.</summary>
    public LineCounts Counts
    {
        get
        {
            lock (_lock)
                return _counts with { WireTime = _pace?.WireTime(_counts.OctetsIn + _counts.OctetsOut) ?? TimeSpan.Zero };
        }
    }

    /// <summary>A new connection to the line, without pace and faults.</summary>
    public LineSession Connect()
    {
        lock (_lock)
            _counts = _counts with { Connections = _counts.Connections + 1 };
        return new LineSession(_behaviour, _timer, Offer);
    }

    /// <summary>
    /// Serves an open line until it is closed, lost or broken by a fault; the caller disposes it. Answers leave in the order of their requests; while one is on
    /// its way, what comes in waits, as it does in a meter.
    /// </summary>
    /// <exception cref="OperationCanceledException">Serving was given up.</exception>
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
            // The line is gone; the master will come back.
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

    /// <summary>Offers a good frame to every meter; answers what the one it is for sends, empty for silence.</summary>
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

    /// <summary>Lets the time pass that an answer needs on the wire; answers what has become of it there.</summary>
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
