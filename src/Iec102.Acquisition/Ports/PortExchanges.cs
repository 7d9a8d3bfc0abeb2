using Iec102.Protocol.Link;
using NodaTime;

namespace Iec102.Acquisition.Ports;

/// <summary>What <see cref="PortExchanges"/> needs the port to do.</summary>
internal interface IExchangeHost : IWireOwner
{
    /// <summary>The wall clock.</summary>
    Instant Now { get; }

    /// <summary>Reports the end of a request to whoever asked. Every request ends once, with this or with <see cref="Drop"/>.</summary>
    void Reply(long number, ExchangeEnded ended);

    /// <summary>A request is no longer wanted: its end is not reported.</summary>
    void Drop(long number);

    /// <summary>Whether meters with other link addresses use this line too.</summary>
    bool IsShared(ushort linkAddress);

    /// <summary>A link was demoted, or answers again.</summary>
    void LinkChanged(LinkStateChanged changed, TimeSpan? nextProbe);

    /// <summary>A demoted link was probed in vain.</summary>
    void LinkProbed(ushort linkAddress, TimeSpan nextProbe);
}

/// <summary>
/// Everything that happens on a port's wire, whatever line carries it: which request is next, login and epochs, demotion and probes, the
/// end of sessions when the port is released. Every call passes the moment; after each, <see cref="Advance"/> does what can be done now.
/// </summary>
internal sealed class PortExchanges
{
    private readonly PortSettings _settings;
    private readonly IExchangeHost _host;
    private readonly PortLinks _links;
    private readonly TurnQueue _queue = new();
    private readonly Wire _wire;
    private readonly LineWatch _watch;
    private bool _isOpen;
    private bool _probedLast;
    private bool _keepProbeTimes;
    private TimeSpan? _cutUntil;

    public PortExchanges(PortSettings settings, IExchangeHost host)
    {
        _settings = settings;
        _host = host;
        _links = new PortLinks(settings.Timing, settings.Probes);
        Hold = new LineHold(settings);
        _wire = new Wire(settings.Timing, host);
        _watch = new LineWatch(
            reopensWhenSilent: settings.IsTcp || settings.MaxCall is not null, settings.Timing.Retries + 1, _wire.Reception);
    }

    public PortLinks Links => _links;

    public Wire Wire => _wire;

    /// <summary>How long the open line is kept.</summary>
    public LineHold Hold { get; }

    /// <summary>Why the line is to be closed and opened again although it has not failed; null when it is not.</summary>
    public GivenUpLine? GivenUp => _watch.GivenUp;

    /// <summary>Sessions are being ended; no new run begins.</summary>
    public bool IsReleasing { get; private set; }

    /// <summary>Every session that could be ended has been ended.</summary>
    public bool IsReleased => IsReleasing && _wire.Running is null && _links.NextSession() is null;

    /// <summary>A request waits, or a probe is due.</summary>
    public bool NeedsLine(TimeSpan now) => _queue.Count > 0 || NextProbeAt <= now;

    /// <summary>The far end has hung up when nothing was left to do: that is no failure, and calling again would be for nothing.</summary>
    public bool HasUnusedCallEnded(TimeSpan now) => _settings.MaxCall is not null && GivenUp is { IsLost: true } && !NeedsLine(now)
        && (IsReleasing || _wire.Running is null);

    /// <summary>When a demoted link is to be probed next.</summary>
    public TimeSpan? NextProbeAt => _links.NextProbe()?.ProbeAt;

    /// <summary>No client has used the line or waited for it during the hold, or others must have its modem now.</summary>
    public bool HoldIsOver(TimeSpan now) => HoldEnds <= now || (_isOpen && Hold.MustYield(now));

