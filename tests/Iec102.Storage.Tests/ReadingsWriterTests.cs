using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Storage.Reading;
using Iec102.Storage.Schema;
using Iec102.Storage.Writing;
using NodaTime;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

public abstract class ReadingsWriterTests : OnBothDatabases
{
    private protected ReadingsWriterTests(TestData data)
        : base(data)
    {
    }

    [Fact]
    public void An_interval_comes_back_as_it_was_read_to_the_last_octet()
    {
        var end = Instant.FromUtc(2024, 10, 27, 1, 0);
        var row = new TotalsRow { Time = TimeTagA.Read([0x40, 0x82, 0xFB, 0x2A, 0x18]) };
        row.Set(1, uint.MaxValue, Quality.Invalid | Quality.RadicalTimeChange);
        row.Set(3, 0, Quality.None);
        row.Set(8, 0x8000_0000, (Quality)0xFF);
        var answer = new IntervalsRecorded(
            uint.MaxValue, 12, TypeIdentification.ReadIncrementalTotals, 15, end + Duration.FromHours(1), [new(end, row)]);

        _data.Write(Store(1, answer, "m-9", Curve.QuarterHour));

        _data.Store.Intervals("m-9", Curve.QuarterHour, UpTo(end)).ShouldHaveSingleItem().ShouldBe(
            new StoredInterval(end, row, 15, 0, uint.MaxValue, 12, TypeIdentification.ReadIncrementalTotals, end + Duration.FromHours(1)));
        _data.Store.Intervals("m-9", Curve.Hourly, UpTo(end)).ShouldBeEmpty();
    }

    [Fact]
    public void Progress_is_told_for_each_profile_and_what_lies_behind_it_is_not_stored_again()
    {
        var stored = _data.Write(Store(3, Hours(1, 2)), Store(7, Hours(3, 1)), Store(2, Hours(1, 1), "m-2"));
        stored.Progress.ShouldBe(
            new Dictionary<string, long> { ["profile-m-1-hourly"] = 7, ["profile-m-2-hourly"] = 2 }, ignoreOrder: true);

        var replayed = _data.Write(Store(3, Hour(1), 999), Store(8, Hours(4, 1)));

        replayed.Progress.ShouldBe(new Dictionary<string, long> { ["profile-m-1-hourly"] = 8 });
        _data.Store.Intervals("m-1", Curve.Hourly, Ever, allRevisions: true).Select(one => (one.Revision, one.Row.GetValue(1)))
            .ShouldBe([(0, 1u), (0, 2u), (0, 3u), (0, 4u)]);
    }

    [Fact]
    public void A_batch_that_fails_leaves_neither_intervals_nor_progress_behind()
    {
        _data.Write(Store(1, Hours(1, 1)));
        var failing = new WhenReached(Hours(1, 10).Intervals, 5, () => throw new InvalidDataException());

        Should.Throw<InvalidDataException>(
            () => _data.Write(Store(2, Hours(2, 5)), Store(1, Hours(1, 1) with { Intervals = failing }, "m-2")));

        _data.Store.Count("m-1", Curve.Hourly, Ever).ShouldBe(1);
        _data.Store.Meter("m-2").ShouldBeNull();
        _data.Write(Store(2, Hours(2, 5))).Progress.Values.ShouldBe([2]);
        _data.Store.Count("m-1", Curve.Hourly, Ever).ShouldBe(6);
    }

    [Fact]
    public void A_reader_sees_the_last_commit_while_a_transaction_is_under_way()
    {
        _data.Write(Store(1, Hours(1, 10)));
        var seen = -1;
        var reading = new WhenReached(Hours(11, 20).Intervals, 10, () => seen = _data.Store.Count("m-1", Curve.Hourly, Ever));

        _data.Write(Store(2, Hours(11, 1) with { Intervals = reading }));

        seen.ShouldBe(10);
        _data.Store.Count("m-1", Curve.Hourly, Ever).ShouldBe(30);
    }

