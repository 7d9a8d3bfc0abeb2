using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

public class TariffTaskTests
{
    private const byte Contract = 134;
    private static readonly Instant Noon = FactBench.Noon;
    private readonly FactBench _bench = new();

    [Fact]
    public void The_running_period_is_read_every_hour()
    {
        var task = Due(new CurrentTariffTask("m-1", Contract));
        var from = FactBench.Midnight(1);
        var fact = Run(task, _ => [Current(20), Current(21)]).Single();

        (fact.IsClosed, fact.Record).ShouldBe((false, Contract));
        fact.Periods.Select(period => (period.Information.ObjectAddress, period.Start, period.End, period.MaximumAt)).ShouldBe(
            [((byte)20, (Instant?)from, (Instant?)Noon, (Instant?)null), ((byte)21, from, Noon, null)]);
        task.Due.ShouldBeInRange(Noon + Duration.Epsilon, Noon + Duration.FromHours(1));

        byte[] Current(byte period) => Period(TypeIdentification.CurrentTariff, period, from, Noon);
    }

    [Fact]
    public void A_running_period_without_data_tells_nothing() => Run(Due(new CurrentTariffTask("m-1", Contract)), _ => []).ShouldBeEmpty();

    [Fact]
    public void The_first_time_two_years_of_closed_periods_are_read_in_parts_that_the_line_can_carry()
    {
        _bench.MaxOctets = 2_700;
        var task = Due(new ClosedTariffTask("m-1", Contract, readTo: null));
        var facts = Run(task, Months);

        _bench.Asked.Count.ShouldBeGreaterThan(3);
        FactBench.Time(_bench.Asked[0], 0).ShouldBe(Noon - Duration.FromDays(730));
        facts.ShouldAllBe(fact => fact.IsClosed);
        var ends = facts.SelectMany(fact => fact.Periods).Select(period => period.End!.Value).Distinct().ToList();
        ends.ShouldBe(Enumerable.Range(0, 24).Select(month => Month(2022, 8 + month)));
        facts[^1].ReadTo.ShouldBe(Noon);
        task.Due.ShouldBeInRange(Noon + Duration.Epsilon, Noon + Duration.FromDays(1));
    }

    [Fact]
    public void After_a_restart_it_goes_on_some_days_before_what_is_stored()
    {
        var stored = Noon - Duration.FromDays(20);
        Run(Due(new ClosedTariffTask("m-1", Contract, stored)), Months)
            .Single()
            .Periods.ShouldHaveSingleItem()
            .End.ShouldBe(Month(2024, 7));
        FactBench.Time(_bench.Asked.Single(), 0).ShouldBe(stored - Duration.FromDays(3));
    }

    [Fact]
    public void After_our_clock_was_set_back_it_goes_on_from_now()
    {
        Run(Due(new ClosedTariffTask("m-1", Contract, Noon + Duration.FromDays(9))), Months);
        FactBench.Time(_bench.Asked.Single(), 0).ShouldBe(Noon - Duration.FromDays(3));
    }

    [Fact]
    public void That_the_meter_has_no_old_periods_does_not_hold_up_the_newer_ones()
    {
        _bench.MaxOctets = 0;
        var oldest = Month(2024, 5);
        var facts = _bench.Run(Due(new ClosedTariffTask("m-1", Contract, readTo: null)), request => FactBench.Time(request, 1) < oldest
            ? ([], CauseOfTransmission.PeriodNotAvailable)
            : (Months(request), (CauseOfTransmission?)null)).Cast<TariffRead>();
        facts.SelectMany(fact => fact.Periods).Select(period => period.End).Where(end => end >= oldest).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void A_contract_that_the_meter_does_not_know_is_left_for_a_day()
    {
        var task = Due(new ClosedTariffTask("m-1", Contract, readTo: null));
        _bench.Refused(task, CauseOfTransmission.RecordNotKnown).ShouldBeEmpty();
        task.Due.ShouldBe(Noon + Duration.FromDays(1));
    }

    private static FactTask Due(FactTask task)
    {
        task.Hasten(Noon);
        return task;
    }

    private IReadOnlyList<TariffRead> Run(FactTask task, Func<Request, IReadOnlyList<byte[]>> meter) =>
        [.. _bench.Run(task, meter).Cast<TariffRead>()];

    private static Instant Month(int year, int month) =>
        FactBench.Madrid.AtStartOfDay(new LocalDate(year, 1, 1).PlusMonths(month - 1)).ToInstant();

    /// <summary>Answers with the months that were closed within the range.</summary>
    private static List<byte[]> Months(Request request) =>
        [.. Enumerable.Range(1, 40).Select(month => (From: Month(2022, month - 1), To: Month(2022, month)))
            .Where(period => period.To > FactBench.Time(request, 0) && period.To <= FactBench.Time(request, 1))
            .Select(period => Period(TypeIdentification.StoredTariff, 20, period.From, period.To))];

    private static byte[] Period(TypeIdentification type, byte period, Instant from, Instant to) =>
        MeterAnswers.Tariff(type, Contract, period, from, to, FactBench.Madrid);
}