    /// <summary>
    /// When <see cref="Advance"/>, or the end of the hold, has something to do by itself; null when there is nothing to wait for.
    /// </summary>
    public TimeSpan? NextMoment
    {
        get
        {
            var moment = Moments.Earlier(_queue.NextExpiry, _wire.NextMoment);
            if (_wire.Running is not null)
                return Moments.Earlier(moment, _cutUntil);
            if (!_isOpen)
                return moment;
            if (IsReleasing)
                return _links.NextSession() is { } session ? Moments.Earlier(moment, _wire.FreeAt(session.Link)) : moment;
            if (_links.NextProbe() is { } probe)
                moment = Moments.Earlier(moment, Moments.Later(probe.ProbeAt!.Value, _wire.FreeAt(probe)));
            return _queue.Peek() is not { } next
                ? Moments.Earlier(moment, HoldEnds)
                : Moments.Earlier(moment, Moments.Later(_wire.FreeAt(_links[next.Request.LinkAddress]), _queue.EarliestTurn(next)));
        }
    }

    private TimeSpan? HoldEnds => _isOpen && _queue.Count == 0 && _wire.Running?.Queued is null ? Hold.IdleEnds : null;

    /// <summary>The line is open.</summary>
    public void LineOpened(TimeSpan now)
    {
        _wire.Reset();
        _watch.LineOpened(now);
        _isOpen = true;
        Hold.LineOpened(now);
        // A line is often opened, or called, for the probe of a link that has long been silent: it must not begin anew with short pauses.
        foreach (var link in _links.All)
            link.LineOpened(now, probeNow: !_keepProbeTimes && _settings.MaxCall is null);
        _keepProbeTimes = false;
    }

    /// <summary>The line is gone, and the sessions with it.</summary>
    /// <param name="error">
    /// Why it was lost: the running and the waiting requests fail. Null when it was closed in order: waiting requests go on waiting.
    /// </param>
    /// <param name="now">The moment.</param>
    /// <param name="fault">What <paramref name="error"/> says, for programs.</param>
    public void LineClosed(string? error, TimeSpan now, LineFault fault = LineFault.None)
    {
        _isOpen = false;
        IsReleasing = false;
        _watch.LineClosed();
        _cutUntil = null;
        var running = _wire.Abort(now);
        foreach (var link in _links.All)
            link.GoDown();
        _keepProbeTimes |= error is null;
        if (error is null)
            return;
        if (running?.Queued is { } queued)
            End(queued, ExchangeEnd.PortLost, error, now, running, fault);
        FailWaiting(error, now, fault);
    }

    /// <summary>Every waiting request fails with <see cref="ExchangeEnd.PortLost"/>.</summary>
    public void FailWaiting(string error, TimeSpan now, LineFault fault = LineFault.None) =>
        EndAll(_queue.Remove(_ => true), ExchangeEnd.PortLost, error, now, fault);

    /// <summary>A client's request: waits for its turn, or ends at once.</summary>
    public void Accept(QueuedRequest queued, TimeSpan now)
    {
        var link = _links[queued.Request.LinkAddress];
        if (link is { IsDemoted: true, Demotion: { } why } && queued.Request.Class != RequestClass.OnDemand)
            End(queued, ExchangeEnd.NoAnswer, $"{why.Error} It is being probed.", now, fault: why.Fault);
        else if (!HasItsSession(queued, link))
            EndWithoutSession(queued, link, now);
        else
            _queue.Enqueue(queued);
    }

    /// <summary>A request arrives while there is no line: it fails at once.</summary>
    public void Refuse(QueuedRequest queued, string error, LineFault fault, TimeSpan now) =>
        End(queued, ExchangeEnd.PortLost, error, now, fault: fault);

    /// <summary>
    /// A request of a client is no longer wanted. Without an id, all requests of the client are dropped. One that is running may end, but
    /// is cut after <see cref="Run.DrainTime"/>.
    /// </summary>
    public void Forget(string client, TimeSpan now, RequestId? id = null)
    {
        foreach (var waiting in _queue.Remove(IsMeant))
            _host.Drop(waiting.Number);
        if (_wire.Running is not { Queued: { } running, IsForgotten: false } run || !IsMeant(running))
            return;
        run.Forget(now);
        _host.Drop(running.Number);

        bool IsMeant(QueuedRequest queued) => queued.Request.Client == client && (id is null || queued.Request.Id == id);
    }

