using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>The ladder of read methods (promise P3), and what each of them costs.</summary>
public class ReadMethodTests
{
    private static readonly Instant Now = Madrid.At(2024, 6, 14, 10, 30);

    [Theory]
    [InlineData(CauseOfTransmission.TypeNotAvailable)]
    [InlineData(CauseOfTransmission.ObjectNotAvailable)]
    public void A_refused_request_is_stepped_down_from_and_the_choice_is_kept(CauseOfTransmission cause)
    {
        var meter = new FakeMeter { Methods = [ReadMethod.Objects], UnknownMethod = cause };
        var reading = new CurveReading(meter, Now, Now - Duration.FromDays(3));

        reading.ReadAll();

        meter.Asked.Select(chunk => ReadMethods.Of(chunk.Request))
            .Distinct()
            .ShouldBe([ReadMethod.BlocksOf8, ReadMethod.BlocksOf6, ReadMethod.Objects]);
        meter.Asked.Count(chunk => ReadMethods.Of(chunk.Request) != ReadMethod.Objects).ShouldBe(2);
        reading.Report.Recorded.ShouldBe(reading.Report.Expected);
        reading.State.Method.ShouldBe(ReadMethod.Objects);
    }

    [Theory]
    [InlineData(CauseOfTransmission.RecordNotAvailable, "NothingInRange NothingInRange NothingInRange NothingInRange")]
    [InlineData(CauseOfTransmission.TypeNotAvailable, "NextMethod NextMethod NoCurve NoCurve")]
    [InlineData(CauseOfTransmission.RecordNotKnown, "NoCurve NoCurve NoCurve NoCurve")]
    [InlineData(CauseOfTransmission.AddressNotKnown, "NoCurve NoCurve NoCurve NoCurve")]
    [InlineData(CauseOfTransmission.ObjectNotAvailable, "NextMethod NothingInRange NothingInRange NothingInRange")]
    [InlineData(CauseOfTransmission.PeriodNotAvailable, "NothingInRange NothingInRange NothingInRange NothingInRange")]
    [InlineData(default(CauseOfTransmission), "NextMethod NothingInRange NothingInRange NothingInRange")]
    public void What_a_refusal_means_depends_on_its_cause_on_the_request_and_on_whether_that_has_worked(
        CauseOfTransmission cause, string meanings)
    {
        ReadMethod[] ladder = [ReadMethod.BlocksOf6, ReadMethod.Objects];

        string.Join(
            ' ',
            ladder.SelectMany(method => (RefusalMeaning[])[method.Refused(cause, isProven: false), method.Refused(cause, isProven: true)]))
            .ShouldBe(meanings);
    }

    [Fact]
    public void Two_silences_in_different_sessions_step_down_one_does_not()
    {
        var meter = new FakeMeter { Methods = [ReadMethod.BlocksOf6], UnknownMethod = null };
        var reading = new CurveReading(meter, Now, Now - Duration.FromDays(3));

        reading.ReadAll();

        meter.Asked.TakeWhile(chunk => ReadMethods.Of(chunk.Request) == ReadMethod.BlocksOf8).Count().ShouldBe(2);
        reading.State.Method.ShouldBe(ReadMethod.BlocksOf6);
        reading.Report.Recorded.ShouldBe(reading.Report.Expected);
    }

    [Fact]
    public void Silence_says_nothing_of_a_request_that_has_worked_nor_of_a_meter_whose_clock_was_not_answered()
    {
        var reading = new CurveReading(new FakeMeter(), Now, Now - Duration.FromDays(30));
        for (var i = 0; i < 6; i++)
        {
            reading.Session = reading.Session with { ClockOffset = i < 3 ? null : Duration.Zero };
            var chunk = reading.Next()!;
            reading.Take(chunk, i == 3 ? reading.Meter.Answer(chunk, Now) : reading.Meter.Silence(chunk, Now));
        }

        reading.State.Method.ShouldBe(ReadMethod.BlocksOf8);
    }

    [Fact]
    public void A_refused_object_of_a_request_that_has_worked_is_about_the_range()
    {
        var reading = new CurveReading(new FakeMeter(), Now, Now - Duration.FromDays(3));
        var chunk = reading.Next()!;
        reading.Take(chunk, reading.Meter.Answer(chunk, Now));

        var next = reading.Next()!;
        var answer = reading.Meter.Answer(next, Now);
        reading.Take(next, answer with { End = ExchangeEnd.Refused, Cause = CauseOfTransmission.ObjectNotAvailable, Answers = [] });

        reading.State.Method.ShouldBe(ReadMethod.BlocksOf8);
    }

    [Fact]
    public void Another_meter_is_tried_from_the_top_of_the_ladder()
    {
        var reading = new CurveReading(new FakeMeter { Methods = [ReadMethod.Objects] }, Now, Now - Duration.FromDays(3));
        reading.ReadAll();

        reading.Apply(new MeterSeen(4712));

        reading.State.Method.ShouldBe(ReadMethod.BlocksOf8);
    }

    [Fact]
    public void The_cost_of_a_chunk_is_what_the_worked_exchanges_of_the_protocol_notes_take()
    {
        // Protocol notes 4.4: for type 190, request and mirrors have L = 20, and a frame of five blocks of eight values has L = 239; for
        // type 123, they have L = 21 and 62. Polls and ACK have 6 octets.
        ReadMethod.BlocksOf8.Octets(3).ShouldBe(3 * 26 + 3 * 6 + 3 * (6 + 245));
        ReadMethod.BlocksOf6.Octets(2).ShouldBe(3 * 26 + 3 * 6 + 2 * (6 + 6 + 9 + 216));
        ReadMethod.Objects.Octets(7).ShouldBe(3 * 27 + 3 * 6 + 7 * (6 + 68));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(598, 10)]
    [InlineData(597, 5)]
    [InlineData(28_800, 570)]
    public void A_chunk_holds_whole_frames_within_the_octets_and_at_least_one(int octets, int intervals)
    {
        ReadMethod.BlocksOf8.IntervalsWithin(octets).ShouldBe(intervals);
    }
}
