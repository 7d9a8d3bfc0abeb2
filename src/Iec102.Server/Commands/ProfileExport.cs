using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Server.Commands.Common;
using Iec102.Storage.Exports;
using Iec102.Storage.Reading;
using Iec102.Storage.Schema;

namespace Iec102.Server.Commands;

/// <summary>Load profiles, and daily closings in the form of a load profile.</summary>
/// <param name="Store">The store to read from.</param>
/// <param name="Meters">The meters, each with its range.</param>
/// <param name="Curve">The name of the curve.</param>
/// <param name="Format">CSV or JSON.</param>
/// <param name="WithLabels">Whether lines of CSV end with the labels of the meter.</param>
/// <param name="AsList">Whether to write a list even for a single meter; matters only for JSON.</param>
internal sealed record ProfileExport(
    ReadingsStore Store, IReadOnlyList<(StoredMeter Meter, TimeRange Range)> Meters, string Curve, OutputFormat Format,
    bool WithLabels, bool AsList) : IExport
{
    public string Title => $"{Curve} profiles";

    public async Task WriteAsync(Stream output, Action<double>? done, CancellationToken ct)
    {
        var total = done is not null && CurveExtensions.Parse(Curve) is { } curve
            ? Meters.Sum(one => (long)Store.Count(one.Meter.Id, curve, one.Range))
            : 0;
        var count = 0L;
        var series =
            from one in Meters
            let stored = ProfileSeries.Read(Store, one.Meter.Id, Curve, one.Meter.Zone, one.Range)
            select stored with { Intervals = stored.Intervals.Select(Counted), Labels = one.Meter.Labels };
        if (Format == OutputFormat.Csv)
            await ProfileCsv.WriteAsync(output, series, WithLabels, ct);
        else if (AsList)
            await ProfileJson.WriteAllAsync(output, series, ct);
        else
            await ProfileJson.WriteAsync(output, series.Single(), ct);

        StoredInterval Counted(StoredInterval interval)
        {
            done?.Invoke((double)++count / Math.Max(total, count));
            return interval;
        }
    }
}
