using Iec102.Acquisition;
using Iec102.Acquisition.Meters;
using Iec102.Fleet;
using Iec102.Storage.Reading;
using NodaTime;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

public abstract class ReadingsStoreTests : OnBothDatabases
{
    private const string Volts = "voltage.l1";

    private protected ReadingsStoreTests(TestData data)
        : base(data)
    {
    }

    [Fact]
    public void A_range_excludes_its_beginning_and_includes_its_end()
    {
        _data.Write(Store(1, Hours(1, 10)));

        var range = new TimeRange(Hour(3), Hour(6));
        _data.Store.Intervals("m-1", Curve.Hourly, range).Select(one => one.End).ShouldBe([Hour(4), Hour(5), Hour(6)]);
        _data.Store.Count("m-1", Curve.Hourly, range).ShouldBe(3);
    }

    [Fact]
    public void A_long_range_comes_whole_and_in_order_whatever_the_page_boundaries()
    {
        _data.Write(Store(1, Hours(1, 6001)));
        // The intervals on both sides of each page boundary get a second and a third revision.
        var sequenceNr = 1;
        foreach (var hour in new[] { 1999, 2000, 2001, 4000, 4001, 6001 })
        {
            _data.Write(Store(++sequenceNr, Hour(hour), 100_000));
            _data.Write(Store(++sequenceNr, Hour(hour), 200_000));
        }

        var newest = _data.Store.Intervals("m-1", Curve.Hourly, Ever).ToList();
        newest.Select(one => one.End).ShouldBe(Enumerable.Range(1, 6001).Select(Hour));
        newest.Where(one => one.Revision > 0).Select(one => one.Row.GetValue(1)).ShouldBe(Enumerable.Repeat(200_000u, 6));

        var all = _data.Store.Intervals("m-1", Curve.Hourly, Ever, allRevisions: true).ToList();
        all.Count.ShouldBe(6001 + 12);
        all.Select(one => (one.End, one.Revision)).ShouldBe(all.Select(one => (one.End, one.Revision)).Distinct().Order());
    }

    [Fact]
    public void Curves_are_listed_with_their_first_and_last_end()
    {
        _data.Write(Store(1, Hours(5, 10)), Store(1, Hours(1, 2), "a-2", Curve.QuarterHour), Store(1, Hours(3, 2), "a-2"));

        _data.Store.Curves().Select(one => (one.Meter.Id, one.Curve, one.FirstEnd, one.LastEnd)).ShouldBe(
        [
            ("a-2", Curve.Hourly, Hour(3), Hour(4)), ("a-2", Curve.QuarterHour, Hour(1), Hour(2)), ("m-1", Curve.Hourly, Hour(5), Hour(14)),
        ]);
    }

    [Fact]
    public void A_long_history_comes_whole_and_in_order_whatever_the_page_boundaries()
    {
        Keep(Enumerable.Range(1, 4001));

        _data.Store.CurrentHistory("m-1", Volts, Ever).Select(one => one.ReadAt).ShouldBe(Enumerable.Range(1, 4001).Select(Hour));
        _data.Store.CurrentHistory("m-1", Volts, new TimeRange(Hour(1), Hour(4))).Select(one => one.Value).ShouldBe([2, 3, 4]);
        _data.Store.CurrentHistory("m-1", "voltage.l2", Ever).ShouldBeEmpty();
        _data.Store.Signals("m-1").ShouldBe([Volts]);
    }

    [Fact]
    public void Each_step_of_a_history_has_the_value_kept_last_at_or_before_its_end()
    {
        Keep([2, 3, 5, 9]);

        Steps(0, 11, 2).ShouldBe([(2, 2), (4, 3), (6, 5), (8, 5), (10, 9)]);
        Steps(5, 7, 1).ShouldBe([(6, 5), (7, 5)], "also a value from before the range");
        Steps(0, 2, 3).ShouldBeEmpty();
    }

    [Fact]
    public void A_history_of_many_steps_comes_whole_whatever_the_page_boundaries()
    {
        Keep([1, 2000, 2001, 4001]);

        var steps = Steps(0, 4500, 1);

        steps.Select(one => one.End).ShouldBe(Enumerable.Range(1, 4500));
        steps.GroupBy(one => one.Value).Select(group => (group.Key, group.Count()))
            .ShouldBe([(1, 1999), (2000, 1), (2001, 2000), (4001, 500)]);
    }

    [Fact]
    public void An_unknown_meter_has_no_intervals()
    {
        _data.Store.Intervals("m-7", Curve.Hourly, Ever).ShouldBeEmpty();
        _data.Store.Count("m-7", Curve.Hourly, Ever).ShouldBe(0);
        _data.Store.Curves().ShouldBeEmpty();
    }

    [Fact]
    public void A_meter_whose_zone_is_not_known_is_written_in_utc()
    {
        new StoredMeter("m", "Nowhere/Atlantis", null, null, null).Zone.ShouldBe(DateTimeZone.Utc);
        new StoredMeter("m", null, null, null, null).Zone.ShouldBe(DateTimeZone.Utc);
    }

    /// <summary>Stores one historic value for each hour: the number of the hour.</summary>
    private void Keep(IEnumerable<int> hours)
    {
        _data.Write(Batch.Of(queue => queue.Add(new StoreCurrentValues("m-1", [Value(Volts, 0, Day)], KeepHistory: false))));
        var rows = hours.Select(hour => $"({Hour(hour).ToUnixTimeSeconds()}, {hour})");
        _data.Change(
            $"""
            INSERT INTO current_history SELECT meter, signal, at, value_then, quality, NULL FROM current_value
            CROSS JOIN (SELECT column1 AS at, column2 AS value_then FROM (VALUES {string.Join(", ", rows)}) v) h
            """);
    }

    private List<(int End, double? Value)> Steps(int from, int to, int step) =>
    [
        .. _data.Store.CurrentHistory("m-1", Volts, new TimeRange(Hour(from), Hour(to)), Duration.FromHours(step))
            .Select(one => ((int)(one.StepEnd - Day).TotalHours, one.Value.Value)),
    ];
}

/// <inheritdoc/>
public sealed class SqliteReadingsStoreTests() : ReadingsStoreTests(new TemporaryData());

/// <inheritdoc/>
public sealed class PostgresReadingsStoreTests() : ReadingsStoreTests(new PostgresData());
