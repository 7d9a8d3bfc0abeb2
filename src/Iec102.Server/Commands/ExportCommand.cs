using System.CommandLine;
using Iec102.Acquisition;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Server.Commands.Common;
using Iec102.Storage.Exports;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>What export writes.</summary>
internal interface IExport
{
    /// <summary>What is exported, for the progress bar.</summary>
    string Title { get; }

    /// <summary>Writes the export, and reports the share done, 0 to 1.</summary>
    Task WriteAsync(Stream output, Action<double>? done, CancellationToken ct);
}

/// <summary>Which meters are wanted; null where that does not matter.</summary>
/// <param name="Site">Their site.</param>
/// <param name="Group">Their group.</param>
/// <param name="Tag">A tag of theirs.</param>
internal sealed record Selection(string? Site, string? Group, string? Tag)
{
    /// <summary>All meters.</summary>
    public static Selection All { get; } = new(null, null, null);

    /// <summary>Whether a meter with these labels is wanted; capitals do not matter.</summary>
    public bool Has(MeterLabels labels) =>
        Is(Site, labels.Site) && Is(Group, labels.Group) && (Tag is null || labels.Tags.Any(tag => Is(Tag, tag)));

    /// <summary>Such as <c>site 'North' and tag 'solar'</c>.</summary>
    public override string ToString()
    {
        (string What, string? Wanted)[] all = [("site", Site), ("group", Group), ("tag", Tag)];
        return string.Join(" and ", all.Where(one => one.Wanted is not null).Select(one => $"{one.What} '{one.Wanted}'"));
    }

    private static bool Is(string? wanted, string? label) =>
        wanted is null || string.Equals(wanted, label, StringComparison.OrdinalIgnoreCase);
}

/// <summary>export: writes what is stored, whether the server is running or not.</summary>
internal static class ExportCommand
{
    private const string Profile = "profile";

    private const string Description =
        "Writes what is stored, whether the server is running or not, as CSV or as the JSON of the REST API: load "
        + "profiles or, with --what, the events, tariffs, daily closings, configuration, clock history, the list of meters, or the current "
        + "values kept by history-every. Without --from and --to it writes everything that is stored.";

    private static readonly string[] Whats = [Profile, HistoryExport.What, .. FactExport.Whats];

    private static readonly string[] Curves = [.. Enum.GetValues<Curve>().Select(curve => curve.Name()), ProfileSeries.DailyClosing];

