using Iec102.Contract;
using Iec102.Page.Meters;

namespace Iec102.Page.Tests.Meters;

/// <summary>The arrows of voltage and current of a phase, from the powers that the meter tells.</summary>
public class PhasorTests
{
    [Theory]
    [InlineData(10, 0, 0)]
    [InlineData(10, 10, 45)]
    [InlineData(10, -10, -45)]
    [InlineData(-10, 0, 180)]
    [InlineData(-10, 10, 135)]
    public void A_current_lags_its_voltage_by_the_angle_between_active_and_reactive_power(double active, double reactive, double lag)
    {
        var phasors = Phasor.Of(Signals(active, reactive));

        phasors.Select(phasor => Math.Round(phasor.Shift!.Value, 9)).ShouldBe([lag, lag, lag]);
        phasors.Select(phasor => phasor.VoltageAngle).ShouldBe([0.0, -120.0, 120.0]);
        Math.Round(phasors[1].CurrentAngle!.Value, 9).ShouldBe(-120 - lag);
    }

    [Fact]
    public void A_phase_without_power_or_current_has_no_angle()
    {
        Phasor.Of(Signals(0, 0))[0].Shift.ShouldBeNull();
        Phasor.Of(Signals(1, 1, current: 0))[0].CurrentAngle.ShouldBeNull();
    }

    [Theory]
    [InlineData("invalid")]
    [InlineData("stale")]
    public void Values_that_are_old_or_invalid_are_not_drawn(string quality)
    {
        var phasor = Phasor.Of(Signals(5, 5).Select(signal => signal with { Quality = quality }))[2];

        (phasor.Voltage, phasor.Current, phasor.Shift).ShouldBe((null, null, null));
    }

    private static IEnumerable<SignalModel> Signals(double active, double reactive, double current = 5) =>
        from phase in Enumerable.Range(1, 3)
        from signal in new[] { ("power.active", active), ("power.reactive", reactive), ("voltage", 63.5), ("current", current) }
        select new SignalModel($"{signal.Item1}.l{phase}", "", signal.Item2, "", "good", null, "2024-07-01T12:00:00+02:00", null);
}
