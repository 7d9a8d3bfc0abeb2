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

public sealed class MeterActorTests : MeterBench
{
    [Fact]
    public void It_asks_nothing_before_the_writer_has_said_whose_history_this_is()
    {
        var meter = Start();
        _port.ExpectMsg<RegisterMeter>().LinkAddress.ShouldBe(Link);
        _writer.ExpectMsg<GetIdentity>();
        _port.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        meter.Tell(Everything(null));

        _port.ExpectMsg<ExchangeRequest>().Request.Header.Type.ShouldBe(TypeIdentification.Login);
    }

    [Fact]
    public void It_asks_the_writer_again_until_it_answers()
    {
        var meter = Start();
        _writer.ExpectMsg<GetIdentity>();
        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(5));
        _writer.ExpectMsg<GetIdentity>();
        _liveState.FishForMessage<MeterStatus>(status => status.LastError is not null).LastError!.ShouldContain("storage");

        meter.Tell(new KnownIdentity("m-1", null, null, [], []));
        _liveState.FishForMessage<MeterStatus>(status => status.LastError is null);
    }

    [Fact]
    public void A_login_is_followed_by_identity_and_clock_and_only_then_the_meter_is_online()
    {
        var meter = Start();
        LogIn(meter);

        Stored<StoreIdentity>().Identification.SerialNumber.ShouldBe(Serial);
        Status(MeterState.Online).SerialNumber.ShouldBe(Serial);
    }

    [Fact]
    public void The_session_of_a_login_is_named_in_every_later_request()
    {
        var meter = Start();
        LogIn(meter, epoch: 5);
        _profile.ExpectMsg<GetNextChunk>().Session.SerialNumber.ShouldBe(Serial);
        meter.Tell(Chunk());

        var request = _port.ExpectMsg<ExchangeRequest>();
        request.Class.ShouldBe(RequestClass.History);
        request.Epoch.ShouldBe(5);
    }

    [Fact]
    public void What_arrived_goes_to_the_profile_before_more_is_asked()
    {
        var meter = Start();
        LogIn(meter);
        _profile.ExpectMsg<GetNextChunk>();
        var chunk = Chunk();
        meter.Tell(chunk);
        Answer(meter, _port.ExpectMsg<ExchangeRequest>());

        _profile.ExpectMsg<ChunkAnswered>().Chunk.ShouldBe(chunk);
        _profile.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        meter.Tell(new ChunkRecorded(Curve.Hourly, 24));
        _profile.ExpectMsg<GetNextChunk>();
    }

    [Fact]
    public void A_profile_that_an_operator_wants_read_again_is_asked_before_its_time()
    {
        var meter = Start();
        LogIn(meter);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new NothingDue(Curve.Hourly, _time.Now() + Duration.FromHours(1)));

        meter.Tell(new ChunkDue(Curve.Hourly));

        _profile.ExpectMsg<GetNextChunk>();
    }

    [Fact]
    public void A_chunk_that_was_cut_goes_to_the_profile_too_and_the_meter_logs_in_again()
    {
        var meter = Start();
        LogIn(meter, epoch: 3);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(Chunk());
        Answer(meter, _port.ExpectMsg<ExchangeRequest>(), ExchangeEnd.SessionLost);

        _profile.ExpectMsg<ChunkAnswered>().Ended.End.ShouldBe(ExchangeEnd.SessionLost);
        meter.Tell(new ChunkRecorded(Curve.Hourly, 0));
        var login = _port.ExpectMsg<ExchangeRequest>();
        login.Request.Header.Type.ShouldBe(TypeIdentification.Login);
        login.Epoch.ShouldBe(3);
    }

    [Fact]
    public void A_clock_that_is_refused_at_the_login_means_a_dropped_session_first_and_a_meter_without_it_when_it_is_refused_again()
    {
        var meter = Start();
        Know(meter, null);
        for (var login = 0; login < 2; login++)
        {
            Answer(meter, ExpectLogin());
            Answer(meter, Expect(TypeIdentification.ReadDeviceIdentification), answers: [MeterAnswers.Identification(Serial)]);
            Refuse(meter, Expect(TypeIdentification.ReadCurrentTime), CauseOfTransmission.TypeNotAvailable);
        }

        Status(MeterState.Online);
        _profile.ExpectMsg<GetNextChunk>();
    }

    [Fact]
    public void A_session_that_was_not_used_for_session_idle_is_opened_anew()
    {
        var meter = Start();
        LogIn(meter, epoch: 4);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new NothingDue(Curve.Hourly, _time.Now() + Duration.FromMinutes(9)));
        Settle(meter);

        _time.Advance(TimeSpan.FromMinutes(10));

        ExpectLogin().Epoch.ShouldBe(4);
    }

    [Fact]
    public void Current_values_are_read_every_period_shown_and_kept()
    {
        var every15Seconds = new CurrentValuesConfiguration { Every = TimeSpan.FromSeconds(15), Groups = CurrentValueGroups.Totals };
        _configuration = _configuration with { CurrentValues = every15Seconds };
        var meter = Start();
        Know(meter, null);
        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(10));
        FinishLogin(meter, epoch: 1);

        var read = _port.ExpectMsg<ExchangeRequest>();
        read.Request.Asdu[AsduHeader.Length..].ToArray().ShouldBe([ObjectAddress.Totals]);
        Answer(meter, read, answers: [Totals(register: 12345)]);

        var told = (CurrentValuesRead)_liveState.FishForMessage(message => message is CurrentValuesRead);
        told.Values.Single(value => value.Id == "energy.active.import").Value.ShouldBe(12345);
        var stored = Stored<StoreCurrentValues>();
        (stored.Values, stored.KeepHistory).ShouldBe((told.Values, false));
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new NothingDue(Curve.Hourly, _time.Now() + Duration.FromDays(30)));
        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(15));
        _port.ExpectMsg<ExchangeRequest>().Request.Header.Type.ShouldBe(TypeIdentification.ReadInstantaneousValues);
    }

    [Fact]
    public void Asked_to_report_it_tells_its_state_and_its_last_values_again()
    {
        var every15Seconds = new CurrentValuesConfiguration { Every = TimeSpan.FromSeconds(15), Groups = CurrentValueGroups.Totals };
        _configuration = _configuration with { CurrentValues = every15Seconds };
        var meter = Start();
        Know(meter, null);
        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(10));
        FinishLogin(meter, epoch: 1);
        Answer(meter, _port.ExpectMsg<ExchangeRequest>(), answers: [Totals(register: 12345)]);
        Settle(meter);
        var told = new List<object>();
        while (_liveState.HasMessages)
            told.Add(_liveState.ReceiveOne(TimeSpan.Zero));

        meter.Tell(new ReportStatus());

        _liveState.ExpectMsg<MeterStatus>().ShouldBe(told.OfType<MeterStatus>().Last());
        _liveState.ExpectMsg<CurrentValuesRead>().ShouldBe(told.OfType<CurrentValuesRead>().Last());
    }

    [Theory]
    [InlineData("m-1")]
    [InlineData("another")]
    public void What_becomes_due_for_all_meters_at_once_is_asked_within_a_minute_each_at_its_own_moment(string id)
    {
        _configuration = _configuration with { Id = id };
        var meter = Start();
        LogIn(meter);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new NothingDue(Curve.Hourly, _time.Now() + Duration.FromSeconds(10)));
        Settle(meter);
        var own = TimeSpan.FromSeconds(10 + 60 * StableHash.Fraction(id));

        _time.Advance(own - TimeSpan.FromSeconds(1));
        _profile.ExpectNoMsg(TimeSpan.FromMilliseconds(30));
        _time.Advance(TimeSpan.FromSeconds(2));
        _profile.ExpectMsg<GetNextChunk>();
    }

    [Fact]
    public void Reading_now_answers_with_the_values()
    {
        var meter = Start();
        LogIn(meter);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new ReadNow(Readable.CurrentValues, DialogueBench.Patience), TestActor);

        var read = _port.ExpectMsg<ExchangeRequest>();
        read.Class.ShouldBe(RequestClass.OnDemand);
        Answer(meter, read, answers: [Totals(register: 5)]);

        ExpectMsg<ReadNowAnswer.CurrentValues>().Values.Count.ShouldBe(6);
    }

    [Fact]
    public void Reading_now_from_a_meter_that_does_not_answer_says_so()
    {
        var meter = Start();
        Know(meter, null);
        var login = ExpectLogin();
        meter.Tell(new ReadNow(Readable.CurrentValues, DialogueBench.Patience), TestActor);
        Answer(meter, login, ExchangeEnd.NoAnswer);

        ExpectMsg<ReadNowAnswer.NoAnswer>();
    }

    [Fact]
    public void A_port_that_was_restarted_is_registered_with_again()
    {
        var meter = Start();
        Know(meter, null);
        ExpectLogin();

        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(91));

        _port.ExpectMsg<RegisterMeter>();
        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(2));
        ExpectLogin();
    }

    [Fact]
    public void What_an_operator_wants_read_again_is_asked_for_before_its_time()
    {
        var meter = Start();
        LogIn(meter);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new NothingDue(Curve.Hourly, _time.Now() + Duration.FromHours(1)));
        Settle(meter);
        _profile.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        meter.Tell(new ChunkDue(Curve.Hourly));

        _profile.ExpectMsg<GetNextChunk>();
    }

    [Fact]
    public void A_profile_that_was_restarted_is_asked_again()
    {
        var meter = Start();
        LogIn(meter);
        _profile.ExpectMsg<GetNextChunk>();

        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(61));

        _profile.ExpectMsg<GetNextChunk>();
    }

    [Fact]
    public void A_profile_that_says_that_it_was_restarted_is_asked_again_at_once_and_a_chunk_that_it_lost_is_read_after_5_seconds()
    {
        var meter = Start();
        LogIn(meter);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new CurveRestarted(Curve.Hourly));
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(Chunk());
        Answer(meter, _port.ExpectMsg<ExchangeRequest>());
        _profile.ExpectMsg<ChunkAnswered>();

        meter.Tell(new CurveRestarted(Curve.Hourly));
        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Settle(meter);
        _profile.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        _time.Advance(TimeSpan.FromSeconds(0.2));

        _profile.ExpectMsg<GetNextChunk>();
    }

    [Fact]
    public void While_an_exchange_runs_what_else_is_due_does_not_keep_the_meter_busy()
    {
        var meter = Start();
        Know(meter, null);
        ExpectLogin();

        ShouldSleep(meter);
    }

    [Fact]
    public void While_the_port_is_backing_off_what_is_due_does_not_keep_the_meter_busy()
    {
        var meter = Start();
        Know(meter, null);
        var login = ExpectLogin();
        meter.Tell(new PortStateChanged(PortState.BackingOff, "gone"));
        Answer(meter, login, ExchangeEnd.PortLost);
        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(2));

        ShouldSleep(meter);
    }

    private byte[] Totals(uint register)
    {
        var one = new EnergyRegister(register);
        return MeterAnswers.Instantaneous(
            new InstantaneousValues(new EnergyTotals(one, one, one, one, one, one, CivilTime.ToTagA(_time.Now(), Madrid)), null, null));
    }

    /// <summary>Checks that the actor is idle: it reads the clock whenever it does anything, and there are hardly any reads.</summary>
    private void ShouldSleep(IActorRef meter)
    {
        Settle(meter);
        var before = _time.Reads;
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            Settle(meter);
        }

        (_time.Reads - before).ShouldBeLessThanOrEqualTo(1);
    }
}
