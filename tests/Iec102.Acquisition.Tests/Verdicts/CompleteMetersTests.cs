using System.Collections.Immutable;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tests.Profiles;
using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Tests.Verdicts;

public sealed class CompleteMetersTests
{
    private static readonly LocalDate Today = new(2026, 3, 3);
    private static readonly Instant Now = Madrid.At(2026, 3, 3, 0, 30);

    private readonly Dictionary<string, LiveMeter> _live = [];

    [Fact]
    public void A_meter_counts_when_every_curve_that_it_records_is_complete()
    {
        var both = Meter("both") with { QuarterHour = ProfileConfiguration.DefaultQuarterHour with { Enabled = true } };
        var half = both with { Id = "half" };
        Report("both", Curve.Hourly, recorded: 23, absent: 1);
        Report("both", Curve.QuarterHour, recorded: 24, absent: 0);
        Report("half", Curve.Hourly, recorded: 24, absent: 0);
        Report("half", Curve.QuarterHour, recorded: 23, absent: 0);
        // It was recorded before, and is off now.
        Report("one", Curve.QuarterHour, recorded: 0, absent: 0);
        Report("one", Curve.Hourly, recorded: 24, absent: 0);

        Yesterday(both, half, Meter("one"), Meter("silent")).ShouldBe(new CompleteMeters(2, 4));
    }

    [Fact]
    public void A_meter_that_records_nothing_or_is_off_does_not_count()
    {
        Yesterday(
            Meter("off") with { Enabled = false }, Meter("values") with { Record = false }, Meter("shut") with { Port = "off" },
            Meter("bare") with { Hourly = ProfileConfiguration.DefaultHourly with { Enabled = false } })
            .ShouldBe(new CompleteMeters(0, 0));
    }

    [Fact]
    public void Which_day_is_over_depends_on_the_zone_of_the_meter()
    {
        Report("m", Curve.Hourly, recorded: 24, absent: 0);

        Yesterday(Meter("m") with { TimeZone = DateTimeZoneProviders.Tzdb["Atlantic/Canary"] }).Complete.ShouldBe(0);
        Yesterday(Meter("m")).Complete.ShouldBe(1);
    }

    private void Report(string meter, Curve curve, int recorded, int absent) =>
        _live[meter] = (_live.GetValueOrDefault(meter) ?? new LiveMeter(meter)).With(
            new ProfileStatus(meter, curve, CurveState.Ok, Now, 25, recorded, 0, absent, 0)
            {
                Days = [new DayCoverage(Today.PlusDays(-1), 24, recorded, absent), new DayCoverage(Today, 0, 0)],
            },
            Now);

    private CompleteMeters Yesterday(params ReadOnlySpan<MeterConfiguration> meters) => CompleteMeters.Yesterday(
        new FleetConfiguration { Ports = [Port("p"), Port("off") with { Enabled = false }], Meters = [.. meters] },
        new LiveMeters(_live.ToImmutableSortedDictionary()), Now);

    private static PortConfiguration Port(string id) => Fleets.FleetBench.Port(id);

    private static MeterConfiguration Meter(string id) => Fleets.FleetBench.Meter(id, "p") with { Record = true, TimeZone = Madrid.Zone };
}
