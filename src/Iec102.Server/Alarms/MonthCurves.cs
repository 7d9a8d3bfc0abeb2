using System.IO.Compression;
using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Storage.Exports;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Server.Alarms;

/// <summary>The curves of the month of yesterday, as an attachment of the morning sheet.</summary>
internal static class MonthCurves
{
    /// <summary>Some 10 MB when compressed, which mail servers usually take.</summary>
    public const int MostIntervals = 500_000;

    /// <summary>Writes a ZIP file with one CSV for each curve; null when it would be too long.</summary>
    /// <param name="store">The stored curves.</param>
    /// <param name="fleet">The meters.</param>
    /// <param name="today">The curves end with the beginning of this day.</param>
    /// <param name="most">The most intervals.</param>
    public static async Task<byte[]?> ZipAsync(ReadingsStore store, FleetConfiguration fleet, LocalDate today, int most = MostIntervals)
    {
        var left = most;
        using var octets = new MemoryStream();
        using (var zip = new ZipArchive(octets, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var curve in Enum.GetValues<Curve>())
            {
                await using var file = await zip.CreateEntry($"{curve.Name()}.csv").OpenAsync();
                await ProfileCsv.WriteAsync(
                    file, fleet.Meters.Select(meter => new ProfileSeries(
                        meter.Id, curve, meter.TimeZone, store.Intervals(meter.Id, curve, MonthOf(meter)).TakeWhile(_ => left-- > 0))));
            }
        }

        return left >= 0 ? octets.ToArray() : null;

        TimeRange MonthOf(MeterConfiguration meter)
        {
            var first = today.PlusDays(-1).With(DateAdjusters.StartOfMonth);
            return new TimeRange(
                meter.TimeZone.AtStartOfDay(first).ToInstant(), meter.TimeZone.AtStartOfDay(today).ToInstant());
        }
    }
}
