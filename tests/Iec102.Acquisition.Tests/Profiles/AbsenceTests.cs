using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>Which intervals count as absent, how few requests it takes to find out, and which answers prove nothing.</summary>
public class AbsenceTests
{
    private static readonly Instant Now = Madrid.At(2024, 6, 14, 10, 30);

    [Theory]
    [InlineData(RangeManners.Lenient)]
    [InlineData(RangeManners.RefusesEmpty)]
    [InlineData(RangeManners.RefusesUnheldBegin)]
    public void The_oldest_interval_that_a_meter_still_has_is_found_in_about_ten_requests(RangeManners manners)
    {
        var meter = new FakeMeter { Manners = manners, OldestFrom = Now - Duration.FromDays(20) };
        var reading = new CurveReading(meter, Now, Now - Duration.FromDays(40)) { MaxOctets = 5_000 };

        reading.ReadAll();

        var held = reading.State.Grid.Count(reading.Expected with { From = meter.OldestFrom });
        reading.Report.Recorded.ShouldBe(held);
        reading.Report.Absent.ShouldBe(reading.Report.Expected - held);
        meter.Asked.Count(chunk => chunk.Range.From < meter.OldestFrom - Duration.FromHours(1)).ShouldBeLessThanOrEqualTo(11);
    }

    [Theory]
    [InlineData(RangeManners.Lenient)]
    [InlineData(RangeManners.RefusesEmpty)]
    [InlineData(RangeManners.RefusesUnheldBegin)]
    public void A_meter_without_any_history_is_known_after_a_few_requests(RangeManners manners)
    {
        var meter = new FakeMeter { Manners = manners, OldestFrom = Now };
        var reading = new CurveReading(meter, Now, Now - Duration.FromDays(180)) { MaxOctets = 5_000 };

        reading.ReadAll().ShouldBeLessThanOrEqualTo(24);

        reading.Report.Absent.ShouldBe(reading.Report.Expected);
    }

    [Fact]
    public void A_hole_in_the_middle_of_history_is_never_asked_one_by_one()
    {
        var hole = new TimeRange(Madrid.At(2024, 5, 10), Madrid.At(2024, 5, 24));
        var reading = new CurveReading(new FakeMeter { Holes = RangeSet.Of(hole) }, Now, Madrid.At(2024, 5, 1)) { MaxOctets = 5_000 };

        reading.ReadAll().ShouldBeLessThan(60);

        reading.Report.Absent.ShouldBe(14 * 24);
        reading.Report.Recorded.ShouldBe(reading.Report.Expected - 14 * 24);
    }

