using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

public class ClosingsTaskTests
{
    private const byte Record = 21;
    private const byte Registers = 11;
    private static readonly Instant Today = FactBench.Midnight(15);
    private readonly FactBench _bench = new();

    [Fact]
    public void The_first_time_the_depth_of_the_hourly_curve_is_read_in_parts_that_the_line_can_carry()
    {
        _bench.MaxOctets = 2_700;
        var facts = Run(Task(), Closings());

        facts.ShouldAllBe(fact => !fact.IsDerived);
        var days = facts.SelectMany(fact => fact.Closings).Select(closing => closing.End).ToList();
        // The oldest of these days begins in winter time, an hour later.
        (Today - days[0]).ShouldBeInRange(Duration.FromDays(180) - Duration.FromHours(1), Duration.FromDays(180));
        days.Select(day => day.InZone(FactBench.Madrid).Date).ShouldBe(
            Enumerable.Range(0, days.Count).Select(day => new LocalDate(2024, 7, 15).PlusDays(day - days.Count + 1)));
        facts[^1].ReadTo.ShouldBe(Today);
        _bench.Asked.Count.ShouldBeGreaterThan(3);
        _bench.Asked.ShouldAllBe(request => FactBench.Time(request, 1) - FactBench.Time(request, 0) < Duration.FromDays(40));
    }

    [Fact]
    public void After_a_restart_only_what_is_missing_is_read()
    {
        var fact = Run(Task(record: FactBench.Midnight(13)), Closings()).ShouldHaveSingleItem();
        fact.Closings.Select(closing => closing.End).ShouldBe([FactBench.Midnight(14), Today]);
        fact.Closings[0].Row.GetValue(1).ShouldBe(14u);
        FactBench.Time(_bench.Asked.Single(), 0).ShouldBe(FactBench.Midnight(13) + Duration.FromMinutes(1));
    }

    [Fact]
    public void It_is_read_again_after_the_next_midnight_and_the_settling_time()
    {
        var task = Task(record: FactBench.Midnight(14));
        Run(task, Closings());
        task.Due.ShouldBeInRange(FactBench.Midnight(16) + Duration.FromMinutes(2), FactBench.Midnight(16) + Duration.FromMinutes(32));
    }

    [Fact]
    public void A_midnight_that_one_of_the_clocks_has_not_passed_is_not_asked_for()
    {
        _bench.Now = Today + Duration.FromMinutes(5);
        _bench.ClockOffset = Duration.FromMinutes(-10);
        Run(Task(record: FactBench.Midnight(13)), Closings());
        FactBench.Time(_bench.Asked[0], 1).ShouldBe(FactBench.Midnight(14));
    }

    [Fact]
    public void A_closing_that_is_not_there_yet_is_asked_for_again_in_an_hour()
    {
        var task = Task(record: FactBench.Midnight(13));
        Run(task, request => AnswerOf(request, Record, day => day != Today)).ShouldHaveSingleItem().ReadTo.ShouldBe(FactBench.Midnight(14));
        task.Due.ShouldBe(FactBench.Noon + Duration.FromHours(1));

        _bench.Now = task.Due;
        Run(task, Closings()).ShouldHaveSingleItem().Closings.ShouldHaveSingleItem().End.ShouldBe(Today);
    }

    [Fact]
    public void A_day_that_the_meter_never_closed_does_not_hold_up_the_others()
    {
        var hole = FactBench.Midnight(5);
        var facts = Run(Task(record: FactBench.Midnight(3)), request => AnswerOf(request, Record, day => day != hole));
        facts.SelectMany(fact => fact.Closings).Select(closing => closing.End).ShouldNotContain(hole);
        facts[^1].ReadTo.ShouldBe(Today);
    }

    [Fact]
    public void An_old_range_that_the_meter_no_longer_has_is_not_taken_for_a_missing_record()
    {
        var oldest = FactBench.Midnight(1);
        _bench.MaxOctets = 900;
        var facts = Run(Task(), request => FactBench.Time(request, 1) < oldest
            ? ([], CauseOfTransmission.RecordNotAvailable)
            : (AnswerOf(request, Record, day => day >= oldest), null));

        facts.ShouldAllBe(fact => !fact.IsDerived);
        facts.SelectMany(fact => fact.Closings).Count().ShouldBe(15);
        _bench.Asked.ShouldAllBe(request => request.Header.RecordAddress == Record);
    }

    [Fact]
    public void Objects_that_come_in_frames_of_their_own_are_put_together()
    {
        var (first, second) = (
            new TotalsRow { Time = CivilTime.ToTagA(Today, FactBench.Madrid) },
            new TotalsRow { Time = CivilTime.ToTagA(Today, FactBench.Madrid) });
        first.Set(1, 10, default);
        second.Set(2, 20, default);
        var fact = Run(Task(record: FactBench.Midnight(14)), _ => [Frame(first), Frame(second)]).Single();
        var row = fact.Closings.ShouldHaveSingleItem().Row;
        (row.GetValue(1), row.GetValue(2), row.Count).ShouldBe((10u, 20u, 2));

        static byte[] Frame(TotalsRow row)
        {
            var asdu = new byte[255];
            return asdu[..TotalsCodec.WriteTotals(
                asdu, new AsduHeader(TypeIdentification.IntegratedTotals, 1, CauseOfTransmission.Request, 1, Record), row)];
        }
    }

