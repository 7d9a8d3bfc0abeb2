using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Fleets;

/// <summary>One child as it is configured: two that are equal need no restart.</summary>
/// <param name="Child">Which.</param>
/// <param name="Settings">Its settings, compared by value.</param>
/// <param name="Needs">The children that must run as they are configured before it starts, and outlive it.</param>
internal sealed record PlannedChild(FleetChild Child, object Settings, ValueList<FleetChild> Needs);

/// <summary>A child that runs.</summary>
/// <param name="Plan">How it was started.</param>
/// <param name="EndingSince">When it was told to end; null when it was not.</param>
internal sealed record RunningChild(PlannedChild Plan, Instant? EndingSince = null);

/// <summary>What can be done at once.</summary>
/// <param name="Start">To be started, in this order.</param>
/// <param name="End">To be told to end.</param>
internal sealed record FleetStep(IReadOnlyList<PlannedChild> Start, IReadOnlyList<FleetChild> End);

/// <summary>
/// Which children a configuration wants, and how to get there from those that run: a child ends when nothing that runs needs it any more,
/// and starts when all that it needs runs as it is configured. So ports wait for their own meters only, and never for one another.
/// </summary>
internal sealed class FleetPlan
{
    private readonly Dictionary<FleetChild, PlannedChild> _wanted = [];

    /// <summary>Nothing is to run.</summary>
    public static FleetPlan Nothing { get; } = new();

    /// <summary>The children of a configuration.</summary>
    public static FleetPlan Of(FleetConfiguration fleet)
    {
        var plan = new FleetPlan();
        var ports = fleet.Ports.Where(port => port.Enabled).ToDictionary(port => port.Id, StringComparer.Ordinal);
        var meters = fleet.Meters.Where(meter => meter.Enabled && ports.ContainsKey(meter.Port)).ToList();
        // By part, as FleetPart has them: Next relies on the order.
        foreach (var port in ports.Values)
            plan.Add(new FleetChild(FleetPart.Port, port.Id), WithoutGateway(port), []);
        foreach (var meter in meters)
        {
            foreach (var curve in CurvesOf(meter))
                plan.Add(new FleetChild(FleetPart.Profile, meter.Id, curve), SettingsOf(meter, curve), []);
        }

        foreach (var meter in meters)
        {
            ValueList<FleetChild> needs =
                [new(FleetPart.Port, meter.Port), .. CurvesOf(meter).Select(curve => new FleetChild(FleetPart.Profile, meter.Id, curve))];
            plan.Add(new FleetChild(FleetPart.Meter, meter.Id), meter, needs);
        }

        foreach (var port in ports.Values.Where(port => port.Gateway is not null))
            plan.Add(new FleetChild(FleetPart.Gateway, port.Id), port, [new(FleetPart.Port, port.Id)]);
        return plan;
    }

    /// <summary>The curves that are recorded of a meter.</summary>
    public static IEnumerable<Curve> CurvesOf(MeterConfiguration meter) => Enum.GetValues<Curve>().Where(meter.Records);

    /// <summary>Whether a child is to run.</summary>
    public bool Wants(FleetChild child) => _wanted.ContainsKey(child);

    /// <summary>What can be done at once, given what runs and what is not to be tried now.</summary>
    public FleetStep Next(IReadOnlyDictionary<FleetChild, RunningChild> running, IReadOnlyCollection<FleetChild> notNow)
    {
        var inForce = InForce(running);
        var start = new List<PlannedChild>();
        var ready = new HashSet<FleetChild>(inForce);
        foreach (var plan in _wanted.Values)
        {
            if (running.ContainsKey(plan.Child) || notNow.Contains(plan.Child) || !plan.Needs.All(ready.Contains))
                continue;
            start.Add(plan);
            ready.Add(plan.Child);
        }

        var needed = running.Values.SelectMany(child => child.Plan.Needs).ToHashSet();
        var end = running.Values.Where(
            child => child.EndingSince is null && !inForce.Contains(child.Plan.Child) && !needed.Contains(child.Plan.Child));
        return new FleetStep(start, [.. end.Select(child => child.Plan.Child)]);
    }

    /// <summary>What is not as it is configured.</summary>
    public IEnumerable<PendingChange> Pending(IReadOnlyDictionary<FleetChild, RunningChild> running, Instant since)
    {
        var inForce = InForce(running);
        var neededBy = running.Values
            .SelectMany(child => child.Plan.Needs, (child, need) => (Need: need, child.Plan.Child))
            .ToLookup(pair => pair.Need, pair => pair.Child);
        foreach (var child in running.Values.Where(child => !inForce.Contains(child.Plan.Child)))
        {
            var id = child.Plan.Child;
            ValueList<FleetChild> waitsFor = [.. child.EndingSince is null ? neededBy[id] : []];
            yield return new PendingChange(
                id, Wants(id) ? FleetChange.Restart : FleetChange.Stop, child.EndingSince ?? since, child.EndingSince is not null,
                waitsFor);
        }

        foreach (var plan in _wanted.Values.Where(plan => !running.ContainsKey(plan.Child)))
        {
            yield return new PendingChange(
                plan.Child, FleetChange.Start, since, false, [.. plan.Needs.Where(need => !inForce.Contains(need))]);
        }
    }

    private void Add(FleetChild child, object settings, ValueList<FleetChild> needs) =>
        _wanted.Add(child, new PlannedChild(child, settings, needs));

    /// <summary>What runs as it is configured, with all that it needs.</summary>
    private HashSet<FleetChild> InForce(IReadOnlyDictionary<FleetChild, RunningChild> running)
    {
        var inForce = new HashSet<FleetChild>();
        foreach (var plan in _wanted.Values)
        {
            if (running.GetValueOrDefault(plan.Child) is { EndingSince: null } child && child.Plan == plan
                && plan.Needs.All(inForce.Contains))
            {
                inForce.Add(plan.Child);
            }
        }

        return inForce;
    }

    /// <summary>The gateway of a port comes and goes without the port.</summary>
    private static PortConfiguration WithoutGateway(PortConfiguration port) => port with { Gateway = null };

    private static ProfileSettings SettingsOf(MeterConfiguration meter, Curve curve)
    {
        var profile = meter.ProfileOf(curve);
        return new ProfileSettings(
            meter.Id, curve, meter.PointAddress, meter.TimeZone, meter.StartOf(profile),
            Duration.FromTimeSpan(profile.Depth), Duration.FromTimeSpan(profile.Settle));
    }
}
