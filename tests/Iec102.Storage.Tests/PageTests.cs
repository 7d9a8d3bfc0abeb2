using Iec102.Acquisition;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Storage.Tests;

/// <summary>What can be long is read page by page: in order, complete, and never all of it at once.</summary>
public abstract class PageTests : OnBothDatabases
{
    private const int Rows = 5000;
    private const int Page = 2000;

    private static readonly TimeRange Always = new(Instant.MinValue, Instant.MaxValue);

    private static readonly Dictionary<string, (Func<TestData, string> Insert, Func<ReadingsStore, IEnumerable<object>> Read)> Long = new()
    {
        // Four events in each second; every third has no date.
        ["event"] = (
            data => $"""
                INSERT INTO event SELECT 1, 52 + n % 4, n % 7, 1, 0, {data.Octets(7)}, 0, CASE WHEN n % 3 <> 0 THEN 1000 * (n / 4) END, 1,
                    n / 4 FROM number
                """,
            store => store.Events("m-1", Always).Select(one => (object)(one.Time ?? one.ReadAt, one.Record))),
        ["tariff"] = (
            data => $"""
                INSERT INTO tariff SELECT 1, 134, 1, 20 + n % 10, {data.Octets(5)}, {data.Octets(5)}, 0, n / 10, n, 0,
                    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {data.Octets(5)}, 0, 0, 0, 0, 1, 1 FROM number
                """,
            store => store.ClosedTariff("m-1", 134, Always)
                .Select(one => (object)(one.Period.End, one.Period.Information.ObjectAddress, one.Period.Information.Active.Absolute))),
        ["closing"] = (
            data => $"""
                INSERT INTO closing (meter, at_utc, label, derived, serial_number, read_at)
                SELECT 1, n, {data.Octets(5)}, 0, 1, 1 FROM number
                """,
            store => store.Closings("m-1", Always).Select(one => (object)one.End)),
        ["clock_check"] = (
            data => $"INSERT INTO clock_check SELECT 1, n, {data.Octets(7)}, 0, 0 FROM number",
            store => store.ClockChecks("m-1", Always).Select(one => (object)one.ReadAt)),
        ["clock_write"] = (
            data => $"INSERT INTO clock_write SELECT 1, n, 0, {data.Octets(7)}, 0, NULL, 1 FROM number",
            store => store.ClockWrites("m-1", Always).Select(one => (object)one.ReadAt)),
        ["meter_configuration"] = (
            data => $"INSERT INTO meter_configuration SELECT 1, 142 + n % 2, 0, n % 3, n / 6, n, 1, {data.Octets(1)} FROM number",
            store => store.ConfigurationHistory("m-1").Select(one => (object)(one.FirstReadAt, one.Type, one.Part))),
    };

    private protected PageTests(TestData data)
        : base(data)
    {
        data.Change("INSERT INTO meter (key, id, time_zone) VALUES (1, 'm-1', 'Europe/Madrid')");
    }

    public static TheoryData<string> Tables => [.. Long.Keys];

    [Theory]
    [MemberData(nameof(Tables))]
    public void It_is_complete_and_in_order_across_pages(string table)
    {
        Fill(table);

        var read = Long[table].Read(_data.Store).ToList();

        read.Count.ShouldBe(Rows);
        read.Distinct().Count().ShouldBe(Rows);
        read.ShouldBe(read.Order());
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void What_is_deleted_while_it_is_read_does_not_come_any_more(string table)
    {
        Fill(table);

        var read = 0;
        foreach (var _ in Long[table].Read(_data.Store))
        {
            if (read++ == 0)
                _data.Change($"DELETE FROM {table}");
        }

        read.ShouldBe(Page);
    }

    private void Fill(string table) => _data.Change(
        $"WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {Rows}) {Long[table].Insert(_data)}");
}

/// <inheritdoc/>
public sealed class SqlitePageTests() : PageTests(new TemporaryData());

/// <inheritdoc/>
public sealed class PostgresPageTests() : PageTests(new PostgresData());
