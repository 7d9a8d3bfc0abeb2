using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Ports;

/// <summary>What a <see cref="Wire"/> needs its owner to do.</summary>
internal interface IWireOwner
{
    /// <summary>Sends a frame; it is valid during the call.</summary>
    void Transmit(ReadOnlyMemory<byte> frame);

    /// <summary>An ASDU has arrived for a run that streams its answers; valid during the call.</summary>
    void Stream(QueuedRequest queued, ReadOnlySpan<byte> asdu);

    /// <summary>A frame has gone out or come in, or octets that are no valid frame have come in; valid during the call.</summary>
    void Trace(bool sent, ReadOnlySpan<byte> octets);
}

/// <summary>
/// One line as the link layer sees it: octets go through one <see cref="FrameReader"/> to the <see cref="LinkMaster"/> of the run that has
/// the wire, and its frames go out. One run at a time; the end of a run is fetched with <see cref="TakeEnded"/>. Without clock or actor.
/// </summary>
internal sealed class Wire
{
    private readonly LinkTiming _timing;
    private readonly IWireOwner _owner;
    private FrameReader _reader;
    private long _junkOfEarlierLines;
    private long _checksumErrorsOfEarlierLines;
    private PortLink? _last;
    private Run? _ended;
    private TimeSpan _lastOctetAt;
    private TimeSpan _lastEndAt;
    private readonly LineUsers _users = new();

    public Wire(LinkTiming timing, IWireOwner owner)
    {
        _timing = timing;
        _owner = owner;
        Reception = new Reception(piece => owner.Trace(sent: false, piece));
        _reader = new FrameReader(Reception.OnDropped);
    }

    /// <summary>What has come since the last valid frame of the far end.</summary>
    public Reception Reception { get; }

    public RoundTrips RoundTrips { get; } = new();

    public Run? Running { get; private set; }

    public long FramesReceived { get; private set; }

    public long OctetsSent { get; private set; }

    public long OctetsReceived { get; private set; }

    public long JunkOctets => _junkOfEarlierLines + _reader.JunkOctets;

    public long ChecksumErrors => _checksumErrorsOfEarlierLines + _reader.ChecksumErrors;

    /// <summary>When <see cref="OnMoment"/> is to be called next, if nothing else happens before.</summary>
    public TimeSpan? NextMoment
    {
        get
        {
            TimeSpan? deadline = Running?.Link.Master.Deadline;
            deadline = Running?.CutAt < deadline ? Running.CutAt : deadline;
            if (!_reader.InsideFrame && !Reception.InsidePiece)
                return deadline;
            var gapEnds = _lastOctetAt + _timing.InterCharacterTimeout;
            return deadline < gapEnds ? deadline : gapEnds;
        }
    }

    /// <summary>How long runs for this have had the wire in total.</summary>
    public TimeSpan TimeOf(LineUser user, TimeSpan now) =>
        _users[user] + (Running is { } run && LineUsers.Of(run) == user ? now - run.BeganAt : TimeSpan.Zero);

    /// <summary>The octets that have gone out and come in since the run began.</summary>
    public long OctetsSince(Run run) => OctetsSent - run.OctetsSentBefore + OctetsReceived - run.OctetsReceivedBefore;

    /// <summary>No valid frame of the far end has come since the run began.</summary>
    public bool IsDeadSince(Run run) => Reception.FarEndFrames == run.FarEndFramesBefore;

    /// <summary>A new line is open: nothing of the earlier line concerns it.</summary>
    public void Reset()
    {
        _junkOfEarlierLines = JunkOctets;
        _checksumErrorsOfEarlierLines = ChecksumErrors;
        _reader = new FrameReader(Reception.OnDropped);
        Reception.LineOpened();
        _last = null;
    }

    /// <summary>
    /// When a link may be addressed: late answers of a link that was addressed before are waited for first. Its <see cref="LinkMaster"/>
    /// waits for the late answers of the link itself.
    /// </summary>
    public TimeSpan FreeAt(PortLink link)
    {
        if (_last is null || _last == link)
            return TimeSpan.Zero;
        var free = _lastEndAt + _timing.InterRequestDelay;
        return free > _last.Master.QuietUntil ? free : _last.Master.QuietUntil;
    }

