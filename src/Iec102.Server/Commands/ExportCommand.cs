using System.CommandLine;
using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Server.Commands.Common;
using Iec102.Server.Contract;
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

/// <summary>export: writes what is stored in the data directory, whether the server is running or not.</summary>
internal static class ExportCommand
{
    private const string Profile = "profile";

    private const string Description =
        "Writes what is stored in the data directory, whether the server is running or not, as CSV or as the JSON of the REST API: load "
        + "profiles or, with --what, the events, tariffs, daily closings, configuration, clock history, or the current values kept by "
        + "history-every. Without --from and --to it writes everything that is stored.";

    private static readonly string[] Whats = [Profile, HistoryExport.What, .. FactExport.Whats];

    private static readonly string[] Curves = [.. Enum.GetValues<Curve>().Select(curve => curve.Name()), ProfileSeries.DailyClosing];

    public static Command Create()
    {
        var data = CommonOptions.Data();
        var meter = CommonOptions.Meter("The meter's id.");
        var all = new Option<bool>("--all") { Description = "All meters for which something is stored." };
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
            "export --data ./data --meter m-34572 --what current --signal power.active.total --from 2024-10-01 --to 2024-10-02 --step 15m",
            "export --data ./data --all --curve quarter-hour --format json --out curves.json")
        {
            data, meter, all, what, curve, language, signal, from, to, step, format, file,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var isOfCurrent = parsed.GetValue(what) == HistoryExport.What;
            if (!isOfCurrent && (parsed.GetValue(signal) ?? parsed.GetValue(step)) is not null)
                throw new CommandFailure(CommandFailure.WrongUsage, "--signal and --step can only be used with --what current.");
            var store = new ReadingsStore(CommonOptions.OpenData(parsed.GetValue(data)!));
            var asList = parsed.GetValue(all);
            var meters = Meters(store, parsed.GetValue(meter), asList)
                .Select(one => (Meter: one, Range: RangeIn(one.Zone, parsed.GetValue(from), parsed.GetValue(to)))).ToList();
            var shape = parsed.GetValue(format) ?? OutputFormat.Csv;
            IExport export = parsed.GetValue(what) switch
            {
                null or Profile => new ProfileExport(store, meters, parsed.GetValue(curve) ?? Curves[0], shape, asList),
                HistoryExport.What => new HistoryExport(
                    store,
                    [
                        .. meters.Select(one => (
                            one.Meter, HistoryExport.QueryOf(one.Range, parsed.GetValue(signal), parsed.GetValue(step)))),
                    ],
                    shape, asList),
                { } fact => new FactExport(
                    store, meters, fact, parsed.GetValue(language) == "es" ? EventLanguage.Spanish : EventLanguage.English, shape, asList),
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

    private static IReadOnlyList<StoredMeter> Meters(ReadingsStore store, string? id, bool all)
    {
        if (id is null != all)
            throw new CommandFailure(CommandFailure.WrongUsage, "Say which meter to export: either --meter ID or --all.");
        if (id is null)
            return store.Meters();
        return store.Meter(id) is { } meter
            ? [meter]
            : throw new CommandFailure(
                CommandFailure.WrongUsage, $"Nothing is stored for a meter '{id}'; the data directory has {Known(store)}.");
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

    /// <summary>Civil times are those of the meter's zone.</summary>
    private static TimeRange RangeIn(DateTimeZone zone, string? from, string? to) => CommonOptions.CheckRange(
        from is null ? Instant.MinValue : CommonOptions.ReadTime("--from", from, zone, DoubledHour.First),
        to is null ? Instant.MaxValue : CommonOptions.ReadTime("--to", to, zone, DoubledHour.Second));
}
