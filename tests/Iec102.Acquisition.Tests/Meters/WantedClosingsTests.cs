using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>Closings of a range that somebody wants, which is read to its end whatever the meter lacks.</summary>
public class WantedClosingsTests
{
    private readonly FactBench _bench = new();

    [Theory]
    [InlineData(20)]
    [InlineData(null)]
    public void A_range_that_begins_before_the_meters_data_is_read_to_its_end_whatever_its_clock_shows(int? minutesOff)
    {
        _bench.ClockOffset = minutesOff is { } minutes ? Duration.FromMinutes(minutes) : null;
        _bench.MaxOctets = 76 * 35;

        Read(new TimeRange(FactBench.Midnight(1) - Duration.FromDays(200), FactBench.Midnight(4)), has: day => day is >= 1 and <= 15)
            .ShouldBe([FactBench.Midnight(1), FactBench.Midnight(2), FactBench.Midnight(3), FactBench.Midnight(4)]);
    }

    [Fact]
    public void On_a_slow_line_a_closing_that_is_missing_is_not_asked_for_again_and_again()
    {
        _bench.MaxOctets = 100;

        Read(new TimeRange(FactBench.Midnight(1), FactBench.Midnight(8)), has: day => day is <= 5 or 15)
            .ShouldBe([FactBench.Midnight(2), FactBench.Midnight(3), FactBench.Midnight(4), FactBench.Midnight(5)]);
    }

    private List<Instant> Read(TimeRange range, Func<int, bool> has)
    {
        var task = new FactTasks(FactBench.Meter, [], range).Closings();
        task.Hasten(FactBench.Noon);
        var facts = _bench.Run(task, request => Answers(request, has));
        return [.. facts.Cast<ClosingsRead>().SelectMany(fact => fact.Closings).Select(one => one.End).Where(range.Contains)];
    }

    private static List<byte[]> Answers(Request request, Func<int, bool> has) => request.Header.RecordAddress != RecordAddress.DailyTotals1
        ? []
        : [.. Enumerable.Range(1, 15).Where(has)
            .Select(FactBench.Midnight)
            .Where(at => at >= FactBench.Time(request, 0) && at <= FactBench.Time(request, 1))
            .Select(at => MeterAnswers.Totals(RecordAddress.DailyTotals1, at, 7, FactBench.Madrid))];
}
