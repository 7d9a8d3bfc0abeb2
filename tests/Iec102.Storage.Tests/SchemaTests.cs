using Iec102.Acquisition;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Storage.Reading;
using Iec102.Storage.Schema;
using Iec102.Storage.Sql;
using Iec102.Storage.Writing;
using Iec102.Testing;
using NodaTime;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

/// <summary>
/// Promise R9: a database written by any released version opens in the next one. Databases/version-N.sql is what version N wrote and must
/// never be changed.
/// </summary>
public sealed class SchemaTests : IDisposable
{
    private readonly TemporaryData _data = new();

    public void Dispose() => _data.Dispose();

    public static TheoryData<int> Released => new(Enumerable.Range(1, ReadingsSchema.Version));

    [Theory]
    [MemberData(nameof(Released))]
    public void R9_a_database_of_every_released_version_opens_with_all_that_is_in_it(int version)
    {
        var directory = BroughtUpToDate(version);

        var store = new ReadingsStore(new SqliteDatabase(directory));
        var meter = store.Meter("m-34572").ShouldNotBeNull();
        meter.Identification.ShouldBe(new DeviceIdentification(2005, 11, 7, 48304838));
        (meter.ZoneId, meter.Habit).ShouldBe(("Europe/Madrid", SummerTimeHabit.Civil));
        store.Intervals("m-34572", Curve.Hourly, Ever, allRevisions: true)
            .Select(one => (one.Revision, one.Row.GetValue(1), one.Row.Objects))
            .ShouldBe([(0, 17u, (byte)0xFF), (1, 18u, (byte)0xFF), (0, 21u, (byte)0x03)]);
        store.CurrentValues()["m-34572"].ShouldHaveSingleItem().Value.ShouldBe(1.25);
        store.CurrentHistory("m-34572", "power.active.total", Ever).Count().ShouldBe(1);
        store.ClockChecks("m-34572", Ever).ShouldHaveSingleItem().Offset.ShouldBe(Duration.FromMilliseconds(-1500));

        using var writer = new ReadingsWriter(new SqliteDatabase(directory));
        writer.Write(Of(Store(4, Hours(1, 1), "m-34572"), Store(5, Hours(1, 1), "m-34572"))).Progress.Values.ShouldBe([5]);
        Promise.Report(
            "R9", $"database of version {version}", $"opened as version {ReadingsSchema.Version}, everything in it found, and written to");
    }

    [Fact]
    public void R9_a_database_of_version_2_opens_with_what_meters_told()
    {
        var directory = BroughtUpToDate(2);

        var store = new ReadingsStore(new SqliteDatabase(directory));
        store.CurrentValues()["m-34572"].ShouldHaveSingleItem().PrimaryValue.ShouldBe(1.25);
        store.Events("m-34572", Ever).Select(one => (one.Record, one.Event.Spa, one.Event.Spq, one.Ordinal, one.Time is null))
            .ShouldBe([(52, 1, 2, 0, false), (52, 1, 2, 1, false), (53, 7, 9, 0, true)]);
        var tariff = store.ClosedTariff("m-34572", 134, Ever).ShouldHaveSingleItem();
        (tariff.IsClosed, tariff.Period.Information.Active.Absolute, tariff.Period.Information.MaximumDemand.Kilowatts)
            .ShouldBe((true, 100_000u, 84u));
        var closing = store.Closings("m-34572", Ever).ShouldHaveSingleItem();
        (closing.IsDerived, closing.Row.GetValue(3), closing.Row.Objects).ShouldBe((false, 234_567u, (byte)0x27));
        store.Configuration("m-34572").ShouldHaveSingleItem().Type.ShouldBe(TypeIdentification.ContractedPowers);
        store.ClockWrites("m-34572", Ever).ShouldHaveSingleItem().Error.ShouldBe("the meter refused");

        using var writer = new ReadingsWriter(new SqliteDatabase(directory));
        var known = (KnownIdentity)writer.Write(Of(queue => queue.Add(new GetIdentity("m-34572")))).Answers.Values.Single();
        known.Progress.Select(one => (one.Kind, one.Record)).ShouldBe([(FactKind.Events, 52), (FactKind.Closings, 21)]);
    }