    [Fact]
    public void A_commit_is_there_for_the_next_reader_even_while_an_older_reader_is_in_the_middle()
    {
        _data.Write(Store(1, Hours(1, 10)));
        using var older = _data.Store.Intervals("m-1", Curve.Hourly, Ever).GetEnumerator();
        older.MoveNext().ShouldBeTrue();

        _data.Write(Store(2, Hours(11, 10)));

        _data.Store.Count("m-1", Curve.Hourly, Ever).ShouldBe(20);
        older.MoveNext().ShouldBeTrue();
    }

    [Fact]
    public void What_is_known_of_a_meter_is_the_last_that_was_told()
    {
        var identification = new DeviceIdentification(2005, 11, 7, Serial);
        var labels = new MeterLabels { Name = "Nave 3, Málaga", Site = "Norte", Tags = ["x"], Cups = "ES1234123456789012JY" };
        _data.Write(Of(queue =>
        {
            queue.Add(new StoreMeterZone("m-1", "Europe/Madrid"));
            queue.Add(new StoreMeterLabels("m-1", new MeterLabels { Name = "old", Group = "A", Tags = ["x", "y"], MeterNumber = "7" }));
            queue.Add(new StoreMeterLabels("m-1", labels));
            queue.Add(new StoreHabit("m-1", SummerTimeHabit.Civil));
            queue.Add(new StoreHabit("m-1", SummerTimeHabit.AlwaysWinter));
            queue.Add(new StoreIdentity("m-1", identification, Hour(1)));
        }));

        _data.Store.Meters().ShouldBe(
        [
            new StoredMeter("m-1", "Europe/Madrid", identification, Hour(1), SummerTimeHabit.AlwaysWinter) { Labels = labels },
        ]);
        _data.Store.Meter("m-1")!.Zone.Id.ShouldBe("Europe/Madrid");
        _data.Store.Meter("m-2").ShouldBeNull();
    }

    [Fact]
    public void An_identity_asked_for_in_a_batch_is_what_the_batch_has_stored()
    {
        var stored = _data.Write(Of(queue =>
        {
            queue.Add(new GetIdentity("m-1"));
            queue.Add(new GetIdentity("m-2"));
            queue.Add(new StoreIdentity("m-1", new DeviceIdentification(2005, 11, 7, Serial), Hour(1)));
        }));

        stored.Answers.Values.Cast<KnownIdentity>().Select(known => (known.Meter, known.SerialNumber, known.Habit))
            .ShouldBe([("m-1", Serial, null), ("m-2", null, null)]);
    }

    [Fact]
    public void Current_values_replace_each_other_and_are_kept_as_history_only_when_asked_for()
    {
        _data.Write(Of(queue => queue.Add(
            new StoreCurrentValues("m-1", [Value("power.active.l1", 1.5, Hour(1)), Value("voltage.l1", 230, Hour(1))], true))));
        _data.Write(Of(queue => queue.Add(new StoreCurrentValues("m-1", [Value("power.active.l1", null, Hour(2))], false))));

        _data.Store.CurrentValues()["m-1"].ShouldBe([Value("power.active.l1", null, Hour(2)), Value("voltage.l1", 230, Hour(1))]);
        _data.Store.CurrentHistory("m-1", "power.active.l1", Ever).ShouldBe(
            [new StoredCurrentValue(Hour(1), 1.5, ValueQuality.Good, Hour(1) - Duration.FromSeconds(2))]);
    }

    [Fact]
    public void Clock_checks_are_kept()
    {
        var reading = new ClockReading(
            CivilTime.ToTagB(Hour(1), DateTimeZone.Utc), Duration.FromMilliseconds(-1500), Duration.FromMilliseconds(40), Hour(1));
        _data.Write(Of(queue => queue.Add(new StoreClockCheck("m-1", reading))));

        _data.Store.ClockChecks("m-1", Ever).ShouldBe([reading]);
    }

