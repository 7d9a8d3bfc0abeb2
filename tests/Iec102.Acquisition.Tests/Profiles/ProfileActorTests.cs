using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Readings;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>What is stored before what is told (promises R1, R2); the test is the meter, writer and readings are probes, time is virtual.</summary>
public sealed class ProfileActorTests : TestKit
{
    private const string Configuration = SchedulerTime.Config + "\n" + ProfileSerializer.Config + """

        akka.persistence.journal.plugin = "unreliable-journal"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        unreliable-journal.class = "Iec102.Acquisition.Tests.Profiles.UnreliableJournal, Iec102.Acquisition.Tests"
        """;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private readonly SchedulerTime _time;
    private readonly TestProbe _readings;
    private readonly TestProbe _writer;
    private FakeMeter _meter = new();
    private MeterSession _session = new(4711, SummerTimeHabit.SuBit, Duration.Zero);
    private ProfileSettings _settings =
        new("m-1", Curve.Hourly, FakeMeter.Point, Madrid.Zone, From: null, Duration.FromDays(20), Duration.FromMinutes(2));

    public ProfileActorTests() : base(Configuration)
    {
        _time = new SchedulerTime(Sys);
        _readings = CreateTestProbe("readings");
        _writer = CreateTestProbe("writer");
    }

    private Instant Moment => _time.Now();

    [Fact]
    public void At_first_sight_history_begins_the_depth_ago_and_the_last_day_is_asked_first()
    {
        var profile = Start();

        var chunk = NextChunk(profile);

        chunk.Curve.ShouldBe(Curve.Hourly);
        chunk.Range.To.ShouldBe(Hour(Moment - Duration.FromMinutes(2)));
        chunk.ExpectedIntervals.ShouldBe(24);
        Coverage(profile).Expected.ShouldBeInRange(20 * 24 - 1, 20 * 24 + 1);
    }

    [Fact]
    public void Nothing_is_acknowledged_or_handed_on_before_it_is_stored()
    {
        var profile = Start();
        var chunk = NextChunk(profile);
        SetJournal(UnreliableJournal.Mode.Wait);
        profile.Tell(Answered(chunk), TestActor);

        ExpectNoMsg(Short);
        _writer.ExpectNoMsg(TimeSpan.Zero);

        SetJournal(UnreliableJournal.Mode.Work);
        var stored = _writer.ExpectMsg<StoreIntervals>();
        stored.PersistenceId.ShouldBe("profile-m-1-hourly");
        stored.Intervals.Intervals.Count.ShouldBe(24);
        stored.Intervals.SerialNumber.ShouldBe(4711u);
        ExpectMsg<ChunkRecorded>().Recorded.ShouldBe(24);
    }

    [Fact]
    public void What_is_recorded_already_is_not_journaled_again()
    {
        var profile = Start();
        var chunk = NextChunk(profile);
        Record(profile, chunk).ShouldBe(24);
        _writer.ExpectMsg<StoreIntervals>();

        Record(profile, chunk).ShouldBe(0);

        _writer.ExpectNoMsg(Short);
    }

    [Fact]
    public void The_meter_waits_while_the_writer_has_more_than_four_events_to_confirm()
    {
        var profile = Start();
        for (var i = 0; i < 4; i++)
            Record(profile, NextChunk(profile, octets: 2_000));
        profile.Tell(Answered(NextChunk(profile, octets: 2_000)), TestActor);
        ExpectNoMsg(Short);
        var fifth = _writer.ReceiveN(5).Cast<StoreIntervals>().ToList()[^1].SequenceNr;

        profile.Tell(new IntervalsStored("profile-m-1-hourly", fifth), _writer);

        ExpectMsg<ChunkRecorded>();
    }

    [Fact]
    public void A_meter_that_gave_up_waiting_and_asks_again_waits_as_well()
    {
        var profile = Start();
        for (var i = 0; i < 4; i++)
            Record(profile, NextChunk(profile, octets: 2_000));
        profile.Tell(Answered(NextChunk(profile, octets: 2_000)), TestActor);
        profile.Tell(new GetNextChunk(_session, 2_000), TestActor);
        ExpectNoMsg(Short);

        profile.Tell(new IntervalsStored("profile-m-1-hourly", long.MaxValue), _writer);

        ExpectMsg<ReadChunk>();
        ExpectNoMsg(Short);
    }

