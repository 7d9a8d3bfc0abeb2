using Iec102.Protocol.Application;
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

    /// <summary>A link was demoted, or answers again.</summary>
    void LinkChanged(ushort linkAddress, bool answers, TimeSpan? nextProbe);

    /// <summary>A demoted link was probed in vain.</summary>
    void LinkProbed(ushort linkAddress, TimeSpan nextProbe);
}

/// <summary>
/// Everything that happens on a port's wire, whatever line carries it: which request is next, login and epochs, demotion and probes, the
/// end of sessions when the port is released. Every call passes the moment; after each, <see cref="Advance"/> does what can be done now.
/// </summary>
internal sealed class PortExchanges(PortSettings settings, IExchangeHost host)
{
    private readonly PortLinks _links = new(settings.Timing);
    private readonly TurnQueue _queue = new();
    private readonly Wire _wire = new(settings.Timing, host);
    private readonly RateMeter _rate = new(settings.Timing.CharacterTime);
    private readonly HalfOpenWatch _halfOpen = new(settings.IsTcp);
    private bool _isOpen;
    private bool _probedLast;
    private bool _keepProbeTimes;
    private TimeSpan? _cutUntil;
    private TimeSpan _lastUsedAt;

    public PortLinks Links => _links;

    public Wire Wire => _wire;

    /// <summary>Why the line is to be closed and opened again although it has not failed; null when it is not.</summary>
    public string? SilentLine { get; private set; }

    /// <summary>Sessions are being ended; no new run begins.</summary>
    public bool IsReleasing { get; private set; }

    /// <summary>Every session that could be ended has been ended.</summary>
    public bool IsReleased => IsReleasing && _wire.Running is null && _links.NextSession() is null;

    /// <summary>A request waits, or a probe is due.</summary>
    public bool NeedsLine(TimeSpan now) => _queue.Count > 0 || NextProbeAt <= now;

    /// <summary>When a demoted link is to be probed next.</summary>
    public TimeSpan? NextProbeAt => _links.NextProbe()?.ProbeAt;

    /// <summary>No client has used the line or waited for it during the hold.</summary>
    public bool HoldIsOver(TimeSpan now) => HoldEnds <= now;

    /// <summary>
    /// When <see cref="Advance"/>, or the end of the hold, has something to do by itself; null when there is nothing to wait for.
    /// </summary>
    public TimeSpan? NextMoment
    {
        get
        {
            var moment = Earlier(_queue.NextExpiry, _wire.NextMoment);
            if (_wire.Running is not null)
                return Earlier(moment, _cutUntil);
            if (!_isOpen)
                return moment;
            if (IsReleasing)
                return _links.NextSession() is { } session ? Earlier(moment, _wire.FreeAt(session.Link)) : moment;
            if (_links.NextProbe() is { } probe)
                moment = Earlier(moment, Later(probe.ProbeAt!.Value, _wire.FreeAt(probe)));
            return Earlier(moment, _queue.Peek() is { } next ? _wire.FreeAt(_links[next.Request.LinkAddress]) : HoldEnds);
        }
    }

    private TimeSpan? HoldEnds => _isOpen && _queue.Count == 0 && _wire.Running?.Queued is null ? _lastUsedAt + settings.Hold : null;

    /// <summary>The line is open.</summary>
    public void LineOpened(TimeSpan now)
    {
        _wire.Reset();
        _halfOpen.LineOpened(now);
        _isOpen = true;
        _lastUsedAt = now;
        foreach (var link in _links.All)
            link.LineOpened(now, probeNow: !_keepProbeTimes);
        _keepProbeTimes = false;
    }

    /// <summary>The line is gone, and the sessions with it.</summary>
    /// <param name="error">
    /// Why it was lost: the running and the waiting requests fail. Null when it was closed in order: waiting requests go on waiting.
    /// </param>
    /// <param name="now">The moment.</param>
    public void LineClosed(string? error, TimeSpan now)
    {
        _isOpen = false;
        IsReleasing = false;
        SilentLine = null;
        _cutUntil = null;
        var running = _wire.Abort(now);
        foreach (var link in _links.All)
            link.GoDown();
        if (error is null)
            return;
        if (running?.Queued is { } queued)
            End(queued, ExchangeEnd.PortLost, error, now, running);
        FailWaiting(error, now);
    }

    /// <summary>Every waiting request fails with <see cref="ExchangeEnd.PortLost"/>.</summary>
    public void FailWaiting(string error, TimeSpan now) => EndAll(_queue.Remove(_ => true), ExchangeEnd.PortLost, error, now);

