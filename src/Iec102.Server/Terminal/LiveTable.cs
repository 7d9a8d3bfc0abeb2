using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Server.Api;
using NodaTime;
using Spectre.Console;

namespace Iec102.Server.Terminal;

/// <summary>
/// The fleet at a glance: a table that is redrawn every second on a terminal, or printed every 5 s when the output is not a terminal.
/// </summary>
internal static class LiveTable
{
    private static readonly TimeSpan Redraw = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Reprint = TimeSpan.FromSeconds(5);
    private const int MostRows = 40;
    private const int PlainWidth = 120;

    /// <summary>A narrower terminal gets the columns that matter most, and no years.</summary>
    private const int FullWidth = 110;

    /// <summary>Shows the table until it is cancelled.</summary>
    public static async Task ShowAsync(ServerNode node, string url, CancellationToken ct)
    {
        var rate = new RecordingRate();
        var console = AnsiConsole.Console;
        try
        {
            if (console.Profile.Out.IsTerminal)
            {
                await console.Live(new Text("")).AutoClear(false).StartAsync(async live =>
                {
                    while (true)
                    {
                        live.UpdateTarget(await DrawAsync(node, url, rate, console.Profile.Width));
                        await Task.Delay(Redraw, ct);
                    }
                });
            }

            console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
            console.Profile.Width = PlainWidth;
            while (true)
            {
                console.Write(await DrawAsync(node, url, rate, PlainWidth));
                await Task.Delay(Reprint, ct);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C ends the table.
        }
    }

    /// <summary>The table of the meters.</summary>
    /// <param name="meters">The live state of the meters.</param>
    /// <param name="fleet">The configuration in force.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="perSecond">Intervals recorded per second, by meter.</param>
    /// <param name="width">The width of the terminal.</param>
    internal static Table TableOf(
        IReadOnlyList<LiveMeter> meters, FleetConfiguration fleet, Instant now, IReadOnlyDictionary<string, double> perSecond, int width)
    {
        var isFull = width >= FullWidth;
        var zones = fleet.Meters.ToDictionary(meter => meter.Id, meter => meter.TimeZone, StringComparer.Ordinal);
        (string Heading, bool IsNumber, bool IsShown, Func<LiveMeter, string> CellOf)[] all =
        [
            ("Meter", false, true, meter => Markup.Escape(meter.Id)),
            ("Port", false, isFull, meter => Markup.Escape(meter.Status!.Port)),
            ("State", false, true, meter => State(meter.Status!.State)),
            ("Last value", false, true, meter => LastValue(meter, now)),
            ("Curve to", false, true, CurveTo),
            ("Recorded", true, true, meter => Count(meter, curve => curve.Recorded)),
            ("Missing", true, true, meter => Count(meter, curve => curve.Missing)),
            ("Absent", true, isFull, meter => Count(meter, curve => curve.Absent + curve.Lost)),
            ("Per s", true, isFull, meter => perSecond.TryGetValue(meter.Id, out var speed) && speed > 0 ? speed.ToString("F0") : ""),
        ];
        var columns = all.Where(column => column.IsShown).ToList();
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var (heading, isNumber, _, _) in columns)
            table.AddColumn(new TableColumn(heading) { Alignment = isNumber ? Justify.Right : Justify.Left, NoWrap = true });
        foreach (var meter in meters.OrderBy(meter => meter.Id.Length).ThenBy(meter => meter.Id, StringComparer.Ordinal).Take(MostRows))
            table.AddRow([.. columns.Select(column => column.CellOf(meter))]);
        if (meters.Count > MostRows)
            table.AddRow($"and {meters.Count - MostRows} more");
        return table;

        string CurveTo(LiveMeter meter)
        {
            if (meter.Curves.Values.Max(curve => curve.RecordedTo) is not { } to)
                return "";
            var time = TimeText.Format(to, zones.GetValueOrDefault(meter.Id, fleet.TimeZone))[..16].Replace('T', ' ');
            return isFull ? time : time["2024-".Length..];
        }
    }

    private static async Task<Table> DrawAsync(ServerNode node, string url, RecordingRate rate, int width)
    {
        var ports = (await node.PortsAsync()).ById.Values.Count(port => port.Status is not null);
        var meters = (await node.MetersAsync()).ById.Values.Where(meter => meter.Status is not null).ToList();
        var now = SystemClock.Instance.GetCurrentInstant();
        return TableOf(meters, node.Fleet, now, rate.Next(meters, now), width)
            .Title($"{meters.Count} meters, {ports} ports")
            .Caption($"Page at {url}   API at {url}/api/meters   Ctrl+C stops");
    }

    private static string Count(LiveMeter meter, Func<ProfileStatus, int> of) => meter.Curves.Values.Sum(of).ToString();

    private static string State(MeterState state)
    {
        var colour = state switch
        {
            MeterState.Online => "green",
            MeterState.Demoted or MeterState.Refused or MeterState.WrongMeter => "red",
            MeterState.Disabled => "grey",
            _ => "yellow",
        };
        return $"[{colour}]{Names.Of(state)}[/]";
    }

    private static string LastValue(LiveMeter meter, Instant now) =>
        meter.ValueAt(now, "power.active.total") is { Value: { } value } power
            ? $"{value} {power.Unit}{(power.Quality == ValueQuality.Stale ? " (stale)" : "")}"
            : "";

    /// <summary>Intervals recorded per second, from one drawing to the next.</summary>
    private sealed class RecordingRate
    {
        private Dictionary<string, int> _before = [];
        private Instant _at;

        public Dictionary<string, double> Next(IEnumerable<LiveMeter> meters, Instant now)
        {
            var recorded = meters.ToDictionary(meter => meter.Id, meter => meter.Curves.Values.Sum(curve => curve.Recorded));
            var seconds = (now - _at).TotalSeconds;
            var before = _before;
            (_before, _at) = (recorded, now);
            return recorded.ToDictionary(
                meter => meter.Key, meter => before.TryGetValue(meter.Key, out var old) ? (meter.Value - old) / seconds : 0);
        }
    }
}