    /// <summary>A demoted link is probed as soon as the wire is free.</summary>
    public void ProbeNow(ushort linkAddress, TimeSpan now) => _links[linkAddress].ProbeNow(now);

    /// <summary>Octets have arrived.</summary>
    /// <returns>Whether they held a valid frame of the far end.</returns>
    public bool OnOctets(ReadOnlySpan<byte> octets, TimeSpan now)
    {
        var before = _wire.Reception.FarEndFrames;
        _wire.OnOctets(octets, now);
        if (_wire.Reception.FarEndFrames == before)
            return false;
        _watch.FarEndSpoke(now);
        return true;
    }

    /// <summary>
    /// Begins to end every session. The running exchange is cut at its next frame, which must arrive within one reply timeout.
    /// </summary>
    public void Release(TimeSpan now)
    {
        IsReleasing = true;
        if (_wire.Running is not { } run)
            return;
        _cutUntil = now + _settings.Timing.ReplyTimeout;
        if (run.IsProbe)
            AbortRun(now);
        else
            _wire.Cut(now);
    }

    /// <summary>Does whatever can be done now.</summary>
    public void Advance(TimeSpan now)
    {
        EndAll(_queue.RemoveExpired(now), ExchangeEnd.Expired, ExchangeText.Expired(_isOpen), now);
        _wire.OnMoment(now);
        _watch.Listen(_wire.Running);
        if (_cutUntil <= now && _wire.Running is not null)
            AbortRun(now);
        do
        {
            if (_wire.TakeEnded() is { } ended)
                Finish(ended, now);
        }
        while (_isOpen && GivenUp is null && _wire.Running is null && BeginNext(now));
    }

    /// <summary>Begins the next run, or ends a request that must not be sent; false when there is nothing to do now.</summary>
    private bool BeginNext(TimeSpan now)
    {
        if (IsReleasing)
        {
            return _links.NextSession() is { } session
                && Begin(Run.EndOfSession(session.Link, session.Point, now + _settings.Timing.ReplyTimeout), now);
        }

        if (Hold.MustYield(now))
            return false;
        var next = _queue.Peek();
        if (_links.NextProbe() is { } due && due.ProbeAt <= now && (next is null ? !HoldIsOver(now) : !_probedLast))
            return Begin(Run.Probe(due, waiting: null), now);
        if (next is null)
            return false;
        var link = _links[next.Request.LinkAddress];
        if (!HasItsSession(next, link))
        {
            EndWithoutSession(_queue.Dequeue(), link, now);
            return true;
        }

        if (now < _wire.FreeAt(link) || now < _queue.EarliestTurn(next))
            return false;
        _queue.Dequeue();
        // A wrong link address must not hold up the other meters of the line for a whole budget.
        var isAskedBriefly = link.IsDemoted || !link.HasAnswered && _host.IsShared(link.Address);
        return Begin(isAskedBriefly ? Run.Probe(link, next) : RunOf(next, link, now), now);
    }

    private bool Begin(Run run, TimeSpan now)
    {
        if (now < _wire.FreeAt(run.Link))
            return false;
        _probedLast = run.IsProbe;
        run.Link.Began(run);
        _wire.Begin(run, now);
        return true;
    }

    private Run RunOf(QueuedRequest queued, PortLink link, TimeSpan now) =>
        Run.Of(queued, link, queued.IsLogin && link.LoginRestarts(queued.Request.Epoch, now), now, _host.Now);

    private void Finish(Run run, TimeSpan now)
    {
        var link = run.Link;
        var outcome = link.Master.Result.Outcome;
        _cutUntil = null;
        link.Ended(run, now);
        var isSilent = outcome == ExchangeOutcome.NoAnswer || link.HasSpentBudget;
        if (run.Queued is { } charged)
            _queue.Charge(charged.Request.Class, now - run.BeganAt);
        if (run.IsProbe)
            FinishProbe(run, now);
        else if (run.Queued is { } queued)
            FinishRequest(run, queued, outcome, now);
        if (!isSilent || !_wire.IsDeadSince(run))
            return;
        _watch.Unanswered(link.Address, run.IsProbe, _links.AnotherAnswers(link), now);
        _keepProbeTimes = run.IsProbe && GivenUp is not null;
    }

