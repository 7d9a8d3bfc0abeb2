using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Fleets;

/// <summary>One child as configured: if two plans of a child are equal, it needs no restart.</summary>
/// <param name="Child">The child.</param>
/// <param name="Settings">Its settings, compared by value.</param>
/// <param name="Needs">The children that must run as configured before it starts, and that outlive it.</param>
internal sealed record PlannedChild(FleetChild Child, object Settings, ValueList<FleetChild> Needs);

/// <summary>A running child.</summary>
/// <param name="Plan">How it was started.</param>
/// <param name="EndingSince">When it was asked to end; null when it was not.</param>
internal sealed record RunningChild(PlannedChild Plan, Instant? EndingSince = null);

/// <summary>What can be done at once.</summary>
/// <param name="Start">The children to start, in this order.</param>
/// <param name="End">The children to be asked to end.</param>
internal sealed record FleetStep(IReadOnlyList<PlannedChild> Start, IReadOnlyList<FleetChild> End);

/// <summary>
/// Which children a configuration wants, and how to get there from the running ones: a child ends once no running child needs it, and
/// starts once everything that it needs runs as configured. So ports wait only for their own meters, never for one another.
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
        var ports = fleet.Ports.Where(port => port.Enabled).Select(WithoutOrder).ToDictionary(port => port.Id, StringComparer.Ordinal);
        var meters = MetersOf(fleet).ToList();
        // In the order of FleetPart, on which Next relies.
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
            // A meter that is only called something else goes on undisturbed.
            plan.Add(new FleetChild(FleetPart.Meter, meter.Id), meter with { Labels = MeterLabels.None }, needs);
        }

        foreach (var port in ports.Values.Where(port => port.Gateway is not null))
            plan.Add(new FleetChild(FleetPart.Gateway, port.Id), port, [new(FleetPart.Port, port.Id)]);
        return plan;
    }

    /// <summary>The meters that are to be read.</summary>
    public static IEnumerable<MeterConfiguration> MetersOf(FleetConfiguration fleet)
    {
        var ports = fleet.Ports.Where(port => port.Enabled).Select(port => port.Id).ToHashSet(StringComparer.Ordinal);
        return fleet.Meters.Where(meter => meter.Enabled && ports.Contains(meter.Port));
    }

    /// <summary>The recorded curves of a meter.</summary>
    public static IEnumerable<Curve> CurvesOf(MeterConfiguration meter) => Enum.GetValues<Curve>().Where(meter.Records);

    /// <summary>Whether a child is to run.</summary>
    public bool Wants(FleetChild child) => _wanted.ContainsKey(child);

    /// <summary>What can be done at once, given the running children and those that are not to be tried now.</summary>
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

    /// <summary>What does not run as configured.</summary>
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

    /// <summary>What runs as configured, together with everything that it needs.</summary>
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

    /// <summary>The settings of a port itself: its gateway starts and stops independently.</summary>
    private static PortConfiguration WithoutGateway(PortConfiguration port) => port with { Gateway = null };

    /// <summary>Which nodes a floating port prefers does not matter to the one that runs it.</summary>
    private static PortConfiguration WithoutOrder(PortConfiguration port) =>
        port with { Placement = port.Placement with { Nodes = [] } };

    private static ProfileSettings SettingsOf(MeterConfiguration meter, Curve curve)
    {
        var profile = meter.ProfileOf(curve);
        return new ProfileSettings(
            meter.Id, curve, meter.PointAddress, meter.TimeZone, meter.StartOf(profile),
            Duration.FromTimeSpan(profile.Depth), Duration.FromTimeSpan(profile.Settle))
        {
            IsDepthGiven = profile.IsDepthGiven,
        };
    }
}
