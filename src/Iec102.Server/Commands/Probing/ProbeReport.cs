using System.Globalization;
using System.Text;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Protocol.Application;
using Iec102.Server.Commands.Common;
using Iec102.Server.Commands.Reads;
using NodaTime;

namespace Iec102.Server.Commands.Probing;

/// <summary>What a probe found on a line.</summary>
/// <param name="Line">The line.</param>
/// <param name="Format">The format in which something answered; null when it is set in the converter.</param>
/// <param name="First">The first link address asked.</param>
/// <param name="Last">The last.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Zone">The zone of the meters' civil time.</param>
/// <param name="Meters">The meters, in the order of their link addresses.</param>
internal sealed record ProbeReport(
    ChosenLine Line, LineFormat? Format, ushort First, ushort Last, TimeSpan Took, DateTimeZone Zone, IReadOnlyList<MeterFindings> Meters)
{
    /// <summary>The preset whose password was tried; null when others were.</summary>
    public string? Preset { get; init; }

    /// <summary>The number of the only meter that was looked for, when it was given.</summary>
    public string? MeterNumber { get; init; }

    /// <summary>The report in each output format.</summary>
    public ReadResult ToResult() => new(
        [Overview(), .. Meters.Select(DetailsOf)],
        new
        {
            line = Line.Tcp?.Name ?? Line.Device,
            format = Format?.ToString(),
            firstLink = First,
            lastLink = Last,
            seconds = Math.Round(Took.TotalSeconds, 1),
            meters = Meters.Select(JsonOf),
            fleet = ToFleet(),
        },
        new Rows(
            [
                "link_address", "point_address", "state", "serial_number", "manufacturer", "model", "firmware", "clock_offset_seconds",
                "hourly", "quarter_hour", "types", "problem",
            ],
            [.. Meters.Select(meter => (string[])
            [
                $"{meter.LinkAddress}", $"{meter.PointAddress}", StateOf(meter), $"{meter.Identification?.SerialNumber}",
                $"{meter.Identification?.Manufacturer}",
                ModelOf(meter), $"{meter.Configuration?.Firmware}", OffsetOf(meter), YesOrNo(meter, "hourly"),
                YesOrNo(meter, "quarter-hour"),
                string.Join(' ', meter.Types.Where(type => type.Support == Support.There).Select(type => (byte)type.Type)),
                meter.Problem ?? "",
            ])]));

    /// <summary>
    /// A fleet file with what was found. It says which password was accepted, but shows none: a preset stands for its own, and any other
    /// comes from an environment variable.
    /// </summary>
    public string ToFleet()
    {
        var text = new StringBuilder();
        void Add(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Add($"iec102 {{");
        Add($"  ports {{");
        var line = Line.Tcp is null ? $"serial {{ device = \"{Line.Device}\", line = \"{Format}\" }}"
            : $"tcp = \"{Line.Tcp.Name}\"" + (Format is { } format ? $", line = \"{format}\"" : "");
        var timing = Line.ConnectDelay is { Ticks: > 0 } delay ? $", timing {{ connect-delay = {(long)delay.TotalMilliseconds}ms }}" : "";
        Add($"    probed {{ {line}{timing} }}");
        Add($"  }}");
        Add($"  meters {{");
        foreach (var meter in Meters)
        {
            var id = meter.Identification is { SerialNumber: > 0 and var serial } ? $"m-{serial}" : $"m-link-{meter.LinkAddress}";
            Add($"    # Link {meter.LinkAddress}: {(meter.Password is { } accepted ? $"accepted {accepted}." : meter.Problem)}");
            var addresses = $"link-address = {meter.LinkAddress}, point-address = {meter.PointAddress}";
            var key = meter.Password is not null && Preset is not null ? $"preset = {Preset}" : $"password = ${{{VariableOf(id)}}}";
            var number = MeterNumber is null ? "" : $", meter-number = \"{MeterNumber}\"";
            Add($"    {id} {{ port = probed, {addresses}, {key}{number}{RestOf(meter)} }}");
        }

        Add($"  }}");
        Add($"}}");
        return text.ToString();
    }

    private Rows Overview() => new(
        ["link", "serial number", "maker", "model", "firmware", "clock off by", "hourly", "quarter-hour", "state"],
        [.. Meters.Select(meter => (string[])
        [
            $"{meter.LinkAddress}", Or(meter.Identification?.SerialNumber), Or(meter.Identification?.Manufacturer), Or(ModelOf(meter)),
            Or(meter.Configuration?.Firmware), OffsetOf(meter) is { Length: > 0 } offset ? $"{offset} s" : "-", YesOrNo(meter, "hourly"),
            YesOrNo(meter, "quarter-hour"), StateOf(meter),
        ])]);

    private static Rows DetailsOf(MeterFindings meter)
    {
        var login = meter.Password is null ? "none" : $"measurement point {meter.PointAddress}, with {meter.Password}";
        var lines = new List<string[]> { new[] { "login", login } };
        if (meter.Problem is not null)
            lines.Add(["problem", meter.Problem]);
        if (meter.Clock is { } clock)
            lines.Add(["clock", $"{clock.Tag}, {ValueRead.OffsetInWords(clock)}"]);
        if (meter.Parameters is { } parameters)
            lines.Add([
                "measurement points",
                $"{parameters.PointCount}, this one is {parameters.PointAddress}; records reach back {parameters.Depth} days",
            ]);
        if (meter.Configuration is { } setUp)
        {
            lines.Add(["integration periods", $"{setUp.Period1Minutes}, {setUp.Period2Minutes}, {setUp.Period3Minutes} min"]);
            lines.Add(["ports", $"1: {InWords(setUp.Port1)}, 2: {InWords(setUp.Port2)}, optical: {InWords(setUp.OpticalPort)}"]);
        }

        lines.AddRange(meter.Curves.Select(curve => (string[])[$"{curve.Name} profile", curve.How]));
        Add("gives", Support.There, type => $"{type.Name} ({(byte)type.Type})");
        Add("does not have", Support.NotThere, type => $"{type.Name} ({(byte)type.Type})");
        Add("refuses", Support.Refused, type => $"{type.Name} ({(byte)type.Type}: {type.Why})");
        return new Rows([$"link {meter.LinkAddress}", "found"], lines);

        void Add(string title, Support support, Func<TypeFinding, string> inWords)
        {
            var types = meter.Types.Where(type => type.Support == support).Select(inWords).ToList();
            if (types.Count > 0)
                lines.Add([title, string.Join(", ", types)]);
        }
    }

    private object JsonOf(MeterFindings meter) => new
    {
        linkAddress = meter.LinkAddress,
        pointAddress = meter.PointAddress,
        state = StateOf(meter),
        problem = meter.Problem,
        password = meter.Password,
        serialNumber = meter.Identification?.SerialNumber,
        manufacturer = meter.Identification?.Manufacturer,
        model = meter.Configuration is null ? null : ModelOf(meter),
        firmware = meter.Configuration?.Firmware,
        periodsMinutes = meter.Configuration is { } setUp
            ? (int[])[setUp.Period1Minutes, setUp.Period2Minutes, setUp.Period3Minutes]
            : null,
        ports = meter.Configuration is { } ported
            ? new { port1 = InWords(ported.Port1), port2 = InWords(ported.Port2), optical = InWords(ported.OpticalPort) }
            : null,
        points = meter.Parameters?.PointCount,
        depthDays = meter.Parameters?.Depth,
        clock = meter.Clock?.Tag.ToString(),
        clockOffsetSeconds = meter.Clock is { } clock ? ValueRead.Seconds(clock.Offset) : (double?)null,
        curves = meter.Curves.Select(curve => new { curve = curve.Name, support = Contract.Names.Of(curve.Support), how = curve.How }),
        types = meter.Types.Select(
            type => new { type = (byte)type.Type, name = type.Name, support = Contract.Names.Of(type.Support), why = type.Why }),
    };

    private static string RestOf(MeterFindings meter)
    {
        var serialNumber = meter.Identification is { SerialNumber: > 0 and var serial } ? $", serial-number = {serial}" : "";
        return meter.Curves.Count == 0
            ? serialNumber
            : $"{serialNumber}, profiles {{ {Enabled("hourly")}, {Enabled("quarter-hour")} }}";

        string Enabled(string curve)
        {
            var depth = meter.Parameters is { Depth: > 0 and <= ProfileConfiguration.MostDays and var days } ? $", depth = {days}d" : "";
            return meter.Has(curve) ? $"{curve} {{ enabled = true{depth} }}" : $"{curve} {{ enabled = false }}";
        }
    }

    private static string VariableOf(string id) => $"{id.Replace('-', '_').ToUpperInvariant()}_PASSWORD";

    private static string StateOf(MeterFindings meter) => meter.IsStopped ? "stopped"
        : meter.Password is null ? "no login"
        : meter.Problem is null ? "ok"
        : "not all asked";

    private static string ModelOf(MeterFindings meter) => ReadText.Printable(meter.Configuration?.Model ?? "");

    private static string OffsetOf(MeterFindings meter) =>
        meter.Clock is { } clock ? ValueRead.Seconds(clock.Offset).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) : "";

    private static string YesOrNo(MeterFindings meter, string curve) =>
        meter.Has(curve) ? "yes" : meter.Curves.Any(finding => finding.Name == curve) ? "no" : "-";

    private static string InWords(PortFormat format) => format.Baud is { } baud && format.Line is { } line ? $"{baud}-{line}" : "none";

    private static string Or(object? value) => value?.ToString() is { Length: > 0 } text ? text : "-";
}
