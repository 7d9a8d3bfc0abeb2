using Iec102.Acquisition.Live;
using Iec102.Acquisition.Verdicts;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Server.Api;

namespace Iec102.Server.Pages;

/// <summary>
/// The meters of the fleet as the API has them, one state after the other. Of a thousand meters some thirty change within two seconds: the
/// model of any other is the one of the state before, so that it is neither made nor drawn again.
/// </summary>
internal sealed class MeterModels
{
    private Dictionary<string, Made> _made = new(StringComparer.Ordinal);

    /// <summary>The models of those meters that are configured and have reported, by id as people count.</summary>
    public IReadOnlyList<MeterModel> Of(LiveFleet live, FleetConfiguration fleet)
    {
        var made = new Dictionary<string, Made>(fleet.Meters.Count, StringComparer.Ordinal);
        foreach (var configuration in fleet.Meters)
        {
            if (live.Meters.ById.GetValueOrDefault(configuration.Id) is not { Status: not null } meter)
                continue;
            var verdict = live.Verdicts.OfMeter(meter.Id);
            var before = _made.GetValueOrDefault(meter.Id);
            var curves = before is not null && ReferenceEquals(before.Meter.Curves, meter.Curves)
                && ReferenceEquals(before.Configuration, configuration) ? before.Model.Profiles : null;
            made[meter.Id] = curves is not null && ReferenceEquals(before!.Meter.Status, meter.Status)
                && before.Meter.Sight == meter.Sight && before.Verdict == verdict
                ? before
                : new Made(
                    meter, verdict, configuration,
                    MeterModel.Of(meter, verdict, configuration.TimeZone, configuration.Labels, curves));
        }

        _made = made;
        return [.. made.Values.Select(one => one.Model).OrderBy(model => model.Id, NaturalOrder.Instance)];
    }

    private sealed record Made(LiveMeter Meter, Verdict Verdict, MeterConfiguration Configuration, MeterModel Model);
}
