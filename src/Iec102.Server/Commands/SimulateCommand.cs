using System.CommandLine;
using System.Net;
using Iec102.Hocon;
using Iec102.Lines;
using Iec102.Server.Commands.Common;
using Iec102.Simulator.Faults;
using Iec102.Simulator.Hosting;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>simulate: only the meters, on TCP ports or pseudo terminals, until it is stopped.</summary>
internal static class SimulateCommand
{
    private const string Description =
        "Simulates meters that answer on TCP ports, line i on PORT + i, or on pseudo terminals, until Ctrl+C. "
        + "What they measure is computed from the seed, so a run can be repeated and checked.";

    private static readonly TimeSpan LargestOffset = TimeSpan.FromDays(1);

    public static Command Create()
    {
        var meters = CommonOptions.Number("--meters", 1, 9999, "How many meters: sim-1, sim-2, ...");
        var listen = CommonOptions.Optional(
            "--listen", "HOST:PORT", "Where the first line listens; the others use the ports after it. With port 0 each uses a free port.",
            EndPointOf);
        var perPort = CommonOptions.Number("--meters-per-port", 1, 9999, "How many meters share a line: line-1, line-2, ...", 1);
        var linkBase = CommonOptions.Number(
            "--link-base", 0, 65534,
            "Link address of the first meter on each line; the others on the line have the addresses after it.", 1);
        var point = CommonOptions.Number<ushort>("--point", 0, 65535, "Measurement point of every meter.", 1);
        var key = CommonOptions.Key("--key", "Access key of every meter.", 1);
        var historyDays = CommonOptions.Number("--history-days", 1, 9000, "How many days back the meters' history reaches.", 40);
        var seed = CommonOptions.Number("--seed", long.MinValue, long.MaxValue, "Seed of data, serial numbers and faults.", 1);
        var baud = CommonOptions.Optional(
            "--baud", "B",
            "Speed of the wire that each line imitates: 9600, or 9600-8N1 with a character format (8E1 when not given). Without it "
            + "answers arrive at once.",
            SpeedOf);
        var faults = CommonOptions.Optional("--faults", "SPEC", $"What goes wrong on each line. {FaultPlan.Help}", FaultsOf);
        var behaviour = CommonOptions.Optional(
            "--behaviour", "NAMES", $"How all meters and lines differ from the usual. {BehaviourPlan.Help}", BehaviourOf);
        var clockOffset = CommonOptions.Optional(
            "--clock-offset", "SPAN",
            "How far the meters' clocks are ahead when they start, such as 90s or 5m; -90s is behind. [default: 0s]", OffsetOf);
        var pty = new Option<string?>("--pty")
        {
            Description = "Use pseudo terminals instead of TCP: DIR/line0, DIR/line1, ...",
            HelpName = "DIR",
        };
        var fleetOut = new Option<string?>("--fleet-out")
        {
            Description = "Write a fleet file with which serve reads these meters.",
            HelpName = "FILE",
        };
        var truthOut = new Option<string?>("--truth-out")
        {
            Description = "Write what the meters measured as profile CSV, and keep it up to date.",
            HelpName = "DIR",
        };
        var counters = new Option<string?>("--counters")
        {
            Description = "Write, about every second, how often each meter was asked for what.",
            HelpName = "FILE",
        };
        var record = new Option<string?>("--record")
        {
            Description = "Write who talks to the TCP ports and when: a line of text for each connection opened, frame received and "
                + "connection closed.",
            HelpName = "FILE",
        };
        var command = new CommandWithExamples(
            "simulate", Description,
            "simulate --meters 12 --listen 127.0.0.1:5001 --fleet-out fleet.conf",
            "simulate --meters 4 --meters-per-port 4 --listen 127.0.0.1:5001 --baud 9600 --faults loss=5%,delay=0-300ms",
            "simulate --meters 1 --listen 127.0.0.1:5001 --behaviour no-blocks,no-data-polls=3,ack-e5 --clock-offset -90s",
            "simulate --meters 30 --listen 192.0.2.20:5001 --record talkers.txt --behaviour shared",
            "simulate --meters 2 --pty /tmp/meters")
        {
            meters, listen, perPort, linkBase, point, key, historyDays, seed, baud, faults, behaviour, clockOffset, pty, fleetOut, truthOut,
            counters, record,
        };
        command.SetAction((parsed, ct) =>
        {
            var endPoint = parsed.GetValue(listen);
            if (endPoint is null == parsed.GetValue(pty) is null)
                throw new CommandFailure(
                    CommandFailure.WrongUsage, "Say where the meters should answer: either --listen HOST:PORT or --pty DIR.");
            var options = new SimulatorOptions
            {
                Meters = parsed.GetValue(meters),
                MetersPerPort = parsed.GetValue(perPort),
                Address = endPoint?.Address ?? IPAddress.Loopback,
                Port = endPoint?.Port ?? 0,
                PtyDirectory = parsed.GetValue(pty),
                LinkBase = parsed.GetValue(linkBase),
                Point = parsed.GetValue(point),
                Key = parsed.GetValue(key),
                HistoryDays = parsed.GetValue(historyDays),
                Seed = parsed.GetValue(seed),
                Speed = parsed.GetValue(baud),
                Faults = parsed.GetValue(faults),
                Behaviour = parsed.GetValue(behaviour) ?? BehaviourPlan.Plain,
                ClockOffset = parsed.GetValue(clockOffset),
                FleetOut = parsed.GetValue(fleetOut),
                TruthOut = parsed.GetValue(truthOut),
                CountersFile = parsed.GetValue(counters),
                RecordFile = parsed.GetValue(record),
            };
            return RunAsync(options, parsed.InvocationConfiguration.Output, ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(SimulatorOptions options, TextWriter output, CancellationToken ct)
    {
        if (options.Problem is { } problem)
            throw new CommandFailure(CommandFailure.WrongUsage, problem);
        await using var host = await SimulatorHost.StartAsync(options);
        Announce(host, options, output);
        // It ends by itself only when it fails.
        await Task.WhenAny(host.Running, Task.Delay(Timeout.Infinite, ct));
        if (host.Running.IsFaulted)
            await host.Running;
        return 0;
    }

    private static void Announce(SimulatorHost host, SimulatorOptions options, TextWriter output)
    {
        var first = host.Lines[0].Address;
        var where = host.Lines.Count == 1 ? first : $"{first} to {host.Lines[^1].Address}";
        output.WriteLine($"{Counted(options.Meters, "meter")} on {Counted(host.Lines.Count, "line")}: {where}");
        output.WriteLine(
            $"Link addresses from {options.LinkBase} on, point {options.Point}, key {options.Key}, {options.HistoryDays} days of history, "
            + $"seed {options.Seed}.");
        if (options.FleetOut is { } fleet)
            output.WriteLine($"Fleet file: {fleet}");
        output.WriteLine("Ctrl+C stops it.");
        output.Flush();
    }

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static (IPEndPoint?, string?) EndPointOf(string text)
    {
        var address = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? $"127.0.0.1{text["localhost".Length..]}" : text;
        return IPEndPoint.TryParse(address, out var endPoint) && address.EndsWith($":{endPoint.Port}", StringComparison.Ordinal)
            ? (endPoint, null)
            : (null, $"'{text}' is not an address and port such as 127.0.0.1:5001");
    }

    private static (LineFormat?, string?) SpeedOf(string text) =>
        LineFormat.TryParse(text.Contains('-') ? text : $"{text}-8E1", out var format)
        ? (format, null)
        : (null, $"'{text}' is not a speed from 300 to 115200 such as 9600 or 9600-8N1");

    private static (FaultPlan?, string?) FaultsOf(string text) => FaultPlan.TryParse(text, out var plan, out var error)
        ? (plan, null)
        : (null, error.TrimEnd('.'));

    private static (BehaviourPlan?, string?) BehaviourOf(string text) =>
        BehaviourPlan.TryParse(text, out var plan, out var error) ? (plan, null) : (null, error.TrimEnd('.'));

    private static (Duration, string?) OffsetOf(string text)
    {
        var isBehind = text.StartsWith('-');
        return HoconDuration.TryParse(isBehind ? text[1..] : text, out var span) && span <= LargestOffset
            ? (Duration.FromTimeSpan(isBehind ? -span : span), null)
            : (default, $"'{text}' is not a time such as 90s, 5m or -90s, one day at most");
    }
}