    /// <summary>A client's request: waits for its turn, or ends at once.</summary>
    public void Accept(QueuedRequest queued, TimeSpan now)
    {
        var link = _links[queued.Request.LinkAddress];
        if (link.IsDemoted && queued.Request.Class != RequestClass.OnDemand)
            End(queued, ExchangeEnd.NoAnswer, $"Link {link.Address} does not answer; it is being probed.", now);
        else if (!HasItsSession(queued, link))
            EndWithoutSession(queued, link, now);
        else
            _queue.Enqueue(queued);
    }

    /// <summary>A request arrives while there is no line: it fails at once.</summary>
    public void Refuse(QueuedRequest queued, string error, TimeSpan now) => End(queued, ExchangeEnd.PortLost, error, now);

    /// <summary>A request of a client is no longer wanted. Without an id, all requests of the client are dropped.</summary>
    public void Forget(string client, RequestId? id = null)
    {
        foreach (var waiting in _queue.Remove(IsMeant))
            host.Drop(waiting.Number);
        if (_wire.Running is not { Queued: { } running, IsForgotten: false } run || !IsMeant(running))
            return;
        run.IsForgotten = true;
        host.Drop(running.Number);

        bool IsMeant(QueuedRequest queued) => queued.Request.Client == client && (id is null || queued.Request.Id == id);
    }

    /// <summary>A demoted link is probed as soon as the wire is free.</summary>
    public void ProbeNow(ushort linkAddress, TimeSpan now) => _links[linkAddress].ProbeNow(now);

    /// <summary>Octets have arrived.</summary>
    public void OnOctets(ReadOnlySpan<byte> octets, TimeSpan now)
    {
        _halfOpen.OctetsArrived(now);
        _wire.OnOctets(octets, now);
    }

    /// <summary>
    /// Begins to end every session. The running exchange is cut at its next frame, which must arrive within one reply timeout.
    /// </summary>
    public void Release(TimeSpan now)
    {
        IsReleasing = true;
        if (_wire.Running is not { } run)
            return;
        _cutUntil = now + settings.Timing.ReplyTimeout;
        if (run.IsProbe)
            AbortRun(now);
        else
            _wire.Cut(now);
    }

    /// <summary>Does whatever can be done now.</summary>
    public void Advance(TimeSpan now)
    {
        EndAll(_queue.RemoveExpired(now), ExchangeEnd.Expired, "The timeout passed before the request had its turn on the line.", now);
        _wire.OnMoment(now);
        WatchForSilence(now);
        if (_cutUntil <= now && _wire.Running is not null)
            AbortRun(now);
        do
        {
            if (_wire.TakeEnded() is { } ended)
                Finish(ended, now);
        }
        while (_isOpen && SilentLine is null && _wire.Running is null && BeginNext(now));
    }