    private void FinishRequest(Run run, QueuedRequest queued, ExchangeOutcome outcome, TimeSpan now)
    {
        var link = run.Link;
        Hold.Used(now);
        _queue.Ended(queued.Request.Class, now);
        if (outcome is ExchangeOutcome.Completed or ExchangeOutcome.Refused)
            link.Rate.Add(_wire.OctetsSince(run), now - run.BeganAt);
        var error = ExchangeText.Explain(run, _settings.Timing, _wire.Reception);
        End(queued, ExchangeText.EndOf(outcome), error, now, run, ExchangeText.FaultOf(run, _wire.Reception));
        if (outcome == ExchangeOutcome.NoAnswer || link.HasSpentBudget)
            Demote(link, error!, now);
    }

    private void Demote(PortLink link, string error, TimeSpan now)
    {
        link.Demote(new LinkStateChanged(link.Address, Answers: false) { Error = error, Fault = _wire.Reception.Fault }, now);
        FailWaitingFor(link, now);
        _host.LinkChanged(link.Demotion!, link.ProbeAt);
    }

    private void FailWaitingFor(PortLink link, TimeSpan now)
    {
        var waiting = _queue.Remove(queued => queued.Request.LinkAddress == link.Address);
        EndAll(waiting, ExchangeEnd.NoAnswer, link.Demotion!.Error, now, link.Demotion.Fault);
    }

    private void FinishProbe(Run run, TimeSpan now)
    {
        var link = run.Link;
        if (link.Master.Result.Outcome == ExchangeOutcome.Completed)
        {
            if (link.IsDemoted)
            {
                link.EndProbes();
                _host.LinkChanged(new LinkStateChanged(link.Address, Answers: true), nextProbe: null);
            }

            if (run is { Queued: { } waiting, IsForgotten: false })
                Begin(RunOf(waiting, link, now), now);
            return;
        }

        var error = ExchangeText.ExplainProbe(link, _settings.Timing, _wire.Reception);
        if (run.Queued is { } queued)
            End(queued, ExchangeEnd.NoAnswer, error, now, run, _wire.Reception.Fault);
        if (!link.IsDemoted)
        {
            // A probe that nobody waits for was of a link whose meter has been removed meanwhile.
            if (run.Queued is not null)
                Demote(link, error, now);
            return;
        }

        link.ProbeLater(now);
        _host.LinkProbed(link.Address, link.ProbeAt!.Value);
        FailWaitingFor(link, now);
    }

    private void AbortRun(TimeSpan now)
    {
        var run = _wire.Abort(now)!;
        run.Link.GoDown();
        _cutUntil = null;
        if (run.Queued is { } queued)
            End(queued, ExchangeEnd.PortLost, ExchangeText.Released, now, run);
    }

    /// <summary>Requests other than a login belong to a session.</summary>
    private static bool HasItsSession(QueuedRequest queued, PortLink link) => queued.IsLogin || link.IsIn(queued.Request.Epoch);

    private void EndWithoutSession(QueuedRequest queued, PortLink link, TimeSpan now) =>
        End(queued, ExchangeEnd.SessionLost, $"Link {link.Address} was restarted since the session was opened.", now);

    private void EndAll(
        IReadOnlyList<QueuedRequest> requests, ExchangeEnd end, string? error, TimeSpan now, LineFault fault = LineFault.None)
    {
        foreach (var queued in requests)
            End(queued, end, error, now, fault: fault);
    }

    private void End(
        QueuedRequest queued, ExchangeEnd end, string? error, TimeSpan now, Run? run = null, LineFault fault = LineFault.None)
    {
        if (run is { IsForgotten: true })
            return;
        var link = _links[queued.Request.LinkAddress];
        var rate = new LineRate(link.Rate.OctetsPerSecond, _queue.Count > 0);
        var ended = ExchangeText.Ended(queued.Request, end, error, link.Master, run, now, _host.Now, rate);
        _host.Reply(queued.Number, ended with { Fault = fault });
    }
}
