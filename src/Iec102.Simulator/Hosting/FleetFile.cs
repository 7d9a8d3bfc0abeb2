using System.Globalization;
using System.Net;
using System.Text;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Simulator.Hosting;

/// <summary>Writes the fleet file with which a server reads the simulated meters.</summary>
internal static class FleetFile
{
    public static string Text(SimulatorOptions options, IReadOnlyList<IStation> stations)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"# Simulated meters: {options.Meters} on {stations.Count} lines, seed {options.Seed}.");
        Line($"# The passwords are in clear text because these meters are not real.");
        Line($"iec102 {{");
        Line($"  time-zone = \"{options.Zone.Id}\"");
        Line($"  ports {{");
        foreach (var station in stations)
            Line($"    {station.Line.Id} {{ {DeviceOf(options, station)} }}");
        Line($"  }}");
        Line($"  meters {{");
        Line($"    # depth is how far back the meters keep data; the quarter-hour curve takes four times the line time of the hourly one.");
        foreach (var station in stations)
        {
            foreach (var meter in station.Line.Meters)
                Line($"    {meter.Options.Id} {{ port = {station.Line.Id}, {MeterOf(options, meter.Options)} }}");
        }

        Line($"  }}");
        Line($"}}");
        return text.ToString();
    }

    private static string DeviceOf(SimulatorOptions options, IStation station) => station is TcpStation tcp
        ? $"tcp = \"{new IPEndPoint(Reachable(options.Address), tcp.Port)}\""
        : $"serial {{ device = \"{Path.GetFullPath(station.Address)}\", line = \"{options.Speed?.ToString() ?? "9600-8N1"}\" }}";

    private static string MeterOf(SimulatorOptions options, MeterOptions meter) =>
        $"link-address = {meter.LinkAddress}, point-address = {options.Point}, password = {meter.Key}, "
        + (meter.Behaviour.WriteKey is { } key ? $"write-password = {key}, " : "")
        + $"serial-number = {meter.SerialNumber}, "
        + $"current-values {{ every = {TimeOf(options.CurrentValuesEvery)} }}, "
        + $"profiles {{ hourly {{ depth = {options.HistoryDays}d }}, "
        + $"quarter-hour {{ enabled = {(options.QuarterHours ? "true" : "false")}, depth = {options.HistoryDays}d }} }}";

    // A line that listens on every address can be reached from this computer at the loopback address.
    private static IPAddress Reachable(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;

    private static string TimeOf(Duration time) => time.TotalSeconds % 1 == 0 ? $"{time.TotalSeconds:0}s" : $"{time.TotalMilliseconds:0}ms";
}
