using Akka.Actor;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>Setting the clock of a meter whose intervals end at every quarter of an hour.</summary>
public sealed class ClockSettingTests : MeterBench
{
    private static readonly Duration Offset = Duration.FromSeconds(90);

    public ClockSettingTests() => _configuration = _configuration with
    {
        Clock = new ClockConfiguration { Set = new ClockSetConfiguration(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)) },
    };

    [Fact]
    public void A_clock_that_is_90_s_off_is_set_and_read_again_at_once()
    {
        var meter = StartAt(minute: 5);
        FinishLogin(meter, clockOffset: Offset);
        var write = Expect(TypeIdentification.SetClock);
        write.Timeout.ShouldBeLessThanOrEqualTo(ClockSetRule.SendWithin.ToTimeSpan());
        LabelOf(write, _time.Now()).ShouldBe(_time.Now());
        LabelOf(write, _time.Now() + Duration.FromSeconds(3)).ShouldBe(_time.Now() + Duration.FromSeconds(3));
        Answer(meter, write);

        var written = Stored<ClockWritten>();
        (written.Outcome, written.Error, written.SerialNumber).ShouldBe((ClockWriteOutcome.Set, null, Serial));
        written.OffsetBefore.ShouldBeInRange(Offset - Duration.FromMilliseconds(1), Offset);
        CivilTime.ToInstant(written.Written, Madrid, SummerTimeHabit.SuBit).ShouldBe(Milliseconds(_time.Now()));
        AnswerClock(meter, Expect(TypeIdentification.ReadCurrentTime), Duration.Zero);
        Stored<StoreClockCheck>().Reading.Offset.ShouldBeInRange(Duration.FromMilliseconds(-1), Duration.FromMilliseconds(1));
    }

    [Theory]
    [InlineData(2400, true)]
    [InlineData(-2400, true)]
    [InlineData(120.5, true)]
    [InlineData(119.5, false)]
    public void A_clock_that_is_never_set_is_reported_when_it_is_off_by_clock_alarm(double offset, bool isReported)
    {
        _configuration = _configuration with { Clock = new ClockConfiguration() };
        var meter = StartAt(minute: 5);
        FinishLogin(meter, clockOffset: Duration.FromSeconds(offset));

        var status = (MeterStatus)_liveState.FishForMessage(message => message is MeterStatus { ClockOffset: not null });

        status.ClockOffSince.ShouldBe(isReported ? _time.Now() : null);
        (status.ClockAlarm is not null).ShouldBe(isReported);
        status.NextClockCheck.ShouldBe(_time.Now() + Duration.FromHours(1));
    }

    [Fact]
    public void The_label_is_ahead_by_the_time_that_it_takes_to_arrive()
    {
        var meter = StartAt(minute: 5);
        Answer(meter, ExpectLogin());
        Answer(meter, Expect(TypeIdentification.ReadDeviceIdentification), answers: [MeterAnswers.Identification(Serial)]);
        Answer(
            meter, Expect(TypeIdentification.ReadCurrentTime), answers: [MeterAnswers.Clock(_time.Now() + Offset, Madrid)],
            roundTrip: TimeSpan.FromSeconds(2));

        LabelOf(Expect(TypeIdentification.SetClock), _time.Now()).ShouldBe(_time.Now() + Duration.FromSeconds(1));
    }

    [Theory]
    [InlineData(14, 90, true)] // less than two minutes to the end of an interval
    [InlineData(5, 3, true)] // less than min
    [InlineData(5, 700, true)] // more than max
    [InlineData(5, 90, false)] // our own clock may be wrong
    public void Otherwise_it_is_not_set(int minute, double offset, bool synchronised)
    {
        _hostClock.IsSynchronised = synchronised;
        var meter = StartAt(minute);
        FinishLogin(meter, clockOffset: Duration.FromSeconds(offset));
        _profile.ExpectMsg<GetNextChunk>();
        _port.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        if (minute == 14 || offset < 5)
            return;
        Status(alarm => alarm is not null).ClockAlarm.ShouldNotBeNull().ShouldContain(offset > 600 ? "clock.set.max" : "synchronised");
    }

    [Fact]
    public void Near_the_end_of_an_interval_it_is_read_again_when_that_has_passed_and_set_then()
    {
        var meter = StartAt(minute: 14);
        FinishLogin(meter, clockOffset: Offset);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new NothingDue(Curve.Hourly, _time.Now() + Duration.FromDays(1)));
        Settle(meter);

        _time.Advance(TimeSpan.FromMinutes(3) + TimeSpan.FromSeconds(1));
        FinishLogin(meter, clockOffset: Offset);
        Expect(TypeIdentification.SetClock);
    }

    [Fact]
    public void Without_clock_set_nothing_is_ever_written()
    {
        _configuration = _configuration with { Clock = new ClockConfiguration() };
        var meter = StartAt(minute: 5);
        FinishLogin(meter, clockOffset: Offset);
        _profile.ExpectMsg<GetNextChunk>();
        _port.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_login_with_the_write_password_precedes_the_writing_and_a_normal_one_follows_it()
    {
        _configuration = _configuration with { WritePassword = new Secret(99) };
        var meter = StartAt(minute: 5);
        FinishLogin(meter, clockOffset: Offset);
        Answer(meter, ExpectLogin(key: 99), epoch: 2);
        var write = Expect(TypeIdentification.SetClock);
        write.Epoch.ShouldBe(2);
        Answer(meter, write, epoch: 2);

        Stored<ClockWritten>().Outcome.ShouldBe(ClockWriteOutcome.Set);
        ExpectLogin(key: 7).Epoch.ShouldBe(2);
    }

    [Fact]
    public void A_refused_write_password_is_told_and_the_meter_is_read_on()
    {
        _configuration = _configuration with { WritePassword = new Secret(99) };
        var meter = StartAt(minute: 5);
        FinishLogin(meter, clockOffset: Offset);
        Answer(meter, ExpectLogin(key: 99), ExchangeEnd.Refused);

        var written = Stored<ClockWritten>();
        written.Outcome.ShouldBe(ClockWriteOutcome.Refused);
        written.Error.ShouldNotBeNull().ShouldContain("write password");
        FinishLogin(meter, clockOffset: Offset);
        _profile.ExpectMsg<GetNextChunk>();
    }

    [Theory]
    [InlineData(ExchangeEnd.Refused, ClockWriteOutcome.Refused)]
    [InlineData(ExchangeEnd.Expired, ClockWriteOutcome.NoAnswer)]
    public void A_clock_that_could_not_be_set_raises_an_alarm_and_is_tried_again_after_an_hour(ExchangeEnd end, ClockWriteOutcome outcome)
    {
        var meter = StartAt(minute: 5);
        FinishLogin(meter, clockOffset: Offset);
        Answer(meter, Expect(TypeIdentification.SetClock), end);
        Stored<ClockWritten>().Outcome.ShouldBe(outcome);
        Status(alarm => alarm is not null).ClockAlarm.ShouldNotBeNull().ShouldContain("could not be set");

        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(2));
        if (end == ExchangeEnd.Refused)
            AnswerClock(meter, Expect(TypeIdentification.ReadCurrentTime), Offset);
        else
            FinishLogin(meter, clockOffset: Offset);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new NothingDue(Curve.Hourly, _time.Now() + Duration.FromDays(1)));
        Settle(meter);
        _time.Advance(TimeSpan.FromMinutes(59));
        _port.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        _time.Advance(TimeSpan.FromMinutes(2));
        FinishLogin(meter, clockOffset: Offset);
        Expect(TypeIdentification.SetClock);
    }

    [Fact]
    public void A_request_that_never_went_out_is_no_attempt()
    {
        var meter = StartAt(minute: 5);
        FinishLogin(meter, clockOffset: Offset);
        var write = Expect(TypeIdentification.SetClock);
        meter.Tell(new ExchangeEnded(
            write.Id, write.Request, ExchangeEnd.Expired, default, false, 1, [], _time.Now(), _time.Now(), TimeSpan.Zero, "waited",
            new LineRate(900, OthersWait: true)));
        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(2));

        FinishLogin(meter, clockOffset: Offset);
        Expect(TypeIdentification.SetClock);
    }

    private IActorRef StartAt(int minute)
    {
        var now = _time.Now();
        var hour = Duration.FromHours(1).BclCompatibleTicks;
        var next = Instant.FromUnixTimeTicks((now.ToUnixTimeTicks() / hour + 1) * hour) + Duration.FromMinutes(minute);
        _time.Advance((next - now).ToTimeSpan());
        var meter = Start();
        Know(meter, Serial);
        return meter;
    }

    private MeterStatus Status(Func<string?, bool> alarm) =>
        (MeterStatus)_liveState.FishForMessage(message => message is MeterStatus status && alarm(status.ClockAlarm));

    /// <summary>The instant that the request would write if it were sent at the given moment.</summary>
    private static Instant LabelOf(ExchangeRequest request, Instant moment)
    {
        Asdu.TryRead(request.Clock.ShouldNotBeNull().At(moment).Asdu, out var asdu).ShouldBeTrue();
        MeterClock.TryRead(asdu, out var clock).ShouldBeTrue();
        var label = CivilTime.ToInstant(clock.Time, Madrid, SummerTimeHabit.SuBit).ShouldNotBeNull();
        return label + (moment - Milliseconds(moment));
    }

    private static Instant Milliseconds(Instant instant) => Instant.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}
