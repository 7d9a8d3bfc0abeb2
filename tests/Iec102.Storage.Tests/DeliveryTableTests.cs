using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Storage.Writing;
using NodaTime;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

/// <summary>What was delivered outlives the process, whatever the database is.</summary>
public abstract class DeliveryTableTests : OnBothDatabases
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 6, 30) + Duration.FromMilliseconds(123);

    private static readonly DeliveredFile Writing = new(
        "daily", "2026-03-01", 1, At, "daily_2026-03-01.csv", ".daily_2026-03-01.csv.part", "ab12", 24, 25, 1, 2);

    private static readonly DeliveredFile Nothing = new("weekly", "2026-W09", 0, At, "", null, "", 0, 0, null, null);

    private readonly DeliveryTable _table;

    private protected DeliveryTableTests(TestData data)
        : base(data) => _table = new DeliveryTable(data.Database);

    [Fact]
    public void What_is_stored_is_read_as_it_was_by_name_period_and_version()
    {
        _table.Read().ShouldBeEmpty();
        var second = Writing with { Version = 2 };
        foreach (var one in (DeliveredFile[])[Nothing, second, Writing])
            _table.Add(one).ShouldBeTrue();

        _table.Read().ShouldBe([Writing, second, Nothing]);
    }

    [Fact]
    public void A_version_is_taken_by_one_of_two_and_then_replaced_or_removed()
    {
        _table.Add(Writing).ShouldBeTrue();
        _table.Add(Writing with { Sha256 = "cd34" }).ShouldBeFalse();
        _table.Read().ShouldBe([Writing]);

        var done = Writing with { Part = null, Complete = null, Meters = null, At = At + Duration.FromSeconds(1), Stored = 30 };
        _table.Replace(done);
        _table.Read().ShouldBe([done]);

        _table.Remove(Writing with { Version = 2 });
        _table.Read().ShouldBe([done]);
        _table.Remove(done);
        _table.Read().ShouldBeEmpty();
    }

    [Fact]
    public void What_was_delivered_more_than_400_days_ago_is_forgotten()
    {
        _table.Add(Writing);
        _table.Add(Nothing with { At = At + Duration.FromDays(400) });
        _table.Read().Count.ShouldBe(2);
        _table.Add(Writing with { Version = 2, At = At + Duration.FromDays(400) + Duration.FromMilliseconds(1) });

        _table.Read().Select(one => (one.Name, one.Version)).ShouldBe([("daily", 2), ("weekly", 0)]);
    }

    [Fact]
    public void Rows_of_a_range_are_counted_with_their_revisions()
    {
        _data.Write(Store(1, Hours(1, 3), "m-1"), Store(2, Hours(1, 1), "m-2"));
        var ends = _data.Store.Intervals("m-1", Curve.Hourly, Ever).Select(one => one.End).ToList();
        var all = new TimeRange(ends[0] - Duration.FromHours(1), ends[^1]);

        _data.Store.Rows(Curve.Hourly, all).ShouldBe(new Dictionary<string, long> { ["m-1"] = 3, ["m-2"] = 1 }, ignoreOrder: true);
        _data.Store.Rows(Curve.Hourly, new TimeRange(ends[0], ends[1])).ShouldBe(new Dictionary<string, long> { ["m-1"] = 1 });
        _data.Store.Rows(Curve.QuarterHour, all).ShouldBeEmpty();
        _data.Store.Rows(null, all).ShouldBeEmpty();
        _data.Write(Store(3, Hour(1), 77, 0));
        _data.Store.Rows(Curve.Hourly, all)["m-1"].ShouldBe(4);
    }
}

/// <summary>The same on SQLite.</summary>
public sealed class SqliteDeliveryTableTests() : DeliveryTableTests(new TemporaryData());

/// <summary>The same on PostgreSQL.</summary>
public sealed class PostgresDeliveryTableTests() : DeliveryTableTests(new PostgresData());
