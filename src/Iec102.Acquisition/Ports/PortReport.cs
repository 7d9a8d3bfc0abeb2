using NodaTime;

namespace Iec102.Acquisition.Ports;

/// <summary>What operators are shown of a port: each new state at once, and its counters at most once a second.</summary>
internal sealed class PortReport(PortSettings settings, string address, TimeSpan startedAt)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private Instant _since;
    private TimeSpan _toldAt;
    private bool _hasCounted;

    public PortState State { get; private set; } = PortState.Closed;

    /// <summary>The last error of the line; null before the first.</summary>
    public string? LastError { get; private set; }

    /// <summary>When the counters are to be reported; null while they are as last reported.</summary>
    public TimeSpan? DueAt => _hasCounted ? _toldAt + Every : null;

    /// <summary>The port has changed its state.</summary>
    public void Enter(PortState state, string? error, Instant now) => (State, LastError, _since) = (state, error ?? LastError, now);

    /// <summary>The counters have changed.</summary>
    public void Count() => _hasCounted = true;

    /// <summary>The status of this moment, to be sent at once.</summary>
    public PortStatus Take(PortExchanges exchanges, long reconnects, TimeSpan now)
    {
        (_hasCounted, _toldAt) = (false, now);
        return new PortStatus(settings.Id, settings.Kind, address, State, _since, LastError, Counters(exchanges, reconnects, now));
    }

    private PortCounters Counters(PortExchanges exchanges, long reconnects, TimeSpan now)
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

        var busy = now > startedAt ? wire.BusyTime(now) / (now - startedAt) : 0;
        return new PortCounters(
            sent, wire.FramesReceived, wire.OctetsSent, wire.OctetsReceived, repeats, wire.ChecksumErrors, wire.JunkOctets, echoes,
            timeouts, reconnects, busy);
    }
}