    [Fact]
    public void After_a_crash_the_writer_is_told_everything_it_may_not_have_and_the_coverage_is_the_same()
    {
        var profile = Start();
        for (var i = 0; i < 3; i++)
            Record(profile, NextChunk(profile, octets: 2_000));
        var before = Coverage(profile);
        var told = _writer.ReceiveN(3).Cast<StoreIntervals>().Select(one => one.SequenceNr).ToList();
        Stop(profile);

        var again = Start();

        _writer.ReceiveN(3).Cast<StoreIntervals>().Select(one => one.SequenceNr).ShouldBe(told);
        Coverage(again).ShouldBeEquivalentTo(before);
    }

    [Fact]
    public void When_the_journal_fails_nothing_is_acknowledged_the_actor_stops_and_its_successor_asks_again()
    {
        var profile = Watch(Start());
        var chunk = NextChunk(profile);
        SetJournal(UnreliableJournal.Mode.Fail);

        profile.Tell(Answered(chunk), TestActor);

        ExpectTerminated(profile);
        _writer.ExpectNoMsg(Short);
        SetJournal(UnreliableJournal.Mode.Work);
        NextChunk(Start()).Range.ShouldBe(chunk.Range);
    }

    [Fact]
    public void A_snapshot_replaces_the_events_only_when_the_writer_has_everything()
    {
        var profile = Start();
        long last = 0;
        for (var i = 0; i < 60; i++)
        {
            Record(profile, NextChunk(profile, octets: 100));
            last = _writer.ExpectMsg<StoreIntervals>().SequenceNr;
            // The writer lags by one all the time.
            profile.Tell(new IntervalsStored("profile-m-1-hourly", last - 1), _writer);
        }

        Stop(profile);
        profile = Start();
        _writer.ReceiveN(60).Count.ShouldBe(60);
        var before = Coverage(profile);
        profile.Tell(new IntervalsStored("profile-m-1-hourly", last), _writer);

        // What is deleted is not told again: once the snapshot is there, a successor has nothing for the writer.
        AwaitAssert(() =>
        {
            Stop(profile);
            var writer = CreateTestProbe();
            profile = Start(writer);
            Coverage(profile).ShouldBeEquivalentTo(before);
            writer.ExpectNoMsg(Short);
        });
        NextChunk(profile, octets: 100).ShouldNotBeNull();
    }

    [Fact]
    public void A_writer_that_is_silent_is_told_again_after_half_a_minute()
    {
        var profile = Start();
        Record(profile, NextChunk(profile));
        var stored = _writer.ExpectMsg<StoreIntervals>();
        Settle(profile);

        _time.Advance(TimeSpan.FromSeconds(31));
        _writer.ExpectMsg<StoreIntervals>().SequenceNr.ShouldBe(stored.SequenceNr);

        profile.Tell(new IntervalsStored("profile-m-1-hourly", stored.SequenceNr), _writer);
        Settle(profile);
        _time.Advance(TimeSpan.FromSeconds(31));
        _writer.ExpectNoMsg(Short);
    }

    [Fact]
    public void A_reread_asks_what_is_recorded_once_more_and_wakes_the_meter()
    {
        var profile = Start();
        var chunk = NextChunk(profile);
        Record(profile, chunk);
        var first = _writer.ExpectMsg<StoreIntervals>();
        var operators = CreateTestProbe();

        profile.Tell(new Reread(chunk.Range), operators);

        operators.ExpectMsg<RereadAccepted>().Intervals.ShouldBe(24);
        ExpectMsg<ChunkDue>().Curve.ShouldBe(Curve.Hourly);
        var again = NextChunk(profile);
        again.Range.ShouldBe(chunk.Range);
        Record(profile, again).ShouldBe(24);
        _writer.ExpectMsg<StoreIntervals>().SequenceNr.ShouldBeGreaterThan(first.SequenceNr);
        NextChunk(profile).Range.ShouldNotBe(chunk.Range);
    }

    [Fact]
    public void A_range_in_which_nothing_is_expected_is_no_reread()
    {
        var profile = Start();
        NextChunk(profile);

        profile.Tell(new Reread(new TimeRange(Moment, Moment + Duration.FromDays(9))), TestActor);

        ExpectMsg<RereadAccepted>().Intervals.ShouldBe(0);
        ExpectNoMsg(Short);
    }

    [Fact]
    public void A_segment_of_another_meter_begins_once()
    {
        var profile = Start();
        Record(profile, NextChunk(profile));
        var lost = Coverage(profile).Lost;

        for (var i = 0; i < 2; i++)
        {
            profile.Tell(new BeginSegment(4712), TestActor);
            ExpectMsg<SegmentBegun>().Curve.ShouldBe(Curve.Hourly);
        }

        // What the first meter had and was not asked for is lost with it.
        Coverage(profile).Lost.ShouldBeGreaterThan(lost);
        Coverage(profile).Missing.ShouldBe(0);
        Coverage(profile).Recorded.ShouldBe(24);
    }

