namespace Iec102.Acquisition.Ports;

/// <summary>What a port has counted since it was started, and how that has changed in the last minutes.</summary>
internal sealed class PortFigures(TimeSpan startedAt)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The counts of the window after the times in use, which are in milliseconds.</summary>
    private static readonly int Frames = LineUsers.Count, Timeouts = Frames + 1, Damaged = Frames + 2, FailedConnects = Frames + 3;

    private readonly CountWindow _window = new(LineUsers.Count + 4, startedAt);
    private readonly long[] _totals = new long[LineUsers.Count + 4];

    /// <summary>The last minutes had neither use nor errors: what was last told stays as it is.</summary>
    public bool IsCalm { get; private set; } = true;

    /// <summary>The counters of this moment.</summary>
    /// <param name="exchanges">The exchanges, which have counted most of it.</param>
    /// <param name="reconnects">How often the line was opened again after it was lost.</param>
    /// <param name="failedConnects">How often the line could not be opened.</param>
    /// <param name="now">The moment.</param>
    public PortCounters Take(PortExchanges exchanges, long reconnects, long failedConnects, TimeSpan now)
    {
        var wire = exchanges.Wire;
        long sent = 0, repeats = 0, echoes = 0, timeouts = 0;
        foreach (var link in exchanges.Links.All)
        {
            var counters = link.Master.Counters;
            sent += counters.FramesSent;
            repeats += counters.Repeats;
            echoes += counters.Echoes;
            timeouts += counters.Timeouts;
        }

        for (var user = 0; user < LineUsers.Count; user++)
            _totals[user] = (long)wire.TimeOf((LineUser)user, now).TotalMilliseconds;
        (_totals[Frames], _totals[Timeouts], _totals[Damaged], _totals[FailedConnects]) =
            (sent, timeouts, wire.ChecksumErrors, failedConnects);
        _window.Take(_totals, now);
        var (use, use15m, errors) = (Use(Minute), Use(CountWindow.Longest), Errors());
        IsCalm = use15m.Total <= 0 && errors == new LineErrors(0, 0, 0, 0);
        return new PortCounters(
            sent, wire.FramesReceived, wire.OctetsSent, wire.OctetsReceived, repeats, wire.ChecksumErrors, wire.JunkOctets, echoes,
            timeouts, reconnects, use.Total, failedConnects, use15m.Total, wire.RoundTrips.Within(0.5)?.TotalMilliseconds,
            wire.RoundTrips.Within(0.99)?.TotalMilliseconds)
        {
            Use1m = use,
            Use15m = use15m,
            Errors15m = errors,
        };
    }

    private LineUse Use(TimeSpan of)
    {
        var span = _window.Span(of).TotalMilliseconds;
        return new LineUse(
            Share(LineUser.CurrentValues), Share(LineUser.Curves), Share(LineUser.Facts), Share(LineUser.Gateway),
            Share(LineUser.OnDemand), Share(LineUser.Port));

        double Share(LineUser user) => span > 0 ? Math.Clamp(_window.Growth((int)user, of) / span, 0, 1) : 0;
    }

    private LineErrors Errors() => new(
        _window.Growth(Frames, CountWindow.Longest), _window.Growth(Timeouts, CountWindow.Longest),
        _window.Growth(Damaged, CountWindow.Longest), _window.Growth(FailedConnects, CountWindow.Longest));
}
