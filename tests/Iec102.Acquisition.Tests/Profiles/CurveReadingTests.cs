using FsCheck.Xunit;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

public class CurveReadingTests
{
    private static readonly Instant Now = Madrid.At(2024, 6, 14, 10, 30);

    [Theory]
    [InlineData(Curve.Hourly, 60)]
    [InlineData(Curve.QuarterHour, 15)]
    public void A_history_is_read_whole_and_exactly(Curve curve, int period)
    {
        var reading = new CurveReading(new FakeMeter { PeriodMinutes = period }, Now, Madrid.At(2024, 5, 1), curve);

        reading.ReadAll();

        reading.Report.Recorded.ShouldBe(reading.Report.Expected);
        reading.Report.Expected.ShouldBe((44 * 24 + 10) * 60 / period + (period == 15 ? 1 : 0));
        reading.ShouldBeExact();
        reading.State.Coverage.Recorded.Ranges.Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(2024, 3, 31, 23)]
    [InlineData(2024, 10, 27, 25)]
    [InlineData(2024, 2, 29, 24)]
    [InlineData(2024, 12, 31, 24)]
    public void Days_of_any_length_are_read_hour_by_hour_and_quarter_by_quarter_whatever_the_meters_habit(
        int year, int month, int day, int hours)
    {
        foreach (var habit in Enum.GetValues<SummerTimeHabit>())
        {
            foreach (var (curve, period) in new[] { (Curve.Hourly, 60), (Curve.QuarterHour, 15) })
            {
                var range = Madrid.Day(year, month, day);
                var reading = new CurveReading(
                    new FakeMeter { PeriodMinutes = period, Habit = habit },
                    range.To + Duration.FromDays(3), range.From - Duration.FromDays(3), curve);

                reading.ReadAll();

                reading.Counts(range).Recorded.ShouldBe(hours * 60 / period);
                reading.Report.Recorded.ShouldBe(reading.Report.Expected);
                reading.ShouldBeExact();
            }
        }
    }

    [Fact]
    public void The_last_day_comes_first_and_then_the_oldest_that_the_meter_keeps()
    {
        var reading = new CurveReading(new FakeMeter(), Now, Madrid.At(2023, 1, 1), depth: Duration.FromDays(40)) { MaxOctets = 3_000 };

        reading.ReadAll();

        var asked = reading.Meter.Asked.Select(chunk => chunk.Range).ToList();
        asked[0].ShouldBe(new TimeRange(Madrid.At(2024, 6, 13, 10), Madrid.At(2024, 6, 14, 10)));
        // The depth is counted in days, so a day more is asked for.
        asked[1].From.ShouldBe(Madrid.At(2024, 5, 4, 10));
        asked.Skip(2).Zip(asked.Skip(1)).ShouldAllBe(pair => pair.First.From == pair.Second.To);
        reading.Report.Lost.ShouldBe(reading.Report.Expected - reading.Report.Recorded);
    }

    [Fact]
    public void Thirty_days_of_eight_values_cost_at_most_37_kB()
    {
        var reading = new CurveReading(new FakeMeter(), Now, Now - Duration.FromDays(30));

        reading.ReadAll();

        reading.Report.Recorded.ShouldBe(30 * 24);
        reading.Meter.Octets.ShouldBeLessThanOrEqualTo(37_000);
    }

    [Fact]
    public void A_request_asks_from_the_minute_after_its_begin_in_the_meters_labels()
    {
        var reading = new CurveReading(new FakeMeter(), Madrid.At(2024, 7, 16, 0, 5), Madrid.At(2024, 7, 15));

        Asdu.TryRead(reading.Next()!.Request.Asdu, out var asdu);
        TotalsRequest.TryRead(asdu, out var request).ShouldBeTrue();

        request.From.ToString().ShouldBe("2024-07-15 00:01 S");
        request.To.ToString().ShouldBe("2024-07-16 00:00 S");
    }

    [Fact]
    public void A_meter_that_counts_the_begin_in_gives_each_interval_once()
    {
        var reading = new CurveReading(
            new FakeMeter { BeginsEarly = true, PeriodMinutes = 15 }, Now, Madrid.At(2024, 6, 1), Curve.QuarterHour);

        reading.ReadAll();

        reading.Events.OfType<IntervalsRecorded>().Sum(one => one.Intervals.Count).ShouldBe(reading.Report.Expected);
        reading.ShouldBeExact();
    }

    [Fact]
    public void A_meter_that_cuts_long_answers_is_read_whole_all_the_same()
    {
        var reading = new CurveReading(new FakeMeter { MaxRows = 40 }, Now, Madrid.At(2024, 5, 1));

        reading.ReadAll();

        reading.Report.Recorded.ShouldBe(reading.Report.Expected);
    }

