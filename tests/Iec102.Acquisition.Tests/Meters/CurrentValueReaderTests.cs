using Iec102.Acquisition.Meters;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

public sealed class CurrentValueReaderTests
{
    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];
    private static readonly Instant ReadAt = Instant.FromUtc(2024, 7, 15, 8, 15, 10);
    private static readonly TimeTagA Time = CivilTime.ToTagA(Instant.FromUtc(2024, 7, 15, 8, 15), Madrid);

    [Fact]
    public void An_answer_with_all_objects_gives_the_24_signals_of_the_contract()
    {
        var group = new PowerGroup(120, 40, 949);
        var phase = new PhaseValues(25, 2310);
        var one = new EnergyRegister(255842);
        var values = new InstantaneousValues(
            new EnergyTotals(one, one, one, one, one, one, Time), new Powers(group, group, group, group, Time), new CurrentsAndVoltages(
                phase, phase, phase, Time));

        var signals = CurrentValueReader.Read(values, Madrid, SummerTimeHabit.SuBit, ReadAt);

        signals.Count.ShouldBe(24);
        signals.Select(signal => signal.Id).Distinct().Count().ShouldBe(24);
        signals.ShouldAllBe(signal => signal.MeterTime == Instant.FromUtc(2024, 7, 15, 8, 15, 0) && signal.ReadAt == ReadAt);
        signals.ShouldAllBe(signal => signal.Quality == ValueQuality.Good);
        Value(signals, "energy.active.import").ShouldBe((255842, "kWh"));
        Value(signals, "power.active.l2").ShouldBe((120, "kW"));
        Value(signals, "power.factor.total").ShouldBe((0.949, "1"));
        Value(signals, "current.l1").ShouldBe((2.5, "A"));
        Value(signals, "voltage.l3").ShouldBe((231.0, "V"));
    }

    [Fact]
    public void Export_and_the_quadrants_3_and_4_are_negative()
    {
        var group = new PowerGroup(35, 12, 946, IsExport: true, IsQuadrant34: true);
        var signals = CurrentValueReader.Read(
            new InstantaneousValues(null, new Powers(group, group, group, group, Time), null), Madrid, SummerTimeHabit.SuBit, ReadAt);

        Value(signals, "power.active.total").ShouldBe((-35, "kW"));
        Value(signals, "power.reactive.total").ShouldBe((-12, "kvar"));
    }

    [Fact]
    public void Currents_and_voltages_have_a_primary_value_once_the_ratios_are_known()
    {
        var signals = Phases(new TransformerRatios(175_000, 1_100, 2_000, 50));
        Primary(signals, "current.l1").ShouldBe(2.5 * 2_000 / 50);
        Primary(signals, "voltage.l3").ShouldNotBeNull().ShouldBe(231.0 * 175_000 / 1_100, 1e-9);
        Value(signals, "current.l1").ShouldBe((2.5, "A"));
        Primary(signals, "current.l2").ShouldBeNull();
        Phases(null).ShouldAllBe(signal => signal.PrimaryValue == null);
    }

    [Theory]
    [InlineData(0u, 1100u)]
    [InlineData(175000u, 0u)]
    public void A_ratio_with_a_zero_in_it_is_not_known(uint primary, uint secondary)
    {
        var signals = Phases(new TransformerRatios(primary, secondary, 2_000, 50));
        Primary(signals, "voltage.l1").ShouldBeNull();
        Primary(signals, "current.l1").ShouldBe(100);
    }

    private static IReadOnlyList<CurrentValue> Phases(TransformerRatios? ratios)
    {
        var (good, bad) = (new PhaseValues(25, 2310), new PhaseValues(25, 2310, IsInvalid: true));
        var values = new InstantaneousValues(null, null, new CurrentsAndVoltages(good, bad, good, Time));
        return CurrentValueReader.Read(values, Madrid, SummerTimeHabit.SuBit, ReadAt, ratios);
    }

    private static double? Primary(IEnumerable<CurrentValue> signals, string id) => signals.Single(signal => signal.Id == id).PrimaryValue;

    [Fact]
    public void An_invalid_value_is_null_and_says_so()
    {
        var bad = new EnergyRegister(5, IsInvalid: true);
        var good = new EnergyRegister(6);
        var values = new InstantaneousValues(new EnergyTotals(bad, good, good, good, good, good, Time), null, null);
        var signals = CurrentValueReader.Read(values, Madrid, SummerTimeHabit.SuBit, ReadAt);

        var signal = signals.Single(candidate => candidate.Id == "energy.active.import");
        signal.Value.ShouldBeNull();
        signal.Quality.ShouldBe(ValueQuality.Invalid);
        Value(signals, "energy.active.export").ShouldBe((6, "kWh"));
    }

    private static (double?, string) Value(IEnumerable<CurrentValue> signals, string id)
    {
        var signal = signals.Single(candidate => candidate.Id == id);
        return (signal.Value, signal.Unit);
    }
}
