using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>One-off reads of closings: a wanted range is read to its end even where the meter lacks days.</summary>
public class WantedClosingsTests
{
    private const byte Registers = RecordAddress.LoadCurve1;
    private static readonly TimeRange Days1To4 = new(FactBench.Midnight(1), FactBench.Midnight(4));
    private static readonly Instant[] Midnights2To4 = [FactBench.Midnight(2), FactBench.Midnight(3), FactBench.Midnight(4)];
    private readonly FactBench _bench = new();

    [Theory]
    [InlineData(20)]
    [InlineData(null)]
    public void A_range_that_begins_before_the_meters_data_is_read_to_its_end_whatever_its_clock_shows(int? minutesOff)
    {
        _bench.ClockOffset = minutesOff is { } minutes ? Duration.FromMinutes(minutes) : null;
        _bench.MaxOctets = 76 * 35;

        Read(Days1To4 with { From = Days1To4.From - Duration.FromDays(200) }, has: day => day is >= 1 and <= 15)
            .ShouldBe([FactBench.Midnight(1), .. Midnights2To4]);
    }

    [Fact]
    public void On_a_slow_line_a_closing_that_is_missing_is_not_asked_for_again_and_again()
    {
        _bench.MaxOctets = 100;

        Read(new TimeRange(FactBench.Midnight(1), FactBench.Midnight(8)), has: day => day is <= 5 or 15)
            .ShouldBe([.. Midnights2To4, FactBench.Midnight(5)]);
    }

    [Fact]
    public void Of_a_meter_whose_clock_has_fallen_back_by_years_the_range_is_read_all_the_same()
    {
        _bench.ClockOffset = Duration.FromDays(-2000);

        Read(Days1To4, has: _ => true).ShouldBe(Midnights2To4);
    }

    [Fact]
    public void Of_a_meter_that_has_recorded_nothing_lately_the_range_is_read_all_the_same() =>
        Read(Days1To4, has: day => day <= 8).ShouldBe(Midnights2To4);

    [Fact]
    public void A_part_that_the_meter_refuses_as_not_available_is_passed_over_when_the_record_is_there()
    {
        _bench.MaxOctets = 76 * 2;

        var facts = Run(Days1To4, request => FactBench.Time(request, 1) <= FactBench.Midnight(3)
            ? ([], CauseOfTransmission.RecordNotAvailable)
            : (Answers(request, _ => true), null));

        facts.SelectMany(fact => fact.Closings).Select(one => one.End).Where(Days1To4.Contains).ShouldBe([FactBench.Midnight(4)]);
        facts.ShouldAllBe(fact => !fact.IsDerived);
    }

    [Fact]
    public void Of_a_meter_that_says_without_end_that_the_record_is_not_available_the_registers_of_each_midnight_stand_in()
    {
        var facts = Run(Days1To4, request => request.Header.RecordAddress == Registers
            ? (Answers(request, _ => true), null)
            : ([], CauseOfTransmission.RecordNotAvailable));

        facts.SelectMany(fact => fact.Closings).Select(one => one.End).ShouldBe(Midnights2To4);
        facts.ShouldAllBe(fact => fact.IsDerived);
    }

    [Fact]
    public void Registers_that_somebody_asks_for_are_derived()
    {
        var task = new FactTasks(FactBench.Meter, [], Days1To4).Closings(Registers);

        var facts = Run(task, request => (Answers(request, _ => true), null));

        facts.Count.ShouldBeGreaterThan(0);
        facts.ShouldAllBe(fact => fact.IsDerived);
    }

    [Fact]
    public void What_came_before_an_exchange_was_cut_is_there_for_whoever_wants_it_and_nothing_else()
    {
        var arrived = MeterAnswers.Totals(RecordAddress.DailyTotals1, FactBench.Midnight(2), 7, FactBench.Madrid);

        _bench.PartOf(new FactTasks(FactBench.Meter, [], Days1To4).Closings(), [arrived])
            .ShouldBeOfType<ClosingsRead>().Closings.ShouldHaveSingleItem().End.ShouldBe(FactBench.Midnight(2));
        _bench.PartOf(new FactTasks(FactBench.Meter, [], Days1To4).Closings(), []).ShouldBeNull();
        _bench.PartOf(new FactTasks(FactBench.Meter, []).Closings(), [arrived]).ShouldBeNull();
    }

    private List<Instant> Read(TimeRange range, Func<int, bool> has) =>
    [
        .. Run(range, request => (request.Header.RecordAddress == Registers ? [] : Answers(request, has), null))
            .SelectMany(fact => fact.Closings)
            .Select(one => one.End)
            .Where(range.Contains),
    ];

    private List<ClosingsRead> Run(
        TimeRange range, Func<Request, (IReadOnlyList<byte[]> Answers, CauseOfTransmission? Cause)> meter) =>
        Run(new FactTasks(FactBench.Meter, [], range).Closings(), meter);

    private List<ClosingsRead> Run(FactTask task, Func<Request, (IReadOnlyList<byte[]> Answers, CauseOfTransmission? Cause)> meter)
    {
        task.Hasten(FactBench.Noon);
        return [.. _bench.Run(task, meter).Cast<ClosingsRead>()];
    }

    /// <summary>Answers with those of the requested days of July that the meter has.</summary>
    private static List<byte[]> Answers(Request request, Func<int, bool> has) =>
    [
        .. Enumerable.Range(1, 15).Where(has)
            .Select(FactBench.Midnight)
            .Where(at => at >= FactBench.Time(request, 0) && at <= FactBench.Time(request, 1))
            .Select(at => MeterAnswers.Totals(request.Header.RecordAddress, at, 7, FactBench.Madrid)),
    ];
}
