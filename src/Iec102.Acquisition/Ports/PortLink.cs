using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Ports;

/// <summary>One link address on a port: its link master, the sessions that the port has to end, and whether it answers.</summary>
internal sealed class PortLink(ushort address, LinkTiming timing, Backoff probes)
{
    private static readonly TimeSpan FreshLink = TimeSpan.FromMinutes(2);

    /// <summary>Of so many probes one is repeated.</summary>
    private const int ProbesPerRepeat = 4;

    private readonly int _budget = timing.Retries + 1;

    // The measurement points whose logins were confirmed since the link was restarted: their sessions are ended with 187 before the line is
    // closed.
    private readonly SortedSet<ushort> _sessions = [];
    private int _pauses;
    private bool _isRepeating;
    private TimeSpan _usedAt;
    private long _unanswered;

    public ushort Address { get; } = address;

    public LinkMaster Master { get; } = new(address, timing);

    /// <summary>How fast this meter answers: one that is slow must not be measured by its neighbours, nor they by it.</summary>
    public RateMeter Rate { get; } = new(timing.CharacterTime);

    /// <summary>The measurement point whose session is to be ended next; null when there is none, or it cannot be ended.</summary>
    public ushort? SessionToEnd => Master.IsUp && _sessions.Count > 0 ? _sessions.Min : null;

    /// <summary>It has answered since the line was opened, and has not been demoted since.</summary>
    public bool KnownToAnswer { get; private set; }

    /// <summary>It has answered since this program began to use the port.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Why it was demoted, as its meters were told; null as long as it never was.</summary>
    public LinkStateChanged? Demotion { get; private set; }

    /// <summary>When the next probe is due; null while the link is not demoted.</summary>
    public TimeSpan? ProbeAt { get; private set; }

    public bool IsDemoted => ProbeAt is not null;

    /// <summary>
    /// More frames in a row than the budget allows have had no answer, counting exchanges that were given up before it was spent.
    /// </summary>
    public bool HasSpentBudget => _unanswered >= _budget;

    /// <summary>The link is up and in the epoch that a request names.</summary>
    public bool IsIn(int epoch) => Master.IsUp && Master.Epoch == epoch;

    /// <summary>
    /// A login restarts the link, except when another login has done so since the session it replaces and the link was used recently:
    /// otherwise two points behind one link would take it from each other for ever.
    /// </summary>
    public bool LoginRestarts(int replacedEpoch, TimeSpan now) =>
        !Master.IsUp || Master.Epoch == replacedEpoch || now - _usedAt > FreshLink;

    public void LineOpened(TimeSpan now, bool probeNow)
    {
        KnownToAnswer = false;
        if (!probeNow || !IsDemoted)
            return;
        NotAnswering();
        ProbeAt = now;
    }

    /// <summary>The link is no longer up, and its sessions are gone.</summary>
    public void GoDown()
    {
        Master.Abort();
        _sessions.Clear();
    }

    /// <summary>An exchange or a probe begins.</summary>
    public void Began(Run run)
    {
        if (run.RestartsLink)
            _sessions.Clear();
    }

    /// <summary>Takes note of how an exchange or a probe went.</summary>
    public void Ended(Run run, TimeSpan now)
    {
        if (Master.Counters.FramesReceived > run.FramesReceivedBefore)
        {
            KnownToAnswer = true;
            HasAnswered = true;
            _usedAt = now;
            _unanswered = 0;
        }
        else
        {
            // The last frame of an exchange that expired had no answer either.
            var expired = Master.Result.Outcome == ExchangeOutcome.Expired ? 1 : 0;
            _unanswered += Master.Counters.Timeouts - run.TimeoutsBefore + expired;
        }

        if (!Master.IsUp)
            _sessions.Clear();
        if (run.Request is { Header: var header })
            NoteSession(header, run);
    }

    /// <summary>It does not answer: from now on it is only probed.</summary>
    public void Demote(LinkStateChanged why, TimeSpan now)
    {
        Demotion = why;
        NotAnswering();
        ProbeLater(now);
    }

    public void ProbeNow(TimeSpan now)
    {
        if (IsDemoted)
            ProbeAt = now;
    }

    /// <summary>
    /// The next probe waits longer than the one before. Now and then a second one follows at once: some meters and optical heads only wake
    /// up at a first frame.
    /// </summary>
    public void ProbeLater(TimeSpan now)
    {
        _isRepeating = !_isRepeating && _pauses % ProbesPerRepeat == ProbesPerRepeat - 1;
        ProbeAt = _isRepeating ? now : now + probes.After(_pauses++);
    }

    /// <summary>It is no longer demoted: it has answered, or no meter has its address any more.</summary>
    public void EndProbes() => ProbeAt = null;

    private void NoteSession(AsduHeader request, Run run)
    {
        var isCompleted = Master.Result.Outcome == ExchangeOutcome.Completed;
        if (request.Type == TypeIdentification.Login && isCompleted)
            _sessions.Add(request.PointAddress);
        // Our own 187 is not repeated, whatever the meter answers.
        else if (request.Type == TypeIdentification.EndSession && (isCompleted || run.Queued is null))
            _sessions.Remove(request.PointAddress);
    }

    private void NotAnswering() => (KnownToAnswer, _unanswered, _pauses) = (false, 0, 0);
}