    public static Command Create()
    {
        var stored = new StoreOptions();
        var meter = CommonOptions.Meter("The meter's id.");
        var all = new Option<bool>("--all") { Description = "All meters for which something is stored." };
        var (site, group, tag) = (Label("--site", "at this site"), Label("--group", "of this group"), Label("--tag", "with this tag"));
        var labels = new Option<bool>("--labels")
        {
            Description = "End each line of CSV with the meter's name, site, group, tags, CUPS and meter number.",
        };
        var what = OneOf("--what", Whats, "What to write.");
        var curve = OneOf("--curve", Curves, "The load profile; daily-closing gives the absolute registers at midnight.");
        var language = OneOf("--lang", ["en", "es"], "The language of events.");
        var signal = new Option<string?>("--signal")
        {
            Description = "Only this signal of the current values, such as power.active.total.",
            HelpName = "ID",
        };
        var step = new Option<string?>("--step")
        {
            Description = "One current value for each step of this length, such as 15m: the last one kept by the end of the step.",
            HelpName = "D",
        };
        var (from, to) = (CommonOptions.From(), CommonOptions.To());
        var format = CommonOptions.Format("csv|json");
        var file = new Option<string?>("--out") { Description = "Write to this file instead of standard output.", HelpName = "FILE" };
        var command = new CommandWithExamples(
            "export", Description,
            "export --data ./data --meter m-34572 --from 2024-10-01 --to 2024-11-01",
            "export --data ./data --meter m-34572 --curve daily-closing --from 2024-10-01 --to 2024-11-01",
            "export --data ./data --meter m-34572 --what events --lang es",
            "export --data ./data --site North --from 2024-10-01 --to 2024-11-01 --labels",
            "export --data ./data --meter m-34572 --what current --signal power.active.total --from 2024-10-01 --to 2024-10-02 --step 15m",
            "export --data ./data --all --curve quarter-hour --format json --out curves.json",
            "export --fleet fleet.conf --all --from 2024-10-01 --to 2024-11-01")
        {
            stored.Data, stored.Fleet, stored.Postgres, meter, all, site, group, tag, labels, what, curve, language, signal, from, to, step,
            format, file,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var isOfCurrent = parsed.GetValue(what) == HistoryExport.What;
            if (!isOfCurrent && (parsed.GetValue(signal) ?? parsed.GetValue(step)) is not null)
                throw new CommandFailure(CommandFailure.WrongUsage, "--signal and --step can only be used with --what current.");
            var store = new ReadingsStore(stored.Of(parsed));
            var selection = new Selection(parsed.GetValue(site), parsed.GetValue(group), parsed.GetValue(tag));
            var asList = parsed.GetValue(all) || selection != Selection.All;
            var isOfMidnights = parsed.GetValue(what) == "closings" || parsed.GetValue(curve) == ProfileSeries.DailyClosing;
            var meters = Meters(store, parsed.GetValue(meter), asList, selection)
                .Select(one => (Meter: one, Range: RangeIn(one.Zone, parsed.GetValue(from), parsed.GetValue(to), isOfMidnights))).ToList();
            var shape = parsed.GetValue(format) ?? OutputFormat.Csv;
            var withLabels = parsed.GetValue(labels);
            if (withLabels && (shape != OutputFormat.Csv || isOfCurrent))
                throw new CommandFailure(
                    CommandFailure.WrongUsage,
                    "--labels is for CSV, and not for --what current: --what meters lists the labels in every format.");
            IExport export = parsed.GetValue(what) switch
            {
                null or Profile => new ProfileExport(store, meters, parsed.GetValue(curve) ?? Curves[0], shape, withLabels, asList),
                HistoryExport.What => new HistoryExport(
                    store,
                    [
                        .. meters.Select(one => (
                            one.Meter, HistoryExport.QueryOf(one.Range, parsed.GetValue(signal), parsed.GetValue(step)))),
                    ],
                    shape, asList),
                { } fact => new FactExport(
                    store, meters, fact, parsed.GetValue(language) == "es" ? EventLanguage.Spanish : EventLanguage.English, shape,
                    withLabels, asList),
            };
            if (parsed.GetValue(file) is { } name)
                await ToFileAsync(export, name, parsed.InvocationConfiguration.Error, ct);
            else
                await export.WriteAsync(parsed.InvocationConfiguration.Output.Octets(), null, ct);
            return 0;
        });
        return command;
    }

    /// <summary>Writes to a file that gets its name only when it is complete.</summary>
    private static async Task ToFileAsync(IExport export, string file, TextWriter error, CancellationToken ct)
    {
        var partial = $"{file}.partial";
        try
        {
            await ProgressBar.RunAsync(error, export.Title, async progress =>
            {
                await using var stream = File.Create(partial);
                await export.WriteAsync(stream, done => progress.Report(done), ct);
            });
            File.Move(partial, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(CommandFailure.Failed, $"{file} cannot be written: {e.Message}");
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static Option<string?> OneOf(string name, string[] values, string description) =>
        CommonOptions.Optional<string?>(name, string.Join('|', values), $"{description} [default: {values[0]}]", text =>
            values.Contains(text) ? (text, null) : (null, $"'{text}' is not one of {string.Join(", ", values)}"));

    private static Option<string?> Label(string name, string which) =>
        new(name) { Description = $"The meters {which}, as the fleet file says.", HelpName = name[2..].ToUpperInvariant() };

    private static List<StoredMeter> Meters(ReadingsStore store, string? id, bool all, Selection selection)
    {
        if (id is null != all)
            throw new CommandFailure(
                CommandFailure.WrongUsage, "Say which meters to export: --meter ID, or --site, --group and --tag, or --all.");
        if (id is null)
        {
            var meters = store.Meters().Where(meter => selection.Has(meter.Labels)).OrderBy(one => one.Id, NaturalOrder.Instance).ToList();
            return meters.Count > 0 || selection == Selection.All
                ? meters
                : throw new CommandFailure(CommandFailure.WrongUsage, $"No stored meter has {selection}; --what meters --all lists them.");
        }

        return store.Meter(id) is { } meter
            ? [meter]
            : throw new CommandFailure(
                CommandFailure.WrongUsage, $"Nothing is stored for a meter '{id}'; the store has {Known(store)}.");
    }

    private static string Known(ReadingsStore store)
    {
        var ids = store.Meters().Select(meter => meter.Id).ToList();
        return ids.Count switch
        {
            0 => "no meters",
            <= 5 => string.Join(", ", ids),
            _ => $"{ids.Count} meters, from {ids[0]} to {ids[^1]}",
        };
    }

    /// <summary>Civil times are those of the meter's zone; a date includes its own midnight when closings are wanted.</summary>
    private static TimeRange RangeIn(DateTimeZone zone, string? from, string? to, bool isOfMidnights)
    {
        var start = from is null ? Instant.MinValue : CommonOptions.ReadTime("--from", from, zone, DoubledHour.First);
        return CommonOptions.CheckRange(
            from is not null && isOfMidnights ? TimeText.BeforeDate(from, start) : start,
            to is null ? Instant.MaxValue : CommonOptions.ReadTime("--to", to, zone, DoubledHour.Second));
    }
}