    [Fact]
    public void What_arrived_before_an_answer_was_cut_is_recorded_and_the_rest_is_asked_with_half_the_length()
    {
        var reading = new CurveReading(new FakeMeter(), Now, Now - Duration.FromDays(1));
        var chunk = reading.Next()!;

        reading.Take(chunk, reading.Meter.Answer(chunk, Now, framesBeforeCut: 2));

        reading.Report.Recorded.ShouldBe(10);
        reading.Report.Missing.ShouldBe(14);
        reading.Report.Absent.ShouldBe(0);
        reading.Next()!.Range.ShouldBe(new TimeRange(chunk.Range.From + Duration.FromHours(10), chunk.Range.From + Duration.FromHours(20)));
        reading.ReadAll();
        reading.ShouldBeExact();
    }

    [Fact]
    public void Chunks_halve_after_each_failure_and_double_after_three_good_ones()
    {
        var reading = new CurveReading(new FakeMeter(), Now, Now - Duration.FromDays(60)) { MaxOctets = 8_000 };
        reading.Take(reading.Next()!, reading.Meter.Answer(reading.Next()!, Now));
        var lengths = new List<int>();

        for (var i = 0; i < 12; i++)
        {
            var chunk = reading.Next()!;
            lengths.Add(chunk.ExpectedIntervals);
            reading.Take(chunk, reading.Meter.Answer(chunk, Now, framesBeforeCut: i < 3 ? 0 : null));
        }

        lengths.ShouldBe([155, 75, 35, 15, 15, 15, 30, 30, 30, 65, 65, 65], customMessage: string.Join(",", lengths));
    }

    [Fact]
    public void An_interval_that_is_not_ready_is_absent_and_asked_again_after_an_hour_a_day_a_week_and_a_month()
    {
        var meter = new FakeMeter { Holes = RangeSet.Of(new TimeRange(Madrid.At(2024, 6, 14, 9), Madrid.At(2024, 6, 14, 10))) };
        var reading = new CurveReading(meter, Now, Now - Duration.FromDays(1));
        reading.ReadAll();
        reading.Report.Absent.ShouldBe(1);

        var waits = new List<Duration>();
        for (var i = 0; i < 4; i++)
        {
            var due = reading.State.Coverage.Absent.Single().NextRetry;
            waits.Add(due - reading.Now);
            // The meter has nothing new before the retry, so that nothing but the retry is read.
            reading.State.Coverage.DueAgain(reading.Expected, due - Duration.FromSeconds(1)).IsEmpty.ShouldBeTrue();
            reading.Now = due;
            meter.Newest = due;
            reading.ReadAll();
        }

        waits.ShouldBe([Duration.FromHours(1), Duration.FromDays(1), Duration.FromDays(7), Duration.FromDays(30)]);
    }

    [Fact]
    public void A_gap_that_the_meter_fills_later_heals()
    {
        var meter = new FakeMeter { Newest = Madrid.At(2024, 6, 14, 8) };
        var reading = new CurveReading(meter, Now, Now - Duration.FromDays(1));
        reading.ReadAll();
        reading.Report.Absent.ShouldBe(2);

        meter.Newest = Instant.MaxValue;
        reading.Now += Duration.FromHours(1);
        reading.ReadAll();

        reading.Report.Recorded.ShouldBe(reading.Report.Expected);
    }

    [Fact]
    public void Once_all_is_read_the_next_question_is_due_when_the_next_interval_has_settled()
    {
        var reading = new CurveReading(new FakeMeter(), Now, Now - Duration.FromDays(1));
        reading.ReadAll();

        reading.NextDue().ShouldBe(Madrid.At(2024, 6, 14, 11, 2));
        reading.Session = reading.Session with { ClockOffset = Duration.FromMinutes(-3) };
        reading.NextDue().ShouldBe(Madrid.At(2024, 6, 14, 11, 5));
        reading.Now = reading.NextDue();
        reading.Next()!.Range.To.ShouldBe(Madrid.At(2024, 6, 14, 11));
    }

    [Theory]
    [InlineData(Curve.Hourly)]
    [InlineData(Curve.QuarterHour)]
    public void Bounds_keep_three_hours_away_from_a_change_of_the_clock(Curve curve)
    {
        foreach (var change in new[] { Instant.FromUtc(2024, 3, 31, 1, 0), Instant.FromUtc(2024, 10, 27, 1, 0) })
        {
            for (var octets = 1_500; octets < 9_000; octets += 500)
            {
                var meter = new FakeMeter { PeriodMinutes = curve == Curve.Hourly ? 60 : 15 };
                var reading = new CurveReading(meter, change + Duration.FromDays(6), change - Duration.FromDays(6), curve)
                {
                    MaxOctets = octets,
                };

                reading.ReadAll();

                var bounds = reading.Meter.Asked.SelectMany(chunk => new[] { chunk.Range.From, chunk.Range.To });
                bounds.ShouldAllBe(bound => bound - change >= Duration.FromHours(3) || change - bound >= Duration.FromHours(3));
                reading.Report.Recorded.ShouldBe(reading.Report.Expected);
            }
        }
    }