    /// <summary>Begins the next run, or ends a request that must not be sent; false when there is nothing to do now.</summary>
    private bool BeginNext(TimeSpan now)
    {
        if (IsReleasing)
        {
            return _links.NextSession() is { } session
                && Begin(Run.EndOfSession(session.Link, session.Point, now + settings.Timing.ReplyTimeout), now);
        }

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

        if (now < _wire.FreeAt(link))
            return false;
        _queue.Dequeue();
        return Begin(link.IsDemoted ? Run.Probe(link, next) : RunOf(next, link, now), now);
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
        Run.Of(
            queued, link, IsLogin(queued) && link.LoginRestarts(queued.Request.Epoch, now), _rate.TimeFor(queued.Request.Request), now,
            host.Now);

    private void Finish(Run run, TimeSpan now)
    {
        var link = run.Link;
        var outcome = link.Master.Result.Outcome;
        _cutUntil = null;
        link.Ended(run, now);
        if (run.Queued is { } charged)
            _queue.Charge(charged.Request.Class, now - run.BeganAt);
        if (run.IsProbe)
            FinishProbe(run, now);
        else if (run.Queued is { } queued)
            FinishRequest(run, queued, outcome, now);
        if (outcome == ExchangeOutcome.NoAnswer && _wire.IsSilentSince(run))
            CheckLine(run, now);
    }

    private void FinishRequest(Run run, QueuedRequest queued, ExchangeOutcome outcome, TimeSpan now)
    {
        var link = run.Link;
        _lastUsedAt = now;
        if (outcome is ExchangeOutcome.Completed or ExchangeOutcome.Refused)
            _rate.Add(_wire.OctetsSince(run), now - run.BeganAt);
        var end = ExchangeText.EndOf(outcome);
        End(queued, end, ExchangeText.Explain(run, settings.Timing), now, run);
        if (outcome == ExchangeOutcome.NoAnswer || link.HasSpentBudget)
            Demote(link, now);
    }

    private void Demote(PortLink link, TimeSpan now)
    {
        link.Demote(now);
        FailWaitingFor(link, now);
        host.LinkChanged(link.Address, answers: false, link.ProbeAt);
    }

    private void FailWaitingFor(PortLink link, TimeSpan now)
    {
        var waiting = _queue.Remove(queued => queued.Request.LinkAddress == link.Address);
        EndAll(waiting, ExchangeEnd.NoAnswer, $"Link {link.Address} does not answer.", now);
    }

    private void FinishProbe(Run run, TimeSpan now)
    {
        var link = run.Link;
        if (link.Master.Result.Outcome == ExchangeOutcome.Completed)
        {
            link.ProbeAnswered();
            host.LinkChanged(link.Address, answers: true, nextProbe: null);
            if (run is { Queued: { } waiting, IsForgotten: false })
                Begin(RunOf(waiting, link, now), now);
            return;
        }

        link.ProbeLater(now);
        host.LinkProbed(link.Address, link.ProbeAt!.Value);
        if (run.Queued is { } queued)
            End(queued, ExchangeEnd.NoAnswer, $"Link {link.Address} does not answer; it has just been probed.", now, run);
        FailWaitingFor(link, now);
    }

    /// <summary>No answer arrived, nor anything else on the line: perhaps the line is dead.</summary>
    private void CheckLine(Run run, TimeSpan now)
    {
        var anotherAnswers = _links.AnotherAnswers(run.Link);
        var condemned = run.IsProbe
            ? _halfOpen.CondemnsAfterProbe(anotherAnswers, now)
            : _halfOpen.CondemnsAfterTimeout(run.Link.Address) || _halfOpen.CondemnsAfterBudget(run.Link.Address, anotherAnswers);
        if (!condemned)
            return;
        SilentLine = $"No octet arrived during a whole exchange with link {run.Link.Address}; the connection may be half open.";
        _keepProbeTimes = run.IsProbe;
    }

    private void WatchForSilence(TimeSpan now)
    {
        if (_wire.Running is not { IsProbe: false } run || run.Link.Master.Counters.Timeouts == run.TimeoutsBefore)
            return;
        if (_halfOpen.CondemnsAfterTimeout(run.Link.Address))
            SilentLine = $"No octet arrived from link {run.Link.Address}, nor from another before it; the connection may be half open.";
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
    private static bool HasItsSession(QueuedRequest queued, PortLink link) => IsLogin(queued) || link.IsIn(queued.Request.Epoch);

    private static bool IsLogin(QueuedRequest queued) => queued.Request.Request.Header.Type == TypeIdentification.Login;

    private void EndWithoutSession(QueuedRequest queued, PortLink link, TimeSpan now) =>
        End(queued, ExchangeEnd.SessionLost, $"Link {link.Address} was restarted since the session was opened.", now);

    private void EndAll(IReadOnlyList<QueuedRequest> requests, ExchangeEnd end, string error, TimeSpan now)
    {
        foreach (var queued in requests)
            End(queued, end, error, now);
    }

    private void End(QueuedRequest queued, ExchangeEnd end, string? error, TimeSpan now, Run? run = null)
    {
        if (run is { IsForgotten: true })
            return;
        var master = _links[queued.Request.LinkAddress].Master;
        var refusal = end == ExchangeEnd.Refused ? master.Result : default;
        var epoch = end == ExchangeEnd.SessionLost ? queued.Request.Epoch : master.Epoch;
        var endedAt = host.Now;
        var startedAt = run?.FirstSentAt is { } sent ? endedAt - Duration.FromTimeSpan(now - sent) : endedAt;
        var roundTrip = run?.FirstSentAt is null ? TimeSpan.Zero : now - run.LastSentAt;
        host.Reply(queued.Number, new ExchangeEnded(
            queued.Request.Id, queued.Request.Request, end, refusal.Cause, refusal.IsNegative, epoch, run?.Answers ?? [], startedAt,
            endedAt, roundTrip, error, new LineRate(_rate.OctetsPerSecond, _queue.Count > 0),
            run?.FirstSentAt is null ? null : run.Request));
    }

    private static TimeSpan? Earlier(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b : a;

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
