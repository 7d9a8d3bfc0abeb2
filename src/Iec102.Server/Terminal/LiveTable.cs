using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Server.Api;
using Iec102.Server.Contract;
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
                        live.UpdateTarget(await DrawAsync(node, url, rate));
                        await Task.Delay(Redraw, ct);
                    }
                });
            }

            console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
            console.Profile.Width = PlainWidth;
            while (true)
            {
                console.Write(await DrawAsync(node, url, rate));
                await Task.Delay(Reprint, ct);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C ends the table.
        }
    }

    private static async Task<Table> DrawAsync(ServerNode node, string url, RecordingRate rate)
    {
        var ports = (await node.PortsAsync()).ById.Values.Count(port => port.Status is not null);
        var meters = (await node.MetersAsync()).ById.Values.Where(meter => meter.Status is not null).ToList();
        var now = SystemClock.Instance.GetCurrentInstant();
        var perSecond = rate.Next(meters, now);
        var table = new Table().Border(TableBorder.Rounded)
            .Title($"{meters.Count} meters, {ports} ports")
            .Caption($"API at {url}/api/meters   Ctrl+C stops");
        foreach (var heading in (ReadOnlySpan<string>)["Meter", "Port", "State", "Last value", "Curve to"])
            table.AddColumn(new TableColumn(heading).NoWrap());
        foreach (var heading in (ReadOnlySpan<string>)["Recorded", "Missing", "Absent", "Per s"])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        foreach (var meter in meters.OrderBy(meter => meter.Id.Length).ThenBy(meter => meter.Id, StringComparer.Ordinal).Take(MostRows))
        {
            var (status, curves) = (meter.Status!, meter.Curves.Values.ToList());
            var zone = node.Fleet.Meters.FirstOrDefault(configured => configured.Id == meter.Id)?.TimeZone ?? node.Fleet.TimeZone;
            table.AddRow(
                Markup.Escape(meter.Id), Markup.Escape(status.Port), State(status.State), LastValue(meter, now),
                curves.Max(curve => curve.RecordedTo) is { } to ? TimeText.Format(to, zone)[..16].Replace('T', ' ') : "",
                Count(curves, curve => curve.Recorded), Count(curves, curve => curve.Missing),
                Count(curves, curve => curve.Absent + curve.Lost),
                perSecond.TryGetValue(meter.Id, out var speed) && speed > 0 ? speed.ToString("F0") : "");
        }

        if (meters.Count > MostRows)
            table.AddRow($"and {meters.Count - MostRows} more", "", "", "", "", "", "", "", "");
        return table;
    }

    private static string Count(List<ProfileStatus> curves, Func<ProfileStatus, int> of) => curves.Sum(of).ToString();

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
