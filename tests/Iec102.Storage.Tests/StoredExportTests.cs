using System.Text;
using Iec102.Acquisition;
using Iec102.Acquisition.Fleets;
using Iec102.Fleet;
using Iec102.Storage.Exports;
using NodaTime;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

public abstract class StoredExportTests : OnBothDatabases
{
    private protected StoredExportTests(TestData data)
        : base(data)
    {
    }

    [Fact]
    public async Task A_database_of_several_meters_is_one_table_in_which_each_meter_has_its_zone()
    {
        _data.Write(Store(1, Hours(1, 1)), Store(1, Hours(1, 1), "canary", Curve.QuarterHour));
        _data.Write(Of(queue =>
        {
            queue.Add(new StoreMeterZone("m-1", "Europe/Madrid"));
            queue.Add(new StoreMeterZone("canary", "Atlantic/Canary"));
        }));
        var series = _data.Store.Curves().Select(one => new ProfileSeries(
            one.Meter.Id, one.Curve, one.Meter.Zone,
            _data.Store.Intervals(one.Meter.Id, one.Curve, new TimeRange(Instant.MinValue, one.LastEnd))));

        using var output = new MemoryStream();
        await ProfileCsv.WriteAsync(output, series);

        Encoding.UTF8.GetString(output.ToArray()).ShouldBe(ExportTests.Header
            + "canary,quarter-hour,2026-03-02T01:00:00+00:00,1,0,0,0,,,,,,,,,,,,\n"
            + "m-1,hourly,2026-03-02T02:00:00+01:00,1,0,0,0,,,,,,,,,,,,\n");
        output.CanWrite.ShouldBeTrue();
    }
}

/// <inheritdoc/>
public sealed class SqliteStoredExportTests() : StoredExportTests(new TemporaryData());

/// <inheritdoc/>
public sealed class PostgresStoredExportTests() : StoredExportTests(new PostgresData());
