using Iec102.Acquisition;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Storage.Files;
using Iec102.Storage.Sql;
using Iec102.Storage.Upkeep;
using NodaTime;
using static Iec102.Storage.Tests.Batch;
using static Iec102.Storage.Tests.Facts;

namespace Iec102.Storage.Tests;

public sealed class StoreMigrationTests : IDisposable
{
    private readonly TemporaryData _files = new();
    private readonly PostgresData _data = new();

    public void Dispose()
    {
        _files.Dispose();
        _data.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_read_and_recovered_afterwards_is_the_same_on_both_sides(int seed)
    {
        var journal = _files.NewJournal();
        var ids = Fill(new Random(seed), journal);
        var told = new Shares();

        var report = StoreMigration.Run(_files.Directory, _data.PostgresDatabase, told);

        report.Verified.Differences.ShouldBeEmpty();
        report.Verified.Profiles.ShouldBe(ids.Count);
        report.Tables.Single(one => one.Table == "meter").Rows.ShouldBe(ids.Count);
        told.Values.ShouldBe(told.Values.Order());
        told.Values[^1].ShouldBe(1);
        ReadOf(_data).ShouldBe(ReadOf(_files));
        RecoveredOf(_data).ShouldBe(RecoveredOf(_files));
        ShouldGoOn(ids[0]);
    }

    [Fact]
    public void A_data_directory_without_anything_in_it_is_moved_too_and_a_filled_database_is_refused()
    {
        StoreMigration.Run(_files.Directory, _data.PostgresDatabase).Tables.ShouldAllBe(one => one.Rows == 0);
        _data.Write(Store(1, Hours(1, 1)));

        Should.Throw<StorageException>(() => StoreMigration.Run(_files.Directory, _data.PostgresDatabase)).Message
            .ShouldBe($"The {_data.Database.Name} already holds readings (table meter): name an empty database.");
    }

    [Fact]
    public void Neither_side_may_be_in_use()
    {
        using (_files.Serve())
            Should.Throw<StorageException>(Move).Message.ShouldBe(_files.ServedSentence);
        using (_data.Serve())
            Should.Throw<StorageException>(Move).Message.ShouldBe(_data.ServedSentence);

        Move();

        void Move() => StoreMigration.Run(_files.Directory, _data.PostgresDatabase);
    }

    [Fact]
    public void A_migration_that_is_cancelled_leaves_the_database_empty()
    {
        _files.Write(_files.NewJournal().Append(Hours(1, 5000)));
        using var cancelled = new CancellationTokenSource();

        Should.Throw<OperationCanceledException>(
            () => StoreMigration.Run(_files.Directory, _data.PostgresDatabase, new CancelAt(0.6, cancelled), cancelled.Token));

        _data.Store.Meters().ShouldBeEmpty();
        StoreMigration.Run(_files.Directory, _data.PostgresDatabase).Verified.Intervals.ShouldBe(5000);
    }

    /// <summary>What a server has after some time; returns the meters' ids.</summary>
    private List<string> Fill(Random random, TestJournal journal)
    {
        var ids = Enumerable.Range(0, 3 + random.Next(4)).Select(i => $"m-{i}").ToList();
        foreach (var id in ids)
        {
            var waiting = Enumerable.Range(0, 4).Select(i => journal.Append(Hours(1 + 30 * i, 10 + random.Next(20)), id)).ToList();
            _files.Write(Of([.. waiting]));
            journal.Snapshot(waiting[0].PersistenceId);
            // Read again with other values; and what is journaled and was not stored before the server stopped.
            _files.Write(journal.Append(Answer(new RecordedInterval(Hour(2), Row(Hour(2), (uint)random.Next(), null, 7))), id));
            journal.Append(Hours(200, random.Next(1, 9)), id);
            _files.Write(Of(queue =>
            {
                queue.Add(new StoreMeterZone(id, "Europe/Madrid"));
                queue.Add(new StoreMeterLabels(id, new MeterLabels { Name = "Nave 3, Málaga\t\"x\"", Tags = ["a", "b"] }));
                queue.Add(new StoreHabit(id, SummerTimeHabit.Civil));
                queue.Add(new StoreIdentity(id, new DeviceIdentification(2005, 11, 7, (uint)random.Next()), Hour(1)));
                queue.Add(new StoreCurrentValues(
                    id, [Value("voltage.l1", random.NextDouble() / 3, Hour(1)), Value("voltage.l2", null, Hour(1))], KeepHistory: true));
                queue.Add(new StoreClockCheck(id, new ClockReading(
                    CivilTime.ToTagB(Hour(1), DateTimeZone.Utc), Duration.FromMilliseconds(random.Next(-9, 9)), Duration.Zero, Hour(1))));
                queue.Add(Events(3, Told(Event(1, 2, Hour(1))), Told(Event(3, 2, Hour(2), spi: true))) with { Meter = id });
                queue.Add(Closings(25, derived: random.Next(2) == 0, Closing(1, (uint)random.Next(), null, 7)) with { Meter = id });
                queue.Add(Tariff(closed: true, 701, Period(20, Hour(0), Hour(700), (uint)random.Next(1000))) with { Meter = id });
                queue.Add(Tariff(closed: false, 5, Period(21, Hour(0), Hour(5), (uint)random.Next(1000))) with { Meter = id });
                queue.Add(Powers(1, 50) with { Meter = id });
                queue.Add(ClockWrite(1, ClockWriteOutcome.Refused, "cause 14") with { Meter = id });
            }));
        }
        return ids;
    }

    /// <summary>New meters and events get numbers that are free, and a curve goes on after what is stored of it.</summary>
    private void ShouldGoOn(string meter)
    {
        var highest = Highest();
        var journal = new StoredJournal(_data.Database);
        var next = Store(journal.Highest($"profile-{meter}-hourly") + 1, Hours(300, 2), meter);
        journal.Dispose();
        _data.NewJournal().Append(Hours(1, 1), "new");

        _data.Write(next, Store(1, Hours(1, 1), "new"));

        _data.Store.Count(meter, Curve.Hourly, new TimeRange(Hour(299), Hour(301))).ShouldBe(2);
        _data.Store.Count("new", Curve.Hourly, Ever).ShouldBe(1);
        Highest().ShouldBe(highest + 1);

        long Highest()
        {
            using var connection = _data.Database.OpenForReading();
            return (long)connection.Scalar("SELECT max(ordering) FROM journal")!;
        }
    }

    private static List<object> ReadOf(TestData data) =>
    [
        .. data.Store.Meters().SelectMany(meter => (IEnumerable<object>)
        [
            meter,
            .. data.Store.Intervals(meter.Id, Curve.Hourly, Ever, allRevisions: true),
            .. data.Store.CurrentValues()[meter.Id].Cast<object>(),
            .. data.Store.CurrentHistory(meter.Id, "voltage.l1", Ever),
            .. data.Store.ClockChecks(meter.Id, Ever),
            .. data.Store.Events(meter.Id, Ever),
            .. data.Store.Closings(meter.Id, Ever),
            .. data.Store.CurrentTariff(meter.Id, 134),
            .. data.Store.ClosedTariff(meter.Id, 134, Ever),
            .. data.Store.ConfigurationHistory(meter.Id)
                .Select(one => (object)(one.Type, one.FirstReadAt, Convert.ToHexString(one.Asdu))),
            .. data.Store.ClockWrites(meter.Id, Ever),
        ]),
    ];

    private static List<object> RecoveredOf(TestData data)
    {
        using var journal = new StoredJournal(data.Database);
        using var stored = new StoredProfiles(data.Database);
        return
        [
            .. stored.Progress(),
            .. journal.Profiles().Select(
                id => (object)(id, journal.Highest(id), Convert.ToHexString(ProfileFormat.Write(journal.Recover(id))))),
        ];
    }

    private sealed class Shares : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }

    private sealed class CancelAt(double share, CancellationTokenSource source) : IProgress<double>
    {
        public void Report(double value)
        {
            if (value >= share)
                source.Cancel();
        }
    }
}