    [Property(MaxTest = 25)]
    public void Whatever_is_cut_lost_or_left_out_in_the_end_the_table_holds_what_the_meter_holds(
        byte[] faults, byte manners, bool quarterly)
    {
        var holes = faults.Chunk(2).Where(pair => pair.Length == 2 && pair[0] % 3 == 0)
            .Select(pair => new TimeRange(Now - Duration.FromHours(4 * pair[0]), Now - Duration.FromHours(4 * pair[0] - pair[1] % 30)));
        var meter = new FakeMeter
        {
            PeriodMinutes = quarterly ? 15 : 60,
            Holes = RangeSet.Of(holes),
            Manners = manners % 2 == 0 ? RangeManners.Lenient : RangeManners.RefusesEmpty,
        };
        var curve = quarterly ? Curve.QuarterHour : Curve.Hourly;
        var reading = new CurveReading(meter, Now, Now - Duration.FromDays(50), curve) { MaxOctets = 6_000 };
        var step = 0;
        for (var rounds = 0; rounds < 40 && reading.Report.Missing + reading.Report.Absent > 0; rounds++)
        {
            while (reading.Next() is { } chunk)
            {
                var fault = step < faults.Length ? faults[step] % 4 : 3;
                step++;
                step.ShouldBeLessThan(5_000);
                reading.Take(chunk, fault switch
                {
                    0 => meter.Silence(chunk, reading.Now),
                    1 => meter.Answer(chunk, reading.Now, framesBeforeCut: 1),
                    _ => meter.Answer(chunk, reading.Now),
                });
            }

            // Only retries become due: the meter records nothing new.
            meter.Newest = Now;
            reading.Now = reading.NextDue();
            if (reading.Now > Now + Duration.FromDays(2))
                break;
        }

        reading.ShouldBeExact();
        var held = new TimeRange(Now - Duration.FromDays(48), reading.State.Grid.Floor(Now - Duration.FromMinutes(2)));
        reading.State.Grid.Ends(held).Where(meter.Has).Where(end => !reading.State.IsRecorded(end)).ShouldBeEmpty();
    }

    /// <summary>
    /// Planner and judge answer the same question alike both times and leave the memory they were given unchanged, whatever the meter and
    /// whatever its clock shows.
    /// </summary>
    [Property(MaxTest = 50)]
    public void Planner_and_judge_are_functions_of_what_they_are_given(
        bool early, byte rows, byte manners, byte methods, byte holes, short? offset, byte silences)
    {
        var from = Madrid.At(2024, 6, 1);
        var meter = new FakeMeter
        {
            BeginsEarly = early,
            MaxRows = rows == 0 ? int.MaxValue : rows,
            Manners = (RangeManners)(manners % 3),
            OldestFrom = from + Duration.FromHours(manners),
            Holes = RangeSet.Of([new TimeRange(from + Duration.FromHours(150), from + Duration.FromHours(150 + holes % 40))]),
            Methods = [.. Enum.GetValues<ReadMethod>().Skip(methods % 3)],
            UnknownMethod = methods % 2 == 0 ? null : CauseOfTransmission.TypeNotAvailable,
        };
        var reading = new CurveReading(meter, Now, from);
        reading.Session = reading.Session with { ClockOffset = offset is { } seconds ? Duration.FromSeconds(seconds) : null };
        for (var asked = 0; asked < 60; asked++)
        {
            var (plan, again) = (reading.Plan(), reading.Plan());
            ShouldBeSame(again, plan);
            if (plan.Chunk is not { } chunk)
                break;

            // The planner's memory is kept together with the chunk, as in the actor.
            reading.Next();
            var ended = asked < silences % 4
                ? meter.Silence(chunk, Now)
                : meter.Answer(chunk, Now);
            var (judged, judgedAgain) = (reading.Judge(chunk, ended), reading.Judge(chunk, ended));
            judgedAgain.Events.Select(ProfileFormat.Write).ShouldBe(judged.Events.Select(ProfileFormat.Write));
            ShouldBeSame(judgedAgain.Memory, judged.Memory);
            reading.Take(chunk, ended);
        }
    }

    private static void ShouldBeSame(Plan again, Plan plan)
    {
        again.Chunk?.Range.ShouldBe(plan.Chunk!.Range);
        again.Chunk?.Request.Asdu.ToArray().ShouldBe(plan.Chunk!.Request.Asdu.ToArray());
        (again.Chunk is null).ShouldBe(plan.Chunk is null);
        ShouldBeSame(again.Memory, plan.Memory);
    }

    private static void ShouldBeSame(ChunkMemory again, ChunkMemory memory)
    {
        (again.Limit, again.Search, again.NextDeferred(Now)).ShouldBe((memory.Limit, memory.Search, memory.NextDeferred(Now)));
        again.Deferred(Now).Ranges.ShouldBe(memory.Deferred(Now).Ranges);
    }
}