    [Theory]
    [InlineData(CauseOfTransmission.RecordNotAvailable)]
    [InlineData(CauseOfTransmission.TypeNotAvailable)]
    [InlineData(CauseOfTransmission.RecordNotKnown)]
    [InlineData(CauseOfTransmission.ObjectNotAvailable)]
    [InlineData(CauseOfTransmission.PeriodNotAvailable)]
    [InlineData(null)]
    public void A_meter_without_the_record_gives_the_registers_of_each_midnight_of_the_last_forty_days(CauseOfTransmission? cause)
    {
        var task = Task();
        var facts = Run(task, request => request.Header.RecordAddress == Record ? ([], cause) : (Hours(request), null));

        facts.ShouldAllBe(fact => fact.IsDerived);
        var closings = facts.SelectMany(fact => fact.Closings).ToList();
        closings.Select(closing => closing.End).ShouldBe(Enumerable.Range(0, 40).Select(day => Today - Duration.FromDays(39 - day)));
        closings.ShouldAllBe(closing => closing.Row.Time.Hour == 0 && closing.Row.Time.Minute == 0);
        facts[^1].ReadTo.ShouldBe(Today);
        _bench.Asked.Count(request => request.Header.RecordAddress == Record).ShouldBe(1);
        task.Due.ShouldBeGreaterThan(FactBench.Midnight(16));
    }

    [Fact]
    public void The_day_after_the_record_is_tried_once_and_one_midnight_is_read()
    {
        _bench.Refused(Task(registers: FactBench.Midnight(14)), CauseOfTransmission.RecordNotKnown);
        _bench.Asked.Select(request => request.Header.RecordAddress).ShouldBe([Record, Registers]);
        FactBench.Time(_bench.Asked[1], 1).ShouldBe(Today);
        (FactBench.Time(_bench.Asked[1], 1) - FactBench.Time(_bench.Asked[1], 0)).ShouldBeLessThan(Duration.FromHours(1));
    }

    [Fact]
    public void A_meter_that_refuses_both_is_asked_again_in_a_day()
    {
        var task = Task();
        _bench.Refused(task, CauseOfTransmission.TypeNotAvailable).ShouldBeEmpty();
        _bench.Asked.Count.ShouldBe(2);
        task.Due.ShouldBe(FactBench.Noon + Duration.FromDays(1));
        task.Refusal.ShouldNotBeNull();
    }

    [Fact]
    public void A_cut_answer_does_not_move_what_is_known()
    {
        var task = Task(record: FactBench.Midnight(10));
        _bench.Cut(task, [MeterAnswers.Totals(Record, Today, 1, FactBench.Madrid)], ExchangeEnd.OutOfStep);
        Run(task, Closings()).ShouldHaveSingleItem().Closings.Count.ShouldBe(5);
    }

    private static ClosingsTask Task(Instant? record = null, Instant? registers = null)
    {
        var task = new ClosingsTask(FactBench.Meter, record, registers);
        task.Hasten(FactBench.Noon);
        return task;
    }

    private IReadOnlyList<ClosingsRead> Run(FactTask task, Func<Request, IReadOnlyList<byte[]>> meter) =>
        Run(task, request => (meter(request), null));

    private IReadOnlyList<ClosingsRead> Run(FactTask task, Func<Request, (IReadOnlyList<byte[]>, CauseOfTransmission?)> meter)
    {
        if (task.Due > _bench.Now)
            task.Hasten(_bench.Now);
        return [.. _bench.Run(task, meter).Cast<ClosingsRead>()];
    }

    private static Func<Request, IReadOnlyList<byte[]>> Closings() => request => AnswerOf(request, Record, _ => true);

    /// <summary>Answers with the closings at every midnight in the range; the value is the day of the month.</summary>
    private static List<byte[]> AnswerOf(Request request, byte record, Func<Instant, bool> has)
    {
        var answers = new List<byte[]>();
        for (var day = FactBench.Time(request, 0).InZone(FactBench.Madrid).Date; ; day = day.PlusDays(1))
        {
            var midnight = FactBench.Madrid.AtStartOfDay(day).ToInstant();
            if (midnight > FactBench.Time(request, 1))
                return answers;
            if (midnight >= FactBench.Time(request, 0) && has(midnight))
                answers.Add(MeterAnswers.Totals(record, midnight, (uint)day.Day, FactBench.Madrid));
        }
    }

    /// <summary>Answers with the running registers at the last four quarter hours of the range.</summary>
    private static List<byte[]> Hours(Request request)
    {
        var answers = new List<byte[]>();
        for (var at = FactBench.Time(request, 1) - Duration.FromMinutes(45); at <= FactBench.Time(request, 1); at += Duration.FromMinutes(
            15))
            answers.Add(MeterAnswers.Totals(Registers, at, 7, FactBench.Madrid));
        return answers;
    }
}
