namespace Iec102.Acquisition.Ports;

/// <summary>Adds up what a port has counted.</summary>
internal static class PortTally
{
    public static PortCounters Of(PortExchanges exchanges, long reconnects, TimeSpan startedAt, TimeSpan now)
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
            sent, wire.FramesReceived, wire.OctetsSent, wire.OctetsReceived, repeats, wire.ChecksumErrors, wire.JunkOctets, echoes, timeouts, reconnects, busy);
    }
}
