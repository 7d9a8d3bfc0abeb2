using Akka.Actor;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>A meter that refuses the login, is a different one than expected, or cannot be reached.</summary>
public sealed class MeterOutOfReachTests : MeterBench
{
    [Fact]
    public void A_refused_login_is_tried_again_after_a_quarter_of_an_hour_then_an_hour_then_daily()
    {
        var meter = Start();
        Know(meter, null);
        var begun = _time.Now();
        foreach (var wait in new[] { TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(1) })
        {
            Answer(meter, ExpectLogin(), ExchangeEnd.Refused);
            var status = Status(MeterState.Refused);
            status.LastError.ShouldBe(
                "The meter refuses the login (it gives no reason): check the password and the measurement point.");
            (status.Since, status.LastErrorAt).ShouldBe((begun, _time.Now()));
            status.NextTry.ShouldBe(_time.Now() + Duration.FromTimeSpan(wait));
            Settle(meter);
            _time.Advance(wait - TimeSpan.FromSeconds(1));
            _port.ExpectNoMsg(TimeSpan.FromMilliseconds(30));
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        ExpectLogin();
    }

    [Fact]
    public void An_operators_retry_logs_in_at_once()
    {
        var meter = Start();
        Know(meter, null);
        Answer(meter, ExpectLogin(), ExchangeEnd.Refused);
        Status(MeterState.Refused);

        meter.Tell(new RetryLogin(), TestActor);

        ExpectMsg<OperatorActionAccepted>();
        _port.ExpectMsg<RetryNow>();
        ExpectLogin();
    }

    [Fact]
    public void Another_serial_number_than_the_recorded_one_is_a_wrong_meter_and_nothing_of_it_is_read()
    {
        var meter = Start();
        LogInToWrongMeter(meter, known: Serial + 1);

        var status = Status(MeterState.WrongMeter);
        status.LastError.ShouldNotBeNull().ShouldContain((Serial + 1).ToString());
        _profile.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        _port.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void The_serial_number_of_the_configuration_wins()
    {
        _configuration = _configuration with { SerialNumber = Serial + 2 };
        LogInToWrongMeter(Start());
        Status(MeterState.WrongMeter);
    }

    [Fact]
    public void A_meter_declared_replaced_begins_a_new_segment_before_anything_is_read()
    {
        var meter = Start();
        LogInToWrongMeter(meter, known: Serial + 1);
        Status(MeterState.WrongMeter);
        meter.Tell(new DeclareReplaced(), TestActor);
        ExpectMsg<OperatorActionAccepted>();
        _port.ExpectMsg<RetryNow>();

        FinishLogin(meter, epoch: 2);
        Answer(meter, Expect(TypeIdentification.ReadConfiguration), epoch: 2, answers: [MeterAnswers.Registrar()]);

        _profile.ExpectMsg<BeginSegment>().SerialNumber.ShouldBe(Serial);
        _profile.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        meter.Tell(new SegmentBegun(Curve.Hourly));
        _profile.ExpectMsg<GetNextChunk>();
    }

    [Fact]
    public void A_meter_that_does_not_answer_is_left_to_the_port_until_it_says_that_it_answers()
    {
        var meter = Start();
        Know(meter, null);
        Answer(meter, ExpectLogin(), ExchangeEnd.NoAnswer);
        meter.Tell(new LinkStateChanged(Link, Answers: false));
        Status(MeterState.Demoted);
        var begun = _time.Now();
        Settle(meter);
        _time.Advance(TimeSpan.FromHours(5));
        _port.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        meter.Tell(new LinkProbed(Link, _time.Now() + Duration.FromMinutes(10)));
        var status = Status(MeterState.Demoted);
        (status.Since, status.NextTry).ShouldBe((begun, _time.Now() + Duration.FromMinutes(10)));

        meter.Tell(new LinkStateChanged(Link, Answers: true));

        ExpectLogin();
    }

    [Fact]
    public void A_lost_port_is_waited_for()
    {
        var meter = Start();
        Know(meter, null);
        Answer(meter, ExpectLogin(), ExchangeEnd.PortLost);
        meter.Tell(new PortStateChanged(PortState.BackingOff, "no answer from the converter"));
        Settle(meter);
        _time.Advance(TimeSpan.FromMinutes(10));
        _port.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        meter.Tell(new PortStateChanged(PortState.Open, null));

        ExpectLogin();
    }
}