    [Fact]
    public void An_edited_start_moves_only_earlier()
    {
        _settings = _settings with { From = Hour(Moment) - Duration.FromDays(5) };
        var profile = Start();
        NextChunk(profile);
        var expected = Coverage(profile).Expected;

        Stop(profile);
        _settings = _settings with { From = Hour(Moment) - Duration.FromDays(3) };
        profile = Start();
        Coverage(profile).Expected.ShouldBe(expected);

        Stop(profile);
        _settings = _settings with { From = Hour(Moment) - Duration.FromDays(7) };
        Coverage(Start()).Expected.ShouldBe(expected + 48);
    }

    [Fact]
    public void When_all_is_read_it_says_when_the_next_interval_is_due_and_has_it_then()
    {
        _settings = _settings with { Depth = Duration.FromDays(1) };
        var profile = Start();
        Record(profile, NextChunk(profile));
        profile.Tell(new GetNextChunk(_session, 28_800), TestActor);
        var due = ExpectMsg<NothingDue>().NextDue;
        due.ShouldBe(Hour(Moment - Duration.FromMinutes(2)) + Duration.FromMinutes(62));

        _time.Advance((due - Moment).ToTimeSpan());

        NextChunk(profile).ExpectedIntervals.ShouldBe(1);
    }

    [Fact]
    public void The_status_is_told_when_it_has_changed_and_only_then()
    {
        var profile = Start();
        _readings.ExpectMsg<ProfileStatus>().Expected.ShouldBe(0);
        var chunk = NextChunk(profile);
        _readings.FishForMessage<ProfileStatus>(status => status.Missing > 24).Recorded.ShouldBe(0);
        Record(profile, chunk);
        Settle(profile);
        // What is shown as recorded can be queried: the tables have it.
        _readings.ExpectMsg<CurveRecorded>();
        _readings.ExpectNoMsg(Short);
        profile.Tell(new IntervalsStored("profile-m-1-hourly", long.MaxValue), _writer);
        var status = _readings.FishForMessage<ProfileStatus>(one => one.Recorded == 24);
        status.RecordedTo.ShouldBe(chunk.Range.To);
        status.State.ShouldBe(CurveState.Ok);

        Record(profile, chunk);
        NextChunk(profile);

        _readings.ExpectNoMsg(Short);
    }

    [Fact]
    public void A_refused_curve_is_shown_as_unsupported()
    {
        var profile = Start();
        _meter.Refuses = CauseOfTransmission.AddressNotKnown;
        Record(profile, NextChunk(profile)).ShouldBe(0);

        _readings.FishForMessage<ProfileStatus>(status => status.State == CurveState.Unsupported).Recorded.ShouldBe(0);
        profile.Tell(new GetNextChunk(_session, 28_800), TestActor);
        ExpectMsg<NothingDue>().NextDue.ShouldBe(Moment + Duration.FromDays(1));
    }

    [Fact]
    public void The_grid_has_the_period_of_the_meters_configuration_from_the_first_chunk()
    {
        _settings = _settings with { Curve = Curve.QuarterHour };
        _session = _session with { Periods = new CurvePeriods(60, 5) };
        var profile = Start();

        var chunk = NextChunk(profile);

        chunk.ExpectedIntervals.ShouldBe((int)(chunk.Range.Length.TotalMinutes / 5));
        Coverage(profile).Expected.ShouldBeInRange(20 * 288 - 12, 20 * 288 + 12);
    }

    [Fact]
    public void A_period_that_changed_in_the_configuration_opens_a_new_stretch_after_what_is_recorded_also_after_a_restart()
    {
        _session = _session with { Periods = new CurvePeriods(60, 15) };
        var profile = Start();
        var newest = NextChunk(profile);
        Record(profile, newest);
        var before = Coverage(profile);
        Sys.Scheduler.ShouldBeOfType<TestScheduler>().Advance(TimeSpan.FromHours(6));

        _session = _session with { Periods = new CurvePeriods(30, 15) };
        NextChunk(profile);

        var expected = before.Expected + (int)((Moment - _settings.Settle - newest.Range.To).TotalMinutes / 30);
        Coverage(profile).Expected.ShouldBe(expected);
        Coverage(profile).Recorded.ShouldBe(before.Recorded);
        Stop(profile);
        profile = Start();
        Coverage(profile).Expected.ShouldBe(expected);
        NextChunk(profile);
        Coverage(profile).Expected.ShouldBe(expected);
    }

