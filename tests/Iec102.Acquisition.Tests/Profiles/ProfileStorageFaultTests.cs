using Akka.Actor;
using Iec102.Acquisition.Profiles;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>A profile whose journal or snapshot store fails acknowledges nothing that is not stored, and forgets nothing that is.</summary>
public sealed class ProfileStorageFaultTests : ProfileBench
{
    // More than the 50 events after which a snapshot is taken.
    private const int Enough = 60;

    public ProfileStorageFaultTests() => Settings = Settings with { Depth = Duration.FromDays(100) };

    [Fact]
    public void When_the_journal_fails_nothing_is_acknowledged_the_actor_stops_and_its_successor_asks_again()
    {
        var profile = Watch(Start());
        var chunk = NextChunk(profile);
        SetJournal(StoreMode.Fail);

        profile.Tell(Answered(chunk), TestActor);

        ExpectTerminated(profile);
        Writer.ExpectNoMsg(Short);
        SetJournal(StoreMode.Work);
        NextChunk(Start()).Range.ShouldBe(chunk.Range);
    }

    [Fact]
    public void The_successor_of_an_actor_tells_the_meter_that_it_knows_nothing_of_its_question()
    {
        var props = ProfileActor.Props(Settings, LiveState, Writer, Time);
        var profile = Sys.ActorOf(props);
        NextChunk(profile);
        Stop(profile);

        Sys.ActorOf(props);

        ExpectMsg<CurveRestarted>().Curve.ShouldBe(Settings.Curve);
    }

    [Fact]
    public void When_the_journal_rejects_an_event_nothing_is_acknowledged_the_actor_stops_and_its_successor_asks_again()
    {
        var profile = Watch(Start());
        var chunk = NextChunk(profile);
        SetJournal(StoreMode.Reject);

        EventFilter.Error(contains: "not this one").ExpectOne(() => profile.Tell(Answered(chunk), TestActor));

        ExpectTerminated(profile);
        Writer.ExpectNoMsg(Short);
        SetJournal(StoreMode.Work);
        NextChunk(Start()).Range.ShouldBe(chunk.Range);
    }

    [Fact]
    public void When_the_journal_cannot_be_read_the_actor_stops_and_its_successor_has_everything()
    {
        var profile = Start();
        RecordMany(profile, 3);
        var before = Coverage(profile);
        Stop(profile);
        SetJournal(StoreMode.Fail);

        ExpectTerminated(Watch(Start()));

        SetJournal(StoreMode.Work);
        Coverage(Start()).ShouldBeEquivalentTo(before);
    }

    [Fact]
    public void What_is_asked_while_an_answer_is_being_stored_is_answered_after_it_and_knows_of_it()
    {
        var profile = Start();
        var chunk = NextChunk(profile);
        var expected = Coverage(profile).Recorded + chunk.ExpectedIntervals;
        SetJournal(StoreMode.Wait);
        profile.Tell(Answered(chunk), TestActor);
        profile.Tell(new GetNextChunk(Session, 28_800), TestActor);
        var operators = CreateTestProbe();
        profile.Tell(new GetCoverage(Range: null), operators);
        operators.ExpectNoMsg(Short);

        SetJournal(StoreMode.Work);

        ExpectMsg<ChunkRecorded>().Recorded.ShouldBe(chunk.ExpectedIntervals);
        ExpectMsg<ReadChunk>().Range.ShouldNotBe(chunk.Range);
        operators.ExpectMsg<CoverageReport>().Recorded.ShouldBe(expected);
    }

    [Fact]
    public void What_waited_for_a_write_that_fails_is_not_answered()
    {
        var profile = Watch(Start());
        var chunk = NextChunk(profile);
        SetJournal(StoreMode.Fail);
        profile.Tell(Answered(chunk), TestActor);
        profile.Tell(new GetNextChunk(Session, 28_800), TestActor);

        ExpectTerminated(profile);
        ExpectNoMsg(Short);
    }

    [Fact]
    public void A_snapshot_that_is_not_stored_is_reported_and_the_events_stay_until_the_next_one()
    {
        var profile = Start();
        SetSnapshots(StoreMode.Fail);
        EventFilter.Warning(contains: "the snapshot of its hourly curve could not be saved").ExpectOne(() => RecordMany(profile, Enough));
        var before = Coverage(profile);
        profile = Restarted(profile, before);
        Writer.ReceiveN(Enough).Count.ShouldBe(Enough);

        SetSnapshots(StoreMode.Work);
        profile.Tell(new IntervalsStored(Settings.PersistenceId, long.MaxValue), Writer);

        ShouldHoldNoEvents(profile);
    }