    [Fact]
    public void What_a_wide_hole_hid_from_the_search_is_read_when_it_is_asked_again()
    {
        // The search first looks at the middle of the range. That lies in the hole, so everything before the hole is taken for absent too.
        var hole = new TimeRange(Now - Duration.FromDays(120), Now - Duration.FromDays(60));
        var meter = new FakeMeter { Holes = RangeSet.Of(hole), OldestFrom = Now - Duration.FromDays(150) };
        var reading = new CurveReading(meter, Now, Now - Duration.FromDays(179)) { MaxOctets = 5_000 };
        reading.ReadAll();
        reading.Now += Duration.FromHours(1);
        meter.Newest = reading.Now;

        reading.ReadAll();

        reading.State.Grid.Ends(reading.Expected).Where(meter.Has).Where(end => !reading.State.IsRecorded(end)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(-16, true)]
    [InlineData(null, true)]
    [InlineData(14, false)]
    [InlineData(-14, false)]
    public void Absence_counts_only_when_the_meters_clock_was_read_and_is_within_a_quarter_of_an_hour(int? minutesOff, bool stillMissing)
    {
        var hole = new TimeRange(Madrid.At(2024, 6, 14, 2), Madrid.At(2024, 6, 14, 5));
        var reading = new CurveReading(new FakeMeter { Holes = RangeSet.Of(hole) }, Now, Now - Duration.FromDays(1));
        reading.Session = reading.Session with { ClockOffset = minutesOff is { } off ? Duration.FromMinutes(off) : null };

        reading.ReadAll().ShouldBeLessThan(5);

        reading.Report.Missing.ShouldBe(stillMissing ? 3 : 0);
        reading.Report.Absent.ShouldBe(stillMissing ? 0 : 3);
        // What is still missing is asked for again only after a wait, so that the line is not kept busy with it.
        if (stillMissing)
        {
            var before = reading.Meter.Asked.Count;
            reading.Now += Duration.FromHours(1);
            reading.ReadAll();
            reading.Meter.Asked.Skip(before).ShouldContain(chunk => chunk.Range.From <= hole.From && chunk.Range.Contains(hole.To));
        }
    }

    [Fact]
    public void An_answer_with_a_row_that_cannot_be_read_proves_no_absence()
    {
        var reading = new CurveReading(new FakeMeter(), Now, Now - Duration.FromDays(1));
        var chunk = reading.Next()!;
        var ended = reading.Meter.Answer(chunk, Now);
        // The hour in the label of the third block becomes 31.
        ended.Answers[0][6 + 3 * 46 - 4] |= 0x1F;

        reading.Take(chunk, ended);

        reading.Report.Recorded.ShouldBe(23);
        reading.Report.Missing.ShouldBe(1);
    }

    [Fact]
    public void A_refusal_names_its_cause_in_the_gaps()
    {
        var meter = new FakeMeter { Manners = RangeManners.RefusesUnheldBegin, OldestFrom = Now - Duration.FromDays(2) };
        var reading = new CurveReading(meter, Now, Now - Duration.FromDays(4));

        reading.ReadAll();

        reading.Report.Gaps.Single().Reason.ShouldStartWith("refused by the meter (cause 18, integration period not available) once");
    }

    [Theory]
    [InlineData(CauseOfTransmission.RecordNotKnown)]
    [InlineData(CauseOfTransmission.AddressNotKnown)]
    [InlineData(CauseOfTransmission.TypeNotAvailable)]
    public void A_curve_that_the_meter_does_not_have_is_asked_once_a_day_until_it_has_it(CauseOfTransmission cause)
    {
        var reading = new CurveReading(new FakeMeter { Refuses = cause }, Now, Now - Duration.FromDays(3));

        reading.ReadAll().ShouldBe(cause == CauseOfTransmission.TypeNotAvailable ? 3 : 1);
        reading.State.Unsupported!.Refusal.ShouldBe(cause);
        reading.Report.Missing.ShouldBe(reading.Report.Expected);
        reading.NextDue().ShouldBe(Now + Duration.FromDays(1));

        reading.Now += Duration.FromDays(1);
        reading.ReadAll().ShouldBe(cause == CauseOfTransmission.TypeNotAvailable ? 3 : 1);
        reading.Meter.Refuses = null;
        reading.Meter.Newest = Instant.MaxValue;
        reading.Now += Duration.FromDays(1);
        reading.ReadAll();
        reading.State.Unsupported.ShouldBeNull();
        reading.Report.Recorded.ShouldBe(reading.Report.Expected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_left_out_before_our_clock_was_set_back_does_not_wait_until_it_has_caught_up(bool isProof)
    {
        var hole = new TimeRange(Madrid.At(2024, 6, 14, 2), Madrid.At(2024, 6, 14, 5));
        var reading = new CurveReading(new FakeMeter { Holes = RangeSet.Of(hole) }, Now, Now - Duration.FromDays(1));
        reading.Session = reading.Session with { ClockOffset = isProof ? Duration.Zero : null };
        reading.ReadAll();
        (reading.Report.Absent, reading.Report.Missing).ShouldBe(isProof ? (3, 0) : (0, 3));
        reading.Meter.Holes = RangeSet.Empty;

        reading.Now -= Duration.FromHours(1);
        reading.ReadAll();

        reading.Report.Recorded.ShouldBe(reading.Report.Expected);
    }

    [Fact]
    public void A_curve_that_was_refused_before_our_clock_was_set_back_is_asked_again_and_rests_a_day()
    {
        var reading = new CurveReading(
            new FakeMeter { Refuses = CauseOfTransmission.RecordNotKnown }, Now, Now - Duration.FromDays(3));
        reading.ReadAll();

        reading.Now -= Duration.FromHours(1);

        reading.ReadAll().ShouldBe(1);
        reading.NextDue().ShouldBe(reading.Now + Duration.FromDays(1));
        reading.ReadAll().ShouldBe(0);
    }

    [Fact]
    public void An_operators_wish_is_done_with_by_a_complete_answer_even_when_the_meter_has_nothing_any_more()
    {
        var meter = new FakeMeter { Manners = RangeManners.RefusesEmpty };
        var reading = new CurveReading(meter, Now, Now - Duration.FromDays(5));
        reading.ReadAll();
        meter.OldestFrom = Now - Duration.FromDays(2);
        reading.Apply(
            new RereadRequested(new TimeRange(reading.Expected.To - Duration.FromDays(4), reading.Expected.To - Duration.FromDays(1))));

        reading.ReadAll();

        reading.State.Coverage.Reread.IsEmpty.ShouldBeTrue();
        reading.Report.Recorded.ShouldBe(reading.Report.Expected);
        reading.Events.OfType<IntervalsRecorded>().Last().Intervals.Count.ShouldBe(24);
    }

    [Fact]
    public void Lost_intervals_are_asked_only_when_an_operator_wants_it()
    {
        var reading = new CurveReading(new FakeMeter(), Now, Now - Duration.FromDays(50), depth: Duration.FromDays(30));
        reading.ReadAll();
        // The depth is counted in days, so a day more is asked for.
        reading.Report.Lost.ShouldBe(19 * 24);

        reading.Apply(new RereadRequested(reading.Expected with { To = reading.Expected.From + Duration.FromDays(2) }));
        reading.ReadAll();

        reading.Report.Lost.ShouldBe(17 * 24);
    }

    [Fact]
    public void A_meter_that_replaced_another_is_not_asked_for_what_was_before_it()
    {
        var first = new FakeMeter { Holes = RangeSet.Of(new TimeRange(Now - Duration.FromDays(5), Now - Duration.FromDays(4))) };
        var reading = new CurveReading(first, Now, Now - Duration.FromDays(10));
        reading.ReadAll();
        var replacedAt = reading.Expected.To;
        reading.Apply(new MeterSeen(4712));
        reading.Session = reading.Session with { SerialNumber = 4712 };
        reading.Now += Duration.FromDays(2);
        first.Newest = reading.Now;
        first.Asked.Clear();

        reading.ReadAll();

        first.Asked.ShouldAllBe(chunk => chunk.Range.From >= replacedAt);
        // The first meter was asked and did not have it.
        (reading.Report.Absent, reading.Report.Lost).ShouldBe((24, 0));
        reading.Events.OfType<IntervalsRecorded>().Last().SerialNumber.ShouldBe(4712u);
        reading.ShouldBeExact();
    }

    [Fact]
    public void An_answer_of_another_meter_than_the_one_known_is_not_recorded()
    {
        var reading = new CurveReading(new FakeMeter(), Now, Now - Duration.FromDays(1));
        reading.Session = reading.Session with { SerialNumber = 4712 };
        var chunk = reading.Next()!;

        reading.Take(chunk, reading.Meter.Answer(chunk, Now)).ShouldBeEmpty();
    }

    [Fact]
    public void A_request_that_was_never_sent_says_nothing()
    {
        var reading = new CurveReading(new FakeMeter(), Now, Now - Duration.FromDays(1));
        var chunk = reading.Next()!;
        var unsent = reading.Meter.Answer(chunk, Now) with { End = ExchangeEnd.Expired, Answers = [], StartedAt = Now, EndedAt = Now };

        reading.Take(chunk, unsent).ShouldBeEmpty();

        reading.Next()!.Range.ShouldBe(chunk.Range);
    }
}
