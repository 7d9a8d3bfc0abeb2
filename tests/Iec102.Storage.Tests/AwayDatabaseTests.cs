using System.Data.Common;
using System.Net.Sockets;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Storage.Databases;
using Iec102.Storage.Writing;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

/// <summary>A writer whose database is away: nothing is lost, and meters that are known begin all the same.</summary>
public sealed class AwayDatabaseTests : TestKit
{
    private const string Configuration = """
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.loglevel = DEBUG
        akka.test { single-expect-default = 20s, filter-leeway = 20s }
        """;

    private readonly TemporaryData _data = new();
    private readonly UnsteadyDatabase _database;

    public AwayDatabaseTests()
        : base(Configuration) => _database = new UnsteadyDatabase(_data.Database);

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    private string Identities => _data.Directory.IdentitiesFile;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _data.Dispose();
    }

    [Fact]
    public void A_meter_that_was_known_before_is_answered_from_the_file_and_another_when_the_database_is_back()
    {
        Remember();
        _database.IsHere = false;
        var writer = Writer();

        Failing(() => writer.Tell(new GetIdentity("m-1")));
        var known = ExpectMsg<KnownIdentity>();
        (known.Meter, known.SerialNumber, known.Habit).ShouldBe(("m-1", Serial, SummerTimeHabit.AlwaysWinter));
        (known.Configuration.Count, known.Progress.Count).ShouldBe((0, 0));
        writer.Tell(new GetIdentity("m-2"));
        writer.Tell(new GetIdentity("m-1"));
        ExpectMsg<KnownIdentity>().Meter.ShouldBe("m-1");

        _database.IsHere = true;
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg<KnownIdentity>().Meter.ShouldBe("m-2");
    }

    [Fact]
    public void A_database_that_is_away_is_tried_at_least_every_4_seconds_and_not_logged()
    {
        _database.IsHere = false;
        var writer = Writer();
        EventFilter.Error().Expect(0, () =>
        {
            Failing(() => writer.Tell(Store(1, Hours(1, 10))));
            foreach (var wait in new[] { 1, 2, 4, 4 })
                Failing(() => Scheduler.Advance(TimeSpan.FromSeconds(wait)));
        });

        _database.IsHere = true;
        Scheduler.Advance(TimeSpan.FromSeconds(4));
        ExpectMsg(new IntervalsStored("profile-m-1-hourly", 1));
    }

    [Fact]
    public void A_file_of_identities_that_is_not_whole_is_as_good_as_none_and_written_anew()
    {
        File.WriteAllText(Identities, "{ \"m-1\": {");

        Remember();

        new IdentityCache(Identities).Of("m-1")!.SerialNumber.ShouldBe(Serial);
        new IdentityCache(Identities).Of("m-2").ShouldBeNull();
    }

    /// <summary>Runs a writer while the database is here, to which a meter tells what it is.</summary>
    private void Remember()
    {
        var writer = Writer();
        writer.Tell(new StoreIdentity("m-1", new DeviceIdentification(2005, 11, 7, Serial), Hour(1)));
        writer.Tell(new StoreHabit("m-1", SummerTimeHabit.AlwaysWinter));
        writer.Tell(new GetIdentity("m-1"));
        ExpectMsg<KnownIdentity>();
        Watch(writer);
        writer.Tell(PoisonPill.Instance);
        ExpectTerminated(writer);
    }

    private IActorRef Writer() => Sys.ActorOf(WriterActor.Props(
        new WriterSetup(_database, new RetentionConfiguration(), TimeProvider.System) { Identities = Identities }));

    /// <summary>Does something after which storing fails; returns when the writer has noticed.</summary>
    private void Failing(Action action) => EventFilter.Debug(contains: "Retrying to store values in").ExpectOne(action);

    /// <summary>A database that can be away.</summary>
    private sealed class UnsteadyDatabase(ReadingsDatabase here) : ReadingsDatabase
    {
        public override StoreSize Size() => here.Size();

        public bool IsHere { get; set; } = true;

        public override string Name => here.Name;

        public override DbConnection OpenForReading() => Here.OpenForReading();

        public override string Describe(Exception problem) => here.Describe(problem);

        public override bool IsAway(Exception problem) => problem is SocketException;

        internal override WritingSession OpenForWriting() => Here.OpenForWriting();

        internal override WritingSession OpenAlone() => Here.OpenAlone();

        internal override DbConnection OpenJournal() => Here.OpenJournal();

        internal override DbTransaction BeginReading(DbConnection connection) => here.BeginReading(connection);

        internal override bool HasTable(DbConnection connection, string name) => here.HasTable(connection, name);

        private ReadingsDatabase Here => IsHere ? here : throw new SocketException((int)SocketError.ConnectionRefused);
    }
}
