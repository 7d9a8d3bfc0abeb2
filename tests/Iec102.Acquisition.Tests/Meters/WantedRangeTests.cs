using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>Tasks for a wanted range, as one-off reads use them: exactly that range is requested, and a refusal is reported.</summary>
public class WantedRangeTests
{
    private const byte OtherRecord = 22;
    private static readonly TimeRange Range = new(FactBench.Midnight(1), FactBench.Midnight(4));
    private readonly FactBench _bench = new();

    private static FactTasks Tasks => new(FactBench.Meter, [], Range);

    [Theory]
    [InlineData(TypeIdentification.ReadEventsInRange)]
    [InlineData(TypeIdentification.ReadStoredTariff)]
    public void The_range_is_asked_in_one_request_from_its_begin(TypeIdentification type)
    {
        _bench.MaxOctets = 0;
        _bench.Run(Of(type), _ => []);

        var request = _bench.Asked.ShouldHaveSingleItem();
        request.Header.Type.ShouldBe(type);
        FactBench.Time(request, 0).ShouldBe(Range.From);
        FactBench.Time(request, 1).ShouldBeInRange(Range.To, Range.To + Duration.FromMinutes(1));
    }

    [Theory]
    [InlineData(TypeIdentification.ReadEventsInRange)]
    [InlineData(TypeIdentification.ReadStoredTariff)]
    public void A_refusal_of_the_range_is_no_empty_answer_and_no_smaller_range_is_tried(TypeIdentification type)
    {
        var task = Of(type);

        _bench.Refused(task, CauseOfTransmission.PeriodNotAvailable).ShouldBeEmpty();

        _bench.Asked.Count.ShouldBe(1);
        task.Refusal.ShouldNotBeNull().Cause.ShouldBe(CauseOfTransmission.PeriodNotAvailable);
    }

    [Fact]
    public void Closings_are_read_in_the_range_at_once()
    {
        var task = Due(Tasks.Closings());
        var closings = _bench.Run(task, request => Totals(request, RecordAddress.DailyTotals1)).Cast<ClosingsRead>().ToList();

        closings.SelectMany(fact => fact.Closings).Select(closing => closing.End).ShouldBe(
            [FactBench.Midnight(2), FactBench.Midnight(3), FactBench.Midnight(4)]);
        _bench.Asked.Select(request => FactBench.Time(request, 1)).ShouldBe([Range.To]);
        task.Share.ShouldBe(1);
    }

    [Fact]
    public void The_registers_stand_in_within_the_range()
    {
        var closings = _bench.Run(Due(Tasks.Closings()), request => request.Header.RecordAddress == RecordAddress.LoadCurve1
            ? (Totals(request, RecordAddress.LoadCurve1), (CauseOfTransmission?)null)
            : ([], CauseOfTransmission.RecordNotKnown)).Cast<ClosingsRead>().ToList();

        closings.ShouldAllBe(fact => fact.IsDerived);
        closings.SelectMany(fact => fact.Closings).Select(closing => closing.End).ShouldBe(
            [FactBench.Midnight(2), FactBench.Midnight(3), FactBench.Midnight(4)]);
    }

    [Fact]
    public void A_meter_with_neither_record_nor_registers_has_refused_both()
    {
        var task = Due(Tasks.Closings());
        _bench.Refused(task, CauseOfTransmission.RecordNotKnown).ShouldBeEmpty();
        task.Name.ShouldBe("its closings, record 21, and its registers at 00:00, record 11");
    }

    [Fact]
    public void Registers_stand_in_for_no_other_record()
    {
        var task = Due(Tasks.Closings(OtherRecord));
        _bench.Refused(task, CauseOfTransmission.RecordNotKnown).ShouldBeEmpty();
        _bench.Asked.ShouldHaveSingleItem().Header.RecordAddress.ShouldBe(OtherRecord);
        task.Name.ShouldBe("its closings, record 22");
    }

    private static FactTask Of(TypeIdentification type) =>
        Due(type == TypeIdentification.ReadEventsInRange ? Tasks.Events(52) : Tasks.ClosedTariff(RecordAddress.Contract1));

    private static FactTask Due(FactTask task)
    {
        task.Hasten(FactBench.Noon);
        return task;
    }

    /// <summary>Answers with the closings in the range, or with the registers of every hour where the record is the hourly curve.</summary>
    private static List<byte[]> Totals(Request request, byte record)
    {
        var answers = new List<byte[]>();
        var every = Duration.FromHours(record == RecordAddress.LoadCurve1 ? 1 : 24);
        for (var at = FactBench.Midnight(1); at <= FactBench.Time(request, 1); at += every)
        {
            if (at >= FactBench.Time(request, 0))
                answers.Add(MeterAnswers.Totals(record, at, 7, FactBench.Madrid));
        }

        return answers;
    }
}
