using Akka.Actor;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>A meter's actor notices by itself that our clock was set.</summary>
public sealed class ClockStepActorTests : MeterBench
{
    [Theory]
    [InlineData(90)]
    [InlineData(-90)]
    public void When_our_clock_is_set_current_values_are_read_on_and_the_clock_is_compared(int minutes)
    {
        _configuration = _configuration with { CurrentValues = new CurrentValuesConfiguration { Every = TimeSpan.FromSeconds(10) } };
        var meter = Start();
        Know(meter, Serial);
        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(10));
        FinishLogin(meter);
        Answer(meter, Expect(TypeIdentification.ReadInstantaneousValues), answers: [MeterAnswers.Instantaneous(default)]);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new NothingDue(Curve.Hourly, _time.Now() + Duration.FromMinutes(30)));
        Settle(meter);

        _time.SetClock(TimeSpan.FromMinutes(minutes));
        _time.Advance(TimeSpan.FromSeconds(10));

        Answer(meter, Expect(TypeIdentification.ReadInstantaneousValues), answers: [MeterAnswers.Instantaneous(default)]);
        AnswerClock(meter, Expect(TypeIdentification.ReadCurrentTime), Duration.FromMinutes(-minutes));
        _profile.ExpectMsg<GetNextChunk>().Session.ClockOffset.ShouldBe(Duration.FromMinutes(-minutes));
    }
}