    [Fact]
    public void R9_a_database_of_version_3_opens_with_the_labels_of_its_meters() =>
        new ReadingsStore(new SqliteDatabase(BroughtUpToDate(3))).Meter("m-34572").ShouldNotBeNull().Labels.ShouldBe(
            new MeterLabels { Name = "Pump house", Site = "North", Tags = ["solar", "check"], Cups = "ES1234123456789012JY" });

    [Fact]
    public void R9_a_database_of_version_4_opens_with_its_audit_log() =>
        new ReadingsStore(new SqliteDatabase(BroughtUpToDate(4))).Audit(Ever, 10).Select(one => (one.Who, one.Status))
            .ShouldBe([(AuditEntry.FleetFile, null), ("ops", 200)]);

    [Fact]
    public void R9_a_database_of_version_4_opens_with_its_alarms()
    {
        var table = new AlarmTable(new SqliteDatabase(BroughtUpToDate(4)));
        var alarm = table.Read().ShouldHaveSingleItem();
        (alarm.Id, alarm.Count, alarm.AcknowledgedBy).ShouldBe(("meter.m-34572.password", 2, "Ana"));
        table.Claim(new LocalDate(2026, 3, 2)).ShouldBeFalse();
    }

    [Fact]
    public void R9_a_database_of_version_5_opens_with_what_was_delivered() =>
        new DeliveryTable(new SqliteDatabase(BroughtUpToDate(5))).Read().ShouldBe(
        [
            new DeliveredFile(
                "daily", "2026-03-01", 1, Instant.FromUnixTimeMilliseconds(1772416900123), "daily_2026-03-01.csv", null, "ab", 24, 25, 1,
                2),
        ]);

    [Fact]
    public void R9_a_database_of_version_6_opens_with_what_is_still_to_be_sent() =>
        new AlarmTable(new SqliteDatabase(BroughtUpToDate(6))).Waiting("webhook").ShouldHaveSingleItem().Alarm.Id.ShouldBe(
            "meter.m-34572.password");

    [Theory]
    [MemberData(nameof(Released))]
    public void R9_a_database_brought_up_to_date_has_the_tables_of_a_new_one(int version) =>
        Columns(BroughtUpToDate(version)).ShouldBe(Columns(_data.Directory));

    [Fact]
    public void A_database_of_a_newer_version_is_refused_with_both_versions_named()
    {
        using (var connection = SqliteFile.OpenForWriting(_data.Directory.ReadingsFile))
            connection.Execute("PRAGMA user_version = 99");

        var sentence = $"{_data.Directory.ReadingsFile} has version 99, "
            + $"and this program supports at most version {ReadingsSchema.Version}: use the newer program that wrote it.";
        Should.Throw<StorageException>(() => TemporaryData.Started(_data.Directory.Path)).Message.ShouldBe(sentence);
        Should.Throw<StorageException>(() => _data.Store.Meters()).Message.ShouldBe(sentence);
        Should.Throw<StorageException>(() => _data.Write(Store(1, Hours(1, 1)))).Message.ShouldBe(sentence);
    }

    [Fact]
    public void A_database_of_an_older_version_is_read_only_after_the_server_has_brought_it_up_to_date()
    {
        File.Delete(_data.Directory.ReadingsFile);
        using (SqliteFile.OpenForWriting(_data.Directory.ReadingsFile))
            Should.Throw<StorageException>(() => _data.Store.Meters()).Message.ShouldContain("start the server once");

        TemporaryData.Started(_data.Directory.Path);
        _data.Store.Meters().ShouldBeEmpty();
    }

    private DataDirectory BroughtUpToDate(int version)
    {
        var path = _data.Beside("old");
        Directory.CreateDirectory(path);
        using (var connection = SqliteFile.OpenForWriting(Path.Combine(path, "readings.db")))
            connection.Execute(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Databases", $"version-{version}.sql")));
        return TemporaryData.Started(path);
    }

    private static List<string> Columns(DataDirectory directory)
    {
        using var connection = SqliteFile.OpenForReading(directory.ReadingsFile);
        using var command = connection.Statement(
            """
            SELECT t.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk || ' ' || t.wr
            FROM pragma_table_list t JOIN pragma_table_info(t.name) c WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' ORDER BY 1
            """);
        using var row = command.ExecuteReader();
        var columns = new List<string>();
        while (row.Read())
            columns.Add(row.GetString(0));
        columns.Count.ShouldBeGreaterThan(50);
        return columns;
    }
}
