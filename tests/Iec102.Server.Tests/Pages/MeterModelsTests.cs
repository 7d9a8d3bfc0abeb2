using System.Collections.Immutable;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Server.Api;
using Iec102.Server.Pages;
using NodaTime;

namespace Iec102.Server.Tests.Pages;

public sealed class MeterModelsTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 3, 3, 12, 0);
    private static readonly FleetConfiguration Fleet = Configured("m-2", "m-10");

    private readonly MeterModels _models = new();
    private ImmutableSortedDictionary<string, LiveMeter> _live = ImmutableSortedDictionary.Create<string, LiveMeter>(StringComparer.Ordinal)
        .Add("m-2", Meter("m-2")).Add("m-10", Meter("m-10"));

    [Fact]
    public void Meters_are_in_the_order_in_which_people_count_and_only_those_that_are_configured_and_have_reported()
    {
        _live = _live.Add("gone", Meter("gone")).Add("m-1", new LiveMeter("m-1"));

        Models(Configured("m-10", "m-1", "m-2")).Select(model => model.Id).ShouldBe(["m-2", "m-10"]);
    }

    [Fact]
    public void A_meter_that_has_not_changed_is_not_made_again()
    {
        var (first, tenth) = Two();
        // What is read all the time, its values, is not in the model.
        _live = _live.SetItem("m-10", _live["m-10"].With(new CurrentValuesRead("m-10", Duration.FromMinutes(1), []), Now));
        Two().ShouldSatisfyAllConditions(
            two => two.First.ShouldBeSameAs(first),
            two => two.Tenth.ShouldBeSameAs(tenth));
    }

    [Fact]
    public void A_meter_that_reports_is_made_again_with_the_curves_that_it_had()
    {
        _live = _live.SetItem("m-2", _live["m-2"].With(Hourly(recorded: 3), Now));
        var (before, other) = Two();
        _live = _live.SetItem("m-2", _live["m-2"] with { Status = _live["m-2"].Status! with { LastSeen = Now } });

        var (after, same) = Two();

        after.LastSeen.ShouldNotBe(before.LastSeen);
        after.Profiles.ShouldBeSameAs(before.Profiles);
        same.ShouldBeSameAs(other);
    }

    [Fact]
    public void A_curve_that_reports_makes_its_meter_again()
    {
        _live = _live.SetItem("m-2", _live["m-2"].With(Hourly(recorded: 3), Now));
        var before = Two().First;
        _live = _live.SetItem("m-2", _live["m-2"].With(Hourly(recorded: 4), Now));

        before.Profiles["hourly"].Recorded.ShouldBe(3);
        Two().First.Profiles["hourly"].Recorded.ShouldBe(4);
    }

    [Fact]
    public void A_changed_configuration_makes_a_meter_again()
    {
        var before = Two().First;
        var named = Fleet.Meters.Select(meter => meter with { Labels = meter.Labels with { Name = "Subestación Norte" } });

        before.Name.ShouldBeNull();
        Models(Fleet with { Meters = [.. named] })[0].Name.ShouldBe("Subestación Norte");
    }

    [Fact]
    public void A_verdict_that_changes_by_itself_makes_a_meter_again()
    {
        _live = _live.SetItem("m-2", _live["m-2"].With(new CurrentValuesRead("m-2", Duration.FromMinutes(1), []), Now));
        Two().First.Cause.ShouldBeNull();
        Models(Fleet, Now + Duration.FromMinutes(3))[0].Cause.ShouldBe("stale");
    }

    private (MeterModel First, MeterModel Tenth) Two() => Models(Fleet) is [var first, var tenth] ? (first, tenth) : default;

    private IReadOnlyList<MeterModel> Models(FleetConfiguration fleet, Instant? at = null) => _models.Of(
        LiveFleet.Of(
            new LivePorts(ImmutableSortedDictionary<string, LivePort>.Empty), new LiveMeters(_live), at ?? Now, [], new AlarmView()),
        fleet);

    private static LiveMeter Meter(string id) => new(id)
    {
        Status = new MeterStatus(id, "p", 1, 1, MeterState.Online, 7, null, null, null),
    };

    private static ProfileStatus Hourly(int recorded) => new("m-2", Curve.Hourly, CurveState.Ok, Now, 24, recorded, 0, 0, 0);

    private static FleetConfiguration Configured(params string[] meters) => FleetReader.Read(
        "iec102.ports.p.tcp = \"127.0.0.1:1\"\n"
        + string.Concat(meters.Select((id, at) => $"iec102.meters.{id} {{ port = p, link-address = {at + 1}, password = 1 }}\n")),
        "fleet.conf").Configuration!;
}
