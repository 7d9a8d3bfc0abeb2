using System.CommandLine;
using Iec102.Acquisition;
using Iec102.Storage;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>export: load profiles from the database, while the server runs or not.</summary>
internal static class ExportCommand
{
    private const string Description =
        "Writes load profiles from the data directory, while the server runs or not: CSV, or JSON as the REST API has it. "
        + "Without --from and --to everything that is stored.";

    public static Command Create()
    {
        var data = CommonOptions.Data();
        var meter = CommonOptions.Meter("The meter's id.");
        var all = new Option<bool>("--all") { Description = "All meters of which something is stored." };
        var curve = CommonOptions.Curve();
        var (from, to) = (CommonOptions.From(), CommonOptions.To());
        var format = CommonOptions.Format("csv|json");
        var file = new Option<string?>("--out") { Description = "Write to this file instead of standard output.", HelpName = "FILE" };
        var command = new CommandWithExamples(
            "export", Description,
            "export --data ./data --meter m-34572 --from 2024-10-01 --to 2024-11-01",
            "export --data ./data --all --curve quarter-hour --format json --out curves.json")
        {
            data, meter, all, curve, from, to, format, file,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var store = new ReadingsStore(CommonOptions.OpenData(parsed.GetValue(data)!));
            var meters = Meters(store, parsed.GetValue(meter), parsed.GetValue(all));
            var ranges = meters.ToDictionary(one => one.Id, one => RangeIn(one.Zone, parsed.GetValue(from), parsed.GetValue(to)));
            var export = new Export(store, meters, parsed.GetValue(curve), ranges, parsed.GetValue(format) ?? OutputFormat.Csv, InList: parsed.GetValue(all));
            if (parsed.GetValue(file) is { } name)
                await export.ToFileAsync(name, parsed.InvocationConfiguration.Error, ct);
            else
                await export.WriteAsync(parsed.InvocationConfiguration.Output.Octets(), _ => { }, ct);
            return 0;
        });
        return command;
    }

    private static IReadOnlyList<StoredMeter> Meters(ReadingsStore store, string? id, bool all)
    {
        if (id is null != all)
            throw new CommandFailure(CommandFailure.WrongUsage, "Say which meter to export: either --meter ID or --all.");
        if (id is null)
            return store.Meters();
        return store.Meter(id) is { } meter
            ? [meter]
            : throw new CommandFailure(CommandFailure.WrongUsage, $"Nothing is stored of a meter '{id}'; the data directory knows {Known(store)}.");
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

    private sealed record Export(
        ReadingsStore Store, IReadOnlyList<StoredMeter> Meters, Curve Curve, IReadOnlyDictionary<string, TimeRange> Ranges, OutputFormat Format, bool InList)
    {
        /// <summary>The file gets its name when it is complete, and not before.</summary>
        public async Task ToFileAsync(string file, TextWriter error, CancellationToken ct)
        {
            var partial = $"{file}.partial";
            try
            {
                await ProgressBar.RunAsync(error, $"{Curve.Name()} profiles", async progress =>
                {
                    var total = Meters.Sum(meter => (long)Store.Count(meter.Id, Curve, Ranges[meter.Id]));
                    await using var stream = File.Create(partial);
                    await WriteAsync(stream, written => progress.Report((double)written / total), ct);
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

        public async Task WriteAsync(Stream output, Action<long> written, CancellationToken ct)
        {
            var count = 0L;
            var series = Meters.Select(meter => new ProfileSeries(
                meter.Id, Curve, meter.Zone, Store.Intervals(meter.Id, Curve, Ranges[meter.Id]).Select(interval =>
                {
                    written(++count);
                    return interval;
                })));
            if (Format == OutputFormat.Csv)
                await ProfileCsv.WriteAsync(output, series, ct);
            else if (InList)
                await ProfileJson.WriteAllAsync(output, series, ct);
            else
                await ProfileJson.WriteAsync(output, series.Single(), ct);
        }
    }
}
