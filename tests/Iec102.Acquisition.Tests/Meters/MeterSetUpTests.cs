using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Tests.Meters;

public class MeterSetUpTests
{
    private static readonly TransformerRatios Ratios = new(660_000, 1_100, 2_000, 50);

    [Fact]
    public void Nothing_is_known_of_a_meter_that_has_told_nothing()
    {
        var nothing = Of();
        (nothing.IsKnown, nothing.Firmware, nothing.Periods, nothing.Ratios).ShouldBe((false, null, null, null));
        (nothing.Has(134), nothing.Has(135), nothing.Has(136)).ShouldBe((true, false, false));
    }

    [Fact]
    public void The_registrar_tells_firmware_periods_ratios_and_contracts()
    {
        var setUp = Of(MeterAnswers.Registrar(77, 60, 15, ContractState.Active, ContractState.Inactive, Ratios));
        (setUp.IsKnown, setUp.Firmware, setUp.Periods, setUp.Ratios).ShouldBe((true, "KA 77", new CurvePeriods(60, 15), Ratios));
        (setUp.Has(134), setUp.Has(135), setUp.Has(136)).ShouldBe((true, true, false));
    }

    [Fact]
    public void The_further_configuration_stands_in_for_what_the_registrar_leaves_out()
    {
        var further = MeterAnswers.Further(new FurtherConfiguration { CurvePeriods = new CurvePeriods(60, 10), Ratios = Ratios });
        var setUp = Of(MeterAnswers.Registrar(period1: 0, period2: 0), further);
        (setUp.Periods, setUp.Ratios).ShouldBe((new CurvePeriods(60, 10), Ratios));
        Of(further).Firmware.ShouldBeNull();
        Of(further, MeterAnswers.Registrar(period2: 15)).Periods.ShouldBe(new CurvePeriods(60, 15));
    }

    [Fact]
    public void Answers_that_cannot_be_read_change_nothing() => Of([142, 1, 5, 1, 0, 0, 1, 2, 3], []).ShouldBe(new MeterSetUp());

    private static MeterSetUp Of(params byte[][] answers) =>
        MeterSetUp.Of(answers.Select(answer => new ConfigurationRead("m-1", 1, default, answer)));
}
