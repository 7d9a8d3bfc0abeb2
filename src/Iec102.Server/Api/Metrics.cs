using System.Globalization;
using System.Text;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Verdicts;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Server.Deliveries;

namespace Iec102.Server.Api;

/// <summary>What the server knows about itself and its meters, in the text format of Prometheus (version 0.0.4).</summary>
internal static class Metrics
{
    /// <summary>The content type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>All metrics at one moment.</summary>
    /// <param name="live">The live state of that moment.</param>
    /// <param name="alarms">The alarms; null while another node keeps them, so that a sum over all nodes is right.</param>
    /// <param name="deliveries">How the scheduled deliveries are; null while another node delivers.</param>
    /// <param name="others">The other nodes; null when the server is alone.</param>
    public static string Of(LiveFleet live, IReadOnlyList<Alarm>? alarms, DeliveryStates? deliveries, OtherNodes? others)
    {
        var (livePorts, liveMeters, verdicts, now) = live;
        var text = new StringBuilder();
        var ports = livePorts.ById.Values.Select(port => port.Status).OfType<PortStatus>().ToList();
        State(text, "iec102_port_state", "1 for the state of the port.", ports, port => port.State, port => [("port", port.Id)]);
        State(text, "iec102_port_verdict", "1 for the verdict of the port.", verdicts.Ports, port => port.Value.Kind,
            port => [("port", port.Key)]);
        Port("iec102_port_frames_sent_total", "Frames sent, repeats included.", counters => counters.FramesSent);
        Port("iec102_port_frames_received_total", "Good frames received.", counters => counters.FramesReceived);
        Port("iec102_port_octets_sent_total", "Octets sent.", counters => counters.OctetsSent);
        Port("iec102_port_octets_received_total", "Octets received.", counters => counters.OctetsReceived);
        Port("iec102_port_repeats_total", "Frames sent again.", counters => counters.Repeats);
        Port("iec102_port_checksum_errors_total", "Damaged frames.", counters => counters.ChecksumErrors);
        Port("iec102_port_junk_octets_total", "Octets that belonged to no frame.", counters => counters.JunkOctets);
        Port("iec102_port_echoes_total", "Own frames that the line echoed.", counters => counters.Echoes);
        Port("iec102_port_timeouts_total", "Answers that did not arrive in time.", counters => counters.Timeouts);
        Port("iec102_port_reconnects_total", "How often the line was reopened after it was lost.", counters => counters.Reconnects);
        Port("iec102_port_failed_connects_total", "How often the line could not be opened.", counters => counters.FailedConnects);
        Family(text, "iec102_port_busy_ratio", "gauge", "Share of the last 1 or 15 minutes in which an exchange was running.",
            from port in ports
            from window in ((string Name, double Ratio)[])[("1m", port.Counters.BusyRatio), ("15m", port.Counters.BusyRatio15m)]
            select (Labels(("port", port.Id), ("window", window.Name)), window.Ratio));
        Family(text, "iec102_port_round_trip_seconds", "gauge", "Within which time half and 99 of 100 answers came.",
            from port in ports
            from share in ((string Name, double? Ms)[])
                [("0.5", port.Counters.RoundTripP50Ms), ("0.99", port.Counters.RoundTripP99Ms)]
            where share.Ms is not null
            select (Labels(("port", port.Id), ("quantile", share.Name)), share.Ms!.Value / 1000));

        AddGateways();
        var known = liveMeters.ById.Values.Where(meter => meter.Status is not null).ToList();
        var meters = known.Select(meter => meter.Status!).ToList();
        State(text, "iec102_meter_state", "1 for the state of the meter.", meters, meter => meter.State, meter => [("meter", meter.Id)]);
        State(text, "iec102_meter_verdict", "1 for the verdict of the meter.", verdicts.Meters, meter => meter.Value.Kind,
            meter => [("meter", meter.Key)]);
        Family(text, "iec102_problems", "gauge", "Problems that need a person, by cause; one for a port and all meters behind it.",
            Enum.GetValues<VerdictCause>().Select(cause => (
                Labels(("cause", Names.Of(cause))), (double)verdicts.Problems.Count(problem => problem.Verdict.Cause == cause))));
        Family(text, "iec102_meter_last_seen_timestamp_seconds", "gauge", "When the meter last answered.",
            from meter in meters
            where meter.LastSeen is not null
            select (Labels(("meter", meter.Id)), meter.LastSeen!.Value.ToUnixTimeMilliseconds() / 1000.0));
        Family(text, "iec102_meter_clock_offset_seconds", "gauge", "The meter's clock minus the server's.",
            from meter in meters
            where meter.ClockOffset is not null
            select (Labels(("meter", meter.Id)), meter.ClockOffset!.Value.TotalSeconds));

        Family(text, "iec102_meter_events_stored_total", "counter", "Events stored since the start that were not known before.",
            known.Select(meter => (Labels(("meter", meter.Id)), (double)meter.Tally.EventsStored)));
        Family(text, "iec102_meter_clock_writes_total", "counter", "Attempts to set the meter's clock since the start.",
            from meter in known
            from outcome in ((string Name, long Count)[])
                [("set", meter.Tally.ClocksSet), ("refused", meter.Tally.ClocksRefused), ("no-answer", meter.Tally.ClocksUnanswered)]
            where outcome.Count > 0
            select (Labels(("meter", meter.Id), ("outcome", outcome.Name)), (double)outcome.Count));

        var curves = known.SelectMany(meter => meter.Curves.Values).ToList();
        Family(text, "iec102_profile_intervals", "gauge", "Expected intervals by state.",
            from curve in curves
            from state in ((string Name, int Count)[])
                [("recorded", curve.Recorded), ("missing", curve.Missing), ("absent", curve.Absent), ("lost", curve.Lost)]
            select (Labels(("meter", curve.Meter), ("curve", curve.Curve.Name()), ("state", state.Name)), (double)state.Count));
        Family(text, "iec102_profile_unsupported", "gauge", "1 when the meter refuses the curve.",
            from curve in curves
            select (Labels(("meter", curve.Meter), ("curve", curve.Curve.Name())), curve.State == CurveState.Unsupported ? 1.0 : 0));
        Family(text, "iec102_current_value", "gauge", "Good current values, in the unit of the signal.",
            from meter in known
            from value in Signals.InOrder(meter.ValuesAt(now))
            where value is { Quality: ValueQuality.Good, Value: not null }
            select (Labels(("meter", meter.Id), ("signal", value.Id), ("unit", value.Unit)), value.Value!.Value));
        if (alarms is not null)
            AddAlarms(alarms);
        if (deliveries is not null)
            AddDeliveries(deliveries);
        if (others is not null)
            AddNode(others);
        return text.ToString();

        void AddAlarms(IReadOnlyList<Alarm> alarms) => Family(
            text, "iec102_alarms", "gauge", "Alarms by state and priority.",
            from state in ((string Name, bool IsActive, bool IsAcknowledged)[])
                [
                    ("active", true, false), ("active-acknowledged", true, true),
                    ("cleared", false, false), ("cleared-acknowledged", false, true),
                ]
            from priority in Enum.GetValues<AlarmPriority>()
            select (
                Labels(("state", state.Name), ("priority", Names.Of(priority))),
                (double)alarms.Count(alarm =>
                    (alarm.IsActive, alarm.IsAcknowledged, alarm.Priority) == (state.IsActive, state.IsAcknowledged, priority))));

        void AddDeliveries(DeliveryStates deliveries)
        {
            Family(text, "iec102_delivery_failed", "gauge", "1 while the files of the delivery cannot be written.",
                deliveries.ByName.Select(one => (Labels(("delivery", one.Key)), one.Value.Problem is null ? 0.0 : 1)));
            Family(text, "iec102_delivery_last_file_timestamp_seconds", "gauge", "When the newest file of the delivery was written.",
                from one in deliveries.ByName
                let written = one.Value.Files.Where(file => file is { Version: > 0, Part: null }).ToList()
                where written.Count > 0
                select (Labels(("delivery", one.Key)), written.Max(file => file.At).ToUnixTimeMilliseconds() / 1000.0));
        }

        void AddNode(OtherNodes others)
        {
            var (lease, isStoreUp) = (others.Lease, others.View.StoreAwaySince is null);
            Node("iec102_lease_valid_seconds", "gauge", "How long this node may still use its floating lines if the database falls silent.",
                lease.ValidFor.TotalSeconds);
            Node("iec102_port_moves_total", "counter", "Floating ports that this node has taken since its start.", lease.Status.Taken);
            Node("iec102_store_up", "gauge", "1 when the database that the nodes share answers.", isStoreUp ? 1 : 0);

            void Node(string name, string type, string help, double value) =>
                Family(text, name, type, help, [(Labels(("node", others.View.Self)), value)]);
        }

        void AddGateways()
        {
            var gateways = livePorts.ById.Values.Select(port => port.Gateway).OfType<GatewayStatus>().ToList();
            Family(
                text, "iec102_gateway_up", "gauge", "1 when the gateway listens.",
                gateways.Select(gateway => (Labels(("port", gateway.Port)), gateway.Error is null ? 1.0 : 0)));
            Family(
                text, "iec102_gateway_clients", "gauge", "Clients connected.",
                gateways.Select(gateway => (Labels(("port", gateway.Port)), (double)gateway.Clients.Count)));
            Gateway("connections_total", "Clients accepted.", gateway => gateway.Connections);
            Gateway("not_allowed_total", "Clients dropped because their address is not allowed.", gateway => gateway.NotAllowed);
            Gateway("too_many_total", "Clients dropped because there were too many.", gateway => gateway.TooMany);
            Gateway("requests_total", "Requests of clients.", gateway => gateway.Counters.Requests);
            Gateway("refused_total", "Requests and logins that the gateway itself refused.", gateway => gateway.Counters.Refused);
            Gateway("wrong_keys_total", "Logins with a wrong key.", gateway => gateway.Counters.WrongKeys);
            Gateway(
                "unanswered_total", "Requests left unanswered because the line or the meter failed.",
                gateway => gateway.Counters.Unanswered);
            Gateway(
                "overflows_total", "Answers dropped and clients disconnected because a client did not read its answers.",
                gateway => gateway.Counters.Overflows);
            Gateway("timed_out_total", "Clients disconnected because they sent nothing.", gateway => gateway.Counters.TimedOut);
            Gateway("frames_received_total", "Good frames received from clients.", gateway => gateway.Counters.FramesReceived);
            Gateway("frames_sent_total", "Frames sent to clients.", gateway => gateway.Counters.FramesSent);
            Gateway("checksum_errors_total", "Damaged frames from clients.", gateway => gateway.Counters.ChecksumErrors);
            Gateway("junk_octets_total", "Octets from clients that belonged to no frame.", gateway => gateway.Counters.JunkOctets);

            void Gateway(string name, string help, Func<GatewayStatus, long> count) =>
                Family(
                    text, $"iec102_gateway_{name}", "counter", help,
                    gateways.Select(gateway => (Labels(("port", gateway.Port)), (double)count(gateway))));
        }

        void Port(string name, string help, Func<PortCounters, long> count) =>
            Family(text, name, "counter", help, ports.Select(port => (Labels(("port", port.Id)), (double)count(port.Counters))));
    }

    /// <summary>A sample for every state, 0 or 1, so that a state that has ended does not live on in a query.</summary>
    private static void State<T, TState>(
        StringBuilder text, string name, string help, IEnumerable<T> items, Func<T, TState> stateOf,
        Func<T, (string, string)[]> labelsOf)
        where TState : struct, Enum =>
        Family(text, name, "gauge", help,
            from item in items
            from state in Enum.GetValues<TState>()
            select (
                Labels([.. labelsOf(item), ("state", Names.Of(state))]),
                EqualityComparer<TState>.Default.Equals(state, stateOf(item)) ? 1.0 : 0));

    private static void Family(
        StringBuilder text, string name, string type, string help, IEnumerable<(string Labels, double Value)> samples)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (var (labels, value) in samples)
            text.Append(name).Append(labels).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>Label values are ids and fixed words: letters, digits and - _ . only, so nothing needs to be escaped.</summary>
    private static string Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in labels)
            text.Append(text.Length > 1 ? "," : "").Append(name).Append("=\"").Append(value).Append('"');
        return text.Append('}').ToString();
    }
}
