using System.IO.Compression;
using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Server.Alarms;
using Iec102.Server.Tests.Hosting;
using Iec102.Storage;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Server.Tests.Alarms;

/// <summary>The ZIP file of the morning sheet: the month of yesterday, in the zone of each meter.</summary>
public sealed class MonthCurvesTests : IDisposable
{
    private static readonly FleetConfiguration Fleet = FleetReader.Read(
        """
        iec102 {
          ports.north.tcp = "192.0.2.1:4001"
          meters.madrid { port = north, password = 1, link-address = 1 }
          meters.canary { port = north, password = 1, link-address = 2, time-zone = Atlantic/Canary }
        }
        """,
        "fleet.conf").Configuration!;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-month-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("2026-11-01", 31 * 24 + 1, "2026-10-01T01:00:00+02:00", "2026-10-25T02:00:00+02:00 2026-10-25T02:00:00+01:00",
        "2026-11-01T00:00:00+01:00", "2026-10-01T01:00:00+01:00", "2026-11-01T00:00:00+00:00")]
    [InlineData("2026-04-01", 31 * 24 - 1, "2026-03-01T01:00:00+01:00", "2026-03-29T01:00:00+01:00 2026-03-29T03:00:00+02:00",
        "2026-04-01T00:00:00+02:00", "2026-03-01T01:00:00+00:00", "2026-04-01T00:00:00+01:00")]
    [InlineData("2026-10-15", 14 * 24, "2026-10-01T01:00:00+02:00", "2026-10-14T23:00:00+02:00 2026-10-15T00:00:00+02:00",
        "2026-10-15T00:00:00+02:00", "2026-10-01T01:00:00+01:00", "2026-10-15T00:00:00+01:00")]
    public async Task It_has_each_interval_of_the_days_up_to_yesterday_also_of_those_with_23_and_25_hours(
        string today, int hours, string first, string change, string last, string firstOfCanary, string lastOfCanary)
    {
        var day = NodaTime.Text.LocalDatePattern.Iso.Parse(today).Value;
        var store = Fill(day);

        var zip = (await MonthCurves.ZipAsync(store, Fleet, day))!;

        var files = Read(zip);
        files.Keys.ShouldBe(["hourly.csv", "quarter-hour.csv"], ignoreOrder: true);
        var (madrid, canary) = (EndsOf(files["hourly.csv"], "madrid,hourly,"), EndsOf(files["hourly.csv"], "canary,hourly,"));
        (madrid.Count, madrid[0], madrid[^1]).ShouldBe((hours, first, last));
        string.Join(' ', madrid).ShouldContain(change);
        (canary.Count, canary[0], canary[^1]).ShouldBe((hours, firstOfCanary, lastOfCanary));
        files["quarter-hour.csv"].Count.ShouldBe(1 + 2 * 4 * hours);
        files["hourly.csv"].Count.ShouldBe(1 + 2 * hours);

        var all = 2 * 5 * hours;
        (await MonthCurves.ZipAsync(store, Fleet, day, all)).ShouldNotBeNull();
        (await MonthCurves.ZipAsync(store, Fleet, day, all - 1)).ShouldBeNull();
    }

    /// <summary>Stores what the month has, and some days before and after it.</summary>
    private ReadingsStore Fill(LocalDate day)
    {
        var midnight = day.AtMidnight().InUtc().ToInstant();
        var range = new TimeRange(midnight - Duration.FromDays(35), midnight + Duration.FromDays(2));
        var directory = DataDirectory.Create(Path.Combine(_folder.FullName, "data"));
        StoredCurves.Fill(directory, ["madrid", "canary"], Curve.Hourly, range);
        return new ReadingsStore(StoredCurves.Fill(directory, [], Curve.QuarterHour, range));
    }

    private static Dictionary<string, IReadOnlyList<string>> Read(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return archive.Entries.ToDictionary(file => file.Name, file =>
        {
            using var text = new StreamReader(file.Open());
            return (IReadOnlyList<string>)text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        });
    }

    private static IReadOnlyList<string> EndsOf(IReadOnlyList<string> csv, string meter) =>
        [.. csv.Where(line => line.StartsWith(meter, StringComparison.Ordinal)).Select(line => line.Split(',')[2])];
}