    /// <summary>Gives the wire to a run.</summary>
    public void Begin(Run run, TimeSpan now)
    {
        var master = run.Link.Master;
        Running = run;
        _last = run.Link;
        run.BeganAt = now;
        run.OctetsSentBefore = OctetsSent;
        run.OctetsReceivedBefore = OctetsReceived;
        run.FarEndFramesBefore = Reception.FarEndFrames;
        run.StrayFramesBefore = master.Counters.StrayFrames;
        run.FramesReceivedBefore = master.Counters.FramesReceived;
        run.TimeoutsBefore = master.Counters.Timeouts;
        Reception.RunBegins();
        Handle(
            run.Request is { } request
                ? master.Begin(request, run.RestartsLink, now, run.Expires, run.SeriesTime)
                : master.BeginProbe(now),
            now);
    }

    /// <summary>Octets have arrived.</summary>
    public void OnOctets(ReadOnlySpan<byte> octets, TimeSpan now)
    {
        OctetsReceived += octets.Length;
        _lastOctetAt = now;
        Reception.OnOctets(octets);
        while (_reader.TryRead(ref octets, out var frame))
        {
            FramesReceived++;
            Reception.OnFrame(frame);
            _owner.Trace(sent: false, frame.Octets);
            if (_last is null)
                continue;
            var (run, answers) = (Running, _last.Master.Counters.FramesReceived);
            var events = _last.Master.OnFrame(frame, now);
            if (run is not null && _last.Master.Counters.FramesReceived > answers)
                RoundTrips.Add(now - run.LastSentAt, now);
            if (events.HasFlag(LinkEvents.Content))
                Keep(Running!, frame.Asdu, events);
            Handle(events, now);
            if (events.HasFlag(LinkEvents.Transmit))
            {
                // What arrived before our frame went out cannot answer it.
                _junkOfEarlierLines += octets.Length;
                return;
            }
        }

        if (_reader.InsideFrame)
            Running?.Link.Master.OnActivity(now);
    }

    /// <summary>Time has passed.</summary>
    public void OnMoment(TimeSpan now)
    {
        if (now - _lastOctetAt >= _timing.InterCharacterTimeout)
            EndFrame();
        if (Running?.IsToBeCut(now) == true)
            Cut(now);
        if (Running is { } run)
            Handle(run.Link.Master.OnDeadline(now), now);
    }

    /// <summary>Ends the running exchange at its next answer.</summary>
    public void Cut(TimeSpan now)
    {
        if (Running is { } run)
            Handle(run.Link.Master.Cut(now), now);
    }

    /// <summary>Takes the wire from the run at once; its link is down.</summary>
    public Run? Abort(TimeSpan now)
    {
        var run = Running;
        run?.Link.Master.Abort();
        Stop(now);
        return run;
    }

    /// <summary>The run that has ended since the last call, if any.</summary>
    public Run? TakeEnded()
    {
        var ended = _ended;
        _ended = null;
        return ended;
    }

    /// <summary>What has come of a frame stays incomplete.</summary>
    public void EndFrame()
    {
        if (_reader.InsideFrame)
            _reader.Restart();
        Reception.EndPiece();
    }

    private void Keep(Run run, ReadOnlySpan<byte> asdu, LinkEvents events)
    {
        if (run.Queued is { Request.Streams: true } streamed)
        {
            if (!run.IsForgotten)
                _owner.Stream(streamed, asdu);
        }
        else if (events.HasFlag(LinkEvents.Data))
        {
            run.Answers.Add(asdu.ToArray());
        }
    }

    private void Handle(LinkEvents events, TimeSpan now)
    {
        if (events.HasFlag(LinkEvents.Transmit))
            Transmit(Running!, now);
        if (!events.HasFlag(LinkEvents.Ended))
            return;
        Reception.EndPiece();
        _ended = Running;
        Stop(now);
    }

    private void Transmit(Run run, TimeSpan now)
    {
        var frame = run.Link.Master.Outgoing;
        _reader.Restart();
        Reception.EndPiece();
        run.FirstSentAt ??= now;
        run.LastSentAt = now;
        OctetsSent += frame.Length;
        _owner.Transmit(frame);
        _owner.Trace(sent: true, frame.Span);
    }

    private void Stop(TimeSpan now)
    {
        if (Running is { } run)
            _users.Add(run, now - run.BeganAt);
        Running = null;
        _lastEndAt = now;
    }
}