    [Fact]
    public void What_is_older_than_it_is_kept_is_deleted_and_the_rest_stays()
    {
        _data.Write(Store(1, Hours(0, 30)));
        for (var day = 0; day < 3; day++)
        {
            var readAt = Hour(24 * day);
            var reading = new ClockReading(CivilTime.ToTagB(readAt, DateTimeZone.Utc), Duration.Zero, Duration.Zero, readAt);
            _data.Write(Of(queue =>
            {
                queue.Add(new StoreCurrentValues("m-1", [Value("power.active.l1", 1, readAt), Value("voltage.l1", 230, readAt)], true));
                queue.Add(new StoreClockCheck("m-1", reading));
            }));
        }
        using var writer = _data.OpenWriter();

        writer.Sweep(new RetentionConfiguration { CurrentHistory = TimeSpan.FromDays(1) }, Hour(48)).ShouldBeFalse();

        _data.Store.CurrentHistory("m-1", "voltage.l1", Ever).Select(one => one.ReadAt).ShouldBe([Hour(24), Hour(48)]);
        _data.Store.ClockChecks("m-1", Ever).Count().ShouldBe(3);
        _data.Store.Count("m-1", Curve.Hourly, Ever).ShouldBe(30);

        var all = new RetentionConfiguration { CurrentHistory = null, Events = TimeSpan.FromHours(30), Profiles = TimeSpan.FromDays(1) };
        writer.Sweep(all, Hour(48)).ShouldBeFalse();
        _data.Store.CurrentHistory("m-1", "voltage.l1", Ever).Count().ShouldBe(2);
        _data.Store.ClockChecks("m-1", Ever).Select(one => one.ReadAt).ShouldBe([Hour(24), Hour(48)]);
        _data.Store.Intervals("m-1", Curve.Hourly, Ever).Select(one => one.End).First().ShouldBe(Hour(24));
    }

    [Fact]
    public void More_than_a_step_of_old_rows_is_deleted_in_several_steps()
    {
        _data.Write(Store(1, Hours(0, 45_000)));
        using var writer = _data.OpenWriter();
        var retention = new RetentionConfiguration { Profiles = TimeSpan.Zero };

        writer.Sweep(retention, Hour(50_000)).ShouldBeTrue();
        _data.Store.Count("m-1", Curve.Hourly, Ever).ShouldBeInRange(1, 44_999);
        while (writer.Sweep(retention, Hour(50_000)))
        {
        }

        _data.Store.Count("m-1", Curve.Hourly, Ever).ShouldBe(0);
    }

    [Fact]
    public void No_step_deletes_more_rows_than_it_may_however_many_meters_have_old_ones()
    {
        const int meters = 12, hours = 5_000;
        foreach (var meter in Enumerable.Range(0, meters).Select(number => $"m-{number}"))
        {
            _data.Write(Store(1, Hours(0, hours), meter));
            _data.Write(Of(queue => queue.Add(new StoreClockCheck(meter, new(default, Duration.Zero, Duration.Zero, Hour(0))))));
        }
        using var writer = _data.OpenWriter();
        var retention = new RetentionConfiguration { Events = TimeSpan.Zero, Profiles = TimeSpan.Zero };

        var steps = 0;
        for (var more = true; more; steps++)
        {
            var before = Left();
            more = writer.Sweep(retention, Hour(10_000));
            (before - Left()).ShouldBeInRange(0, RetentionSweep.RowsPerStep);
        }

        Left().ShouldBe(0);
        steps.ShouldBeLessThan(2 * meters * hours / RetentionSweep.RowsPerStep);

        int Left() => Enumerable.Range(0, meters)
            .Sum(number => _data.Store.Count($"m-{number}", Curve.Hourly, Ever) + _data.Store.ClockChecks($"m-{number}", Ever).Count());
    }
}

/// <inheritdoc/>
public sealed class SqliteReadingsWriterTests() : ReadingsWriterTests(new TemporaryData());

/// <inheritdoc/>
public sealed class PostgresReadingsWriterTests() : ReadingsWriterTests(new PostgresData());

/// <inheritdoc/>
public sealed class NewerPostgresReadingsWriterTests() : ReadingsWriterTests(PostgresData.Newer());
