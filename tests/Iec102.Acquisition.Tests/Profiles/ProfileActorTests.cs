using Akka.TestKit;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>Everything is stored before it is acknowledged (promises R1 and R2).</summary>
public sealed class ProfileActorTests : ProfileBench
{
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
        SetJournal(StoreMode.Wait);
        profile.Tell(Answered(chunk), TestActor);

        ExpectNoMsg(Short);
        Writer.ExpectNoMsg(TimeSpan.Zero);

        SetJournal(StoreMode.Work);
        var stored = Writer.ExpectMsg<StoreIntervals>();
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
        Writer.ExpectMsg<StoreIntervals>();

        Record(profile, chunk).ShouldBe(0);

        Writer.ExpectNoMsg(Short);
    }

    [Fact]
    public void The_meter_waits_while_the_writer_has_more_than_four_events_to_confirm()
    {
        var profile = Start();
        for (var i = 0; i < 4; i++)
            Record(profile, NextChunk(profile, octets: 2_000));
        profile.Tell(Answered(NextChunk(profile, octets: 2_000)), TestActor);
        ExpectNoMsg(Short);
        var fifth = Writer.ReceiveN(5).Cast<StoreIntervals>().ToList()[^1].SequenceNr;

        profile.Tell(new IntervalsStored("profile-m-1-hourly", fifth), Writer);

        ExpectMsg<ChunkRecorded>();
    }

    [Fact]
    public void A_meter_that_gave_up_waiting_and_asks_again_waits_as_well()
    {
        var profile = Start();
        for (var i = 0; i < 4; i++)
            Record(profile, NextChunk(profile, octets: 2_000));
        profile.Tell(Answered(NextChunk(profile, octets: 2_000)), TestActor);
        profile.Tell(new GetNextChunk(Session, 2_000), TestActor);
        ExpectNoMsg(Short);

        profile.Tell(new IntervalsStored("profile-m-1-hourly", long.MaxValue), Writer);

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
        var told = Writer.ReceiveN(3).Cast<StoreIntervals>().Select(one => one.SequenceNr).ToList();
        Stop(profile);

        var again = Start();

        Writer.ReceiveN(3).Cast<StoreIntervals>().Select(one => one.SequenceNr).ShouldBe(told);
        Coverage(again).ShouldBeEquivalentTo(before);
    }

    [Fact]
    public void A_snapshot_replaces_the_events_only_when_the_writer_has_everything()
    {
        var profile = Start();
        long last = 0;
        for (var i = 0; i < 60; i++)
        {
            Record(profile, NextChunk(profile, octets: 100));
            last = Writer.ExpectMsg<StoreIntervals>().SequenceNr;
            // The writer is always one event behind.
            profile.Tell(new IntervalsStored("profile-m-1-hourly", last - 1), Writer);
        }

        Stop(profile);
        profile = Start();
        Writer.ReceiveN(60).Count.ShouldBe(60);
        var before = Coverage(profile);
        profile.Tell(new IntervalsStored("profile-m-1-hourly", last), Writer);

        // Once the snapshot is stored the events are deleted, and a successor has nothing to send to the writer.
        AwaitAssert(() =>
        {
            Stop(profile);
            var writer = CreateWriter();
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
        var stored = Writer.ExpectMsg<StoreIntervals>();
        Settle(profile);

        Time.Advance(TimeSpan.FromSeconds(31));
        Writer.ExpectMsg<StoreIntervals>().SequenceNr.ShouldBe(stored.SequenceNr);

        profile.Tell(new IntervalsStored("profile-m-1-hourly", stored.SequenceNr), Writer);
        Settle(profile);
        Time.Advance(TimeSpan.FromSeconds(31));
        Writer.ExpectNoMsg(Short);
    }

    [Fact]
    public void A_reread_asks_what_is_recorded_once_more_and_wakes_the_meter()
    {
        var profile = Start();
        var chunk = NextChunk(profile);
        Record(profile, chunk);
        var first = Writer.ExpectMsg<StoreIntervals>();
        var operators = CreateTestProbe();

        profile.Tell(new Reread(chunk.Range), operators);

        operators.ExpectMsg<RereadAccepted>().Intervals.ShouldBe(24);
        ExpectMsg<ChunkDue>().Curve.ShouldBe(Curve.Hourly);
        var again = NextChunk(profile);
        again.Range.ShouldBe(chunk.Range);
        Record(profile, again).ShouldBe(24);
        Writer.ExpectMsg<StoreIntervals>().SequenceNr.ShouldBeGreaterThan(first.SequenceNr);
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

        // Intervals of the first meter that had not been read yet are lost with it.
        Coverage(profile).Lost.ShouldBeGreaterThan(lost);
        Coverage(profile).Missing.ShouldBe(0);
        Coverage(profile).Recorded.ShouldBe(24);
    }

    [Fact]
    public void An_edited_start_moves_only_earlier()
    {
        Settings = Settings with { From = Hour(Moment) - Duration.FromDays(5) };
        var profile = Start();
        NextChunk(profile);
        var expected = Coverage(profile).Expected;

        Stop(profile);
        Settings = Settings with { From = Hour(Moment) - Duration.FromDays(3) };
        profile = Start();
        Coverage(profile).Expected.ShouldBe(expected);

        Stop(profile);
        Settings = Settings with { From = Hour(Moment) - Duration.FromDays(7) };
        Coverage(Start()).Expected.ShouldBe(expected + 48);
    }

    [Fact]
    public void When_all_is_read_it_says_when_the_next_interval_is_due_and_has_it_then()
    {
        Settings = Settings with { Depth = Duration.FromDays(1) };
        var profile = Start();
        Record(profile, NextChunk(profile));
        profile.Tell(new GetNextChunk(Session, 28_800), TestActor);
        var due = ExpectMsg<NothingDue>().NextDue;
        due.ShouldBe(Hour(Moment - Duration.FromMinutes(2)) + Duration.FromMinutes(62));

        Time.Advance((due - Moment).ToTimeSpan());

        NextChunk(profile).ExpectedIntervals.ShouldBe(1);
    }

    [Fact]
    public void The_status_is_told_when_it_has_changed_and_only_then()
    {
        var profile = Start();
        LiveState.ExpectMsg<ProfileStatus>().Missing.ShouldBe(20 * 24);
        var chunk = NextChunk(profile);
        Record(profile, chunk);
        Settle(profile);
        // The status shows intervals as recorded only once the tables have them, so that what is shown can be queried.
        LiveState.ExpectMsg<CurveRecorded>();
        LiveState.ExpectNoMsg(Short);
        profile.Tell(new IntervalsStored("profile-m-1-hourly", long.MaxValue), Writer);
        var status = LiveState.FishForMessage<ProfileStatus>(one => one.Recorded == 24);
        status.RecordedTo.ShouldBe(chunk.Range.To);
        status.State.ShouldBe(CurveState.Ok);

        Record(profile, chunk);
        NextChunk(profile);

        LiveState.ExpectNoMsg(Short);
    }

    [Fact]
    public void A_refused_curve_is_shown_as_unsupported()
    {
        var profile = Start();
        Meter.Refuses = CauseOfTransmission.AddressNotKnown;
        Record(profile, NextChunk(profile)).ShouldBe(0);

        LiveState.FishForMessage<ProfileStatus>(status => status.State == CurveState.Unsupported).Recorded.ShouldBe(0);
        profile.Tell(new GetNextChunk(Session, 28_800), TestActor);
        ExpectMsg<NothingDue>().NextDue.ShouldBe(Moment + Duration.FromDays(1));
    }

    [Fact]
    public void The_grid_has_the_period_of_the_meters_configuration_from_the_first_chunk()
    {
        Settings = Settings with { Curve = Curve.QuarterHour };
        Session = Session with { Periods = new CurvePeriods(60, 5) };
        var profile = Start();

        var chunk = NextChunk(profile);

        chunk.ExpectedIntervals.ShouldBe((int)(chunk.Range.Length.TotalMinutes / 5));
        Coverage(profile).Expected.ShouldBeInRange(20 * 288 - 12, 20 * 288 + 12);
    }

    [Fact]
    public void A_period_that_changed_in_the_configuration_opens_a_new_stretch_after_what_is_recorded_also_after_a_restart()
    {
        Session = Session with { Periods = new CurvePeriods(60, 15) };
        var profile = Start();
        var newest = NextChunk(profile);
        Record(profile, newest);
        var before = Coverage(profile);
        Sys.Scheduler.ShouldBeOfType<TestScheduler>().Advance(TimeSpan.FromHours(6));

        Session = Session with { Periods = new CurvePeriods(30, 15) };
        NextChunk(profile);

        var expected = before.Expected + (int)((Moment - Settings.Settle - newest.Range.To).TotalMinutes / 30);
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
        Session = Session with { Periods = new CurvePeriods(60, 15) };
        Meter = new FakeMeter { PeriodMinutes = 30 };
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
        Meter = new FakeMeter { Methods = [ReadMethod.Objects] };
        Session = Session with { Firmware = "KA 77" };
        var profile = Start();
        ReadMethods.Of(NextChunk(profile).Request).ShouldBe(ReadMethod.BlocksOf8);
        Record(profile, NextChunk(profile));
        Record(profile, NextChunk(profile));
        ReadMethods.Of(NextChunk(profile).Request).ShouldBe(ReadMethod.Objects);

        Session = Session with { Firmware = null };
        ReadMethods.Of(NextChunk(profile).Request).ShouldBe(ReadMethod.Objects);
        Session = Session with { Firmware = "KA 78" };
        ReadMethods.Of(NextChunk(profile).Request).ShouldBe(ReadMethod.BlocksOf8);
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
}