    [Fact]
    public void Events_that_are_not_deleted_are_reported_and_deleted_with_the_next_snapshot()
    {
        var profile = Start();
        var last = RecordMany(profile, 45);
        for (var i = 0; i < 4; i++)
        {
            Record(profile, NextChunk(profile, octets: 100));
            last = Writer.ExpectMsg<StoreIntervals>().SequenceNr;
        }

        EventFilter.Warning(contains: "old journal entries of its hourly curve could not be deleted").ExpectOne(() =>
        {
            SetJournal(StoreMode.Fail);
            profile.Tell(new IntervalsStored(Settings.PersistenceId, last), Writer);
        });
        SetJournal(StoreMode.Work);

        RecordMany(profile, Enough);

        ShouldHoldNoEvents(profile);
    }

    [Fact]
    public void Old_snapshots_that_are_not_deleted_are_reported_and_recording_goes_on()
    {
        var profile = Start();
        EventFilter.Warning(contains: "old journal entries of its hourly curve could not be deleted").ExpectOne(() =>
        {
            // Writing snapshots still works in this mode, so that only deleting older ones fails.
            SetSnapshots(StoreMode.Reject);
            RecordMany(profile, Enough);
        });

        SetSnapshots(StoreMode.Work);
        RecordMany(profile, 1);
        Restarted(profile, Coverage(profile));
    }

    /// <summary>As while another node, which has the curve no longer, deletes events that are in a snapshot of its own.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void When_a_recovery_lacks_an_event_the_actor_stops_and_its_successor_recovers_everything(long number)
    {
        var profile = Start();
        RecordMany(profile, 3).ShouldBe(5);
        var before = Coverage(profile);
        Stop(profile);
        SetJournal(StoreMode.Work, lacking: number);
        var props = ProfileActor.Props(Settings, LiveState, Writer, Time);

        EventFilter.Warning(contains: $"entry {number} of its hourly curve is missing in the journal")
            .ExpectOne(() => ExpectTerminated(Watch(Sys.ActorOf(props))));

        Writer.ExpectNoMsg(Short);
        SetJournal(StoreMode.Work);
        Coverage(Sys.ActorOf(props)).ShouldBeEquivalentTo(before);
    }

    [Fact]
    public void When_the_next_recovery_lacks_it_too_the_tables_say_what_is_recorded_and_a_snapshot_takes_the_place_of_the_events()
    {
        var (profile, stored) = (Start(), new List<Instant>());
        for (var i = 0; i < 3; i++)
        {
            Record(profile, NextChunk(profile, octets: 100));
            stored.AddRange(Writer.ExpectMsg<StoreIntervals>().Intervals.Intervals.Select(one => one.End));
        }
        var before = Coverage(profile);
        Stop(profile);
        SetJournal(StoreMode.Work, lacking: 4);
        var writer = CreateWriter(StoredRun.Of(stored.Order().Select(end => (end, 60))));
        var props = ProfileActor.Props(Settings, LiveState, writer, Time);
        ExpectTerminated(Watch(Sys.ActorOf(props)));

        EventFilter.Warning(contains: "was rebuilt").ExpectOne(() => profile = Sys.ActorOf(props));
        profile.Tell(new IntervalsStored(Settings.PersistenceId, 6), writer);

        Restarted(profile, before);
    }

    private IActorRef Restarted(IActorRef profile, CoverageReport expected)
    {
        Stop(profile);
        var again = Start();
        Coverage(again).ShouldBeEquivalentTo(expected);
        return again;
    }

    /// <summary>
    /// Checks that the journal's events were deleted: a successor sends the writer nothing, or only what came after the snapshot.
    /// </summary>
    private void ShouldHoldNoEvents(IActorRef profile)
    {
        var expected = Coverage(profile);
        AwaitAssert(() =>
        {
            Stop(profile);
            var writer = CreateWriter();
            profile = Start(writer);
            Coverage(profile).ShouldBeEquivalentTo(expected);
            writer.ReceiveWhile<StoreIntervals>(Short, message => (StoreIntervals)message).Count.ShouldBeLessThan(50);
        });
    }
}
