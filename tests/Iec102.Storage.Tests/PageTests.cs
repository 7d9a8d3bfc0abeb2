using Iec102.Acquisition;
using Iec102.Storage.Files;
using Iec102.Storage.Reading;
using Iec102.Storage.Sql;
using NodaTime;

namespace Iec102.Storage.Tests;

/// <summary>What can be long is read page by page: in order, complete, and never all of it at once.</summary>
public sealed class PageTests : IDisposable
{
    private const int Rows = 5000;
    private const int Page = 2000;

    private static readonly TimeRange Always = new(Instant.MinValue, Instant.MaxValue);

    private static readonly Dictionary<string, (string Insert, Func<ReadingsStore, IEnumerable<object>> Read)> Long = new()
    {
        // Four events in each second; every third has no date.
        ["event"] = (
            "INSERT INTO event SELECT 1, 52 + n % 4, n % 7, 1, 0, randomblob(7), 0, iif(n % 3, 1000 * (n / 4), NULL), 1, n / 4 FROM number",
            store => store.Events("m-1", Always).Select(one => (object)(one.Time ?? one.ReadAt, one.Record))),
        ["tariff"] = (
            """
            INSERT INTO tariff SELECT 1, 134, 1, 20 + n % 10, randomblob(5), randomblob(5), 0, n / 10, n, 0,
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, x'0000000000', 0, 0, 0, 0, 1, 1 FROM number
            """,
            store => store.ClosedTariff("m-1", 134, Always)
                .Select(one => (object)(one.Period.End, one.Period.Information.ObjectAddress, one.Period.Information.Active.Absolute))),
        ["closing"] = (
            """
            INSERT INTO closing (meter, at_utc, label, derived, serial_number, read_at) SELECT 1, n, x'0000000000', 0, 1, 1 FROM number
            """,
            store => store.Closings("m-1", Always).Select(one => (object)one.End)),
        ["clock_check"] = (
            "INSERT INTO clock_check SELECT 1, n, x'00000000000000', 0, 0 FROM number",
            store => store.ClockChecks("m-1", Always).Select(one => (object)one.ReadAt)),
        ["clock_write"] = (
            "INSERT INTO clock_write SELECT 1, n, 0, x'00000000000000', 0, NULL, 1 FROM number",
            store => store.ClockWrites("m-1", Always).Select(one => (object)one.ReadAt)),
        ["meter_configuration"] = (
            "INSERT INTO meter_configuration SELECT 1, 142 + n % 2, 0, n % 3, n / 6, n, 1, x'00' FROM number",
            store => store.ConfigurationHistory("m-1").Select(one => (object)(one.FirstReadAt, one.Type, one.Part))),
    };

    private readonly TemporaryData _data = new();

    public PageTests()
    {
        using var connection = SqliteFile.OpenForWriting(_data.Directory.ReadingsFile);
        connection.Execute("INSERT INTO meter (key, id, time_zone) VALUES (1, 'm-1', 'Europe/Madrid')");
    }

    public static TheoryData<string> Tables => [.. Long.Keys];

    public void Dispose() => _data.Dispose();

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
                Change($"DELETE FROM {table}");
        }

        read.ShouldBe(Page);
    }

    private void Fill(string table) => Change(
        $"WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {Rows}) {Long[table].Insert}");

    private void Change(string statement)
    {
        using var connection = SqliteFile.OpenForWriting(_data.Directory.ReadingsFile);
        connection.Execute(statement);
    }
}
