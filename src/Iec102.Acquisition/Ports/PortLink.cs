using Iec102.Protocol.Link;


namespace Iec102.Acquisition.Ports;

/// <summary>One link address on a port: its link master, its sessions, and whether it answers.</summary>
internal sealed class PortLink(ushort address, LinkTiming timing)
{
    private static readonly TimeSpan FirstProbe = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestProbe = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FreshLink = TimeSpan.FromMinutes(2);

    private readonly int _budget = timing.Retries + 1;
    private TimeSpan _probeInterval;
    private TimeSpan _usedAt;
    private long _unanswered;

    public ushort Address { get; } = address;

    public LinkMaster Master { get; } = new(address, timing);

    /// <summary>The measurement points with an open session, in order.</summary>
    public SortedSet<ushort> Sessions { get; } = [];

    /// <summary>It has answered since the line was opened, and has not been demoted since.</summary>
    public bool KnownToAnswer { get; private set; }

    /// <summary>When the next probe is due; null while the link is not demoted.</summary>
    public TimeSpan? ProbeAt { get; private set; }

    public bool IsDemoted => ProbeAt is not null;

    /// <summary>More frames in a row than a budget allows have had no answer, counted over exchanges that were given up before it was spent.</summary>
    public bool HasSpentBudget => _unanswered >= _budget;

    /// <summary>The link is up and in the epoch that a request names.</summary>
    public bool IsIn(int epoch) => Master.IsUp && Master.Epoch == epoch;

    /// <summary>
    /// A login restarts the link, unless somebody else has done so since the session it replaces, and the link has been used lately. Else two
    /// points behind one link would take the link from each other for ever.
    /// </summary>
    public bool LoginRestarts(int replacedEpoch, TimeSpan now) => !Master.IsUp || Master.Epoch == replacedEpoch || now - _usedAt > FreshLink;

    public void LineOpened(TimeSpan now, bool probeNow)
    {
        KnownToAnswer = false;
        if (probeNow && IsDemoted)
            Demote(now, TimeSpan.Zero);
    }

    public void LineClosed()
    {
        Master.Abort();
        Sessions.Clear();
    }

    /// <summary>Takes note of how an exchange or a probe went.</summary>
    public void Ended(Run run, TimeSpan now)
    {
        if (Master.Counters.FramesReceived > run.FramesReceivedBefore)
        {
            KnownToAnswer = true;
            _usedAt = now;
            _unanswered = 0;
        }
        else
        {
            // The last frame of an exchange that expired waited for its answer too.
            var expired = Master.Result.Outcome == ExchangeOutcome.Expired ? 1 : 0;
            _unanswered += Master.Counters.Timeouts - run.TimeoutsBefore + expired;
        }

        if (!Master.IsUp)
            Sessions.Clear();
    }

    public void Demote(TimeSpan now) => Demote(now, FirstProbe);

    public void ProbeNow(TimeSpan now)
    {
        if (IsDemoted)
            ProbeAt = now;
    }

    public void ProbeFailed(TimeSpan now)
    {
        _probeInterval = _probeInterval + _probeInterval < LongestProbe ? _probeInterval + _probeInterval : LongestProbe;
        ProbeAt = now + _probeInterval;
    }

    public void ProbeAnswered() => ProbeAt = null;

    private void Demote(TimeSpan now, TimeSpan firstProbe)
    {
        KnownToAnswer = false;
        _unanswered = 0;
        // After a probe at once the intervals grow from the first one on.
        _probeInterval = firstProbe > TimeSpan.Zero ? firstProbe : FirstProbe / 2;
        ProbeAt = now + firstProbe;
    }
}