    [Fact]
    public void A_configuration_that_says_what_it_said_before_is_not_believed_against_the_tags()
    {
        _session = _session with { Periods = new CurvePeriods(60, 15) };
        _meter = new FakeMeter { PeriodMinutes = 30 };
        var profile = Start();
        Record(profile, NextChunk(profile));
        var learned = Coverage(profile);
        learned.Expected.ShouldBeInRange(20 * 48 - 2, 20 * 48 + 2);

        NextChunk(profile);

        Coverage(profile).Expected.ShouldBe(learned.Expected);
    }

    [Fact]
    public void Another_firmware_is_asked_with_the_cheapest_request_again()
    {
        _meter = new FakeMeter { Methods = [ReadMethod.Objects] };
        _session = _session with { Firmware = "KA 77" };
        var profile = Start();
        ReadMethods.Of(NextChunk(profile).Request).ShouldBe(ReadMethod.BlocksOf8);
        Record(profile, NextChunk(profile));
        Record(profile, NextChunk(profile));
        ReadMethods.Of(NextChunk(profile).Request).ShouldBe(ReadMethod.Objects);

        _session = _session with { Firmware = null };
        ReadMethods.Of(NextChunk(profile).Request).ShouldBe(ReadMethod.Objects);
        _session = _session with { Firmware = "KA 78" };
        ReadMethods.Of(NextChunk(profile).Request).ShouldBe(ReadMethod.BlocksOf8);
    }

    [Fact]
    public void What_the_journal_cannot_save_or_delete_is_told_in_the_log_and_recording_goes_on()
    {
        var profile = Start();
        var error = new IOException("No space is left.");

        EventFilter.Warning(contains: "meter m-1: the snapshot of its hourly curve").ExpectOne(() =>
            profile.Tell(new SaveSnapshotFailure(new SnapshotMetadata("profile-m-1-hourly", 1, default), error)));
        EventFilter.Warning(contains: "meter m-1: what the journal no longer needs of its hourly curve").Expect(2, () =>
        {
            profile.Tell(new DeleteMessagesFailure(error, 1));
            profile.Tell(new DeleteSnapshotsFailure(SnapshotSelectionCriteria.Latest, error));
        });

        NextChunk(profile).ExpectedIntervals.ShouldBe(24);
    }

    [Fact]
    public void Events_and_snapshots_go_through_the_serializer_of_profiles()
    {
        foreach (var stored in FirstVersion.All.Select(one => one.Stored).Append(FirstVersion.Recorded).Append(FirstVersion.State))
        {
            var serializer = Sys.Serialization.FindSerializerFor(stored).ShouldBeOfType<ProfileSerializer>();
            serializer.FromBinary(serializer.ToBinary(stored), serializer.Manifest(stored)).ShouldBeOfType(stored.GetType());
        }
    }

    private IActorRef Start(TestProbe? writer = null) => Sys.ActorOf(ProfileActor.Props(_settings, _readings, writer ?? _writer, _time));

    private void Stop(IActorRef profile)
    {
        Watch(profile);
        profile.Tell(PoisonPill.Instance);
        ExpectTerminated(profile);
    }

    private void SetJournal(UnreliableJournal.Mode mode)
    {
        var probe = CreateTestProbe();
        Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor("").Tell(new UnreliableJournal.SetMode(mode), probe);
        probe.ExpectMsg<UnreliableJournal.ModeSet>();
    }

    private ReadChunk NextChunk(IActorRef profile, int octets = 28_800)
    {
        profile.Tell(new GetNextChunk(_session, octets), TestActor);
        return ExpectMsg<ReadChunk>();
    }

    private ChunkAnswered Answered(ReadChunk chunk) => new(chunk, _meter.Answer(chunk, Moment), _session);

    private int Record(IActorRef profile, ReadChunk chunk)
    {
        profile.Tell(Answered(chunk), TestActor);
        return ExpectMsg<ChunkRecorded>().Recorded;
    }

    private CoverageReport Coverage(IActorRef profile)
    {
        var probe = CreateTestProbe();
        profile.Tell(new GetCoverage(Range: null), probe);
        return probe.ExpectMsg<CoverageReport>();
    }

    /// <summary>Everything sent before has been handled when this returns.</summary>
    private void Settle(IActorRef profile) => Coverage(profile);

    private static Instant Hour(Instant instant) => IntervalGrid.Of(60).Floor(instant);
}
