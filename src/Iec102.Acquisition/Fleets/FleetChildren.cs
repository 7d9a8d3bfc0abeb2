using System.Collections.Immutable;
using Akka.Actor;
using Akka.Pattern;
using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Lines;

namespace Iec102.Acquisition.Fleets;

/// <summary>What the children of the fleet's actor are made with.</summary>
/// <param name="LineOf">How the line of a port is opened.</param>
/// <param name="LiveState">The live state.</param>
/// <param name="Writer">The writer.</param>
/// <param name="Time">The clock of all actors.</param>
/// <param name="View">Where the state of the fleet is shown.</param>
public sealed record FleetSetup(
    Func<PortConfiguration, ILineFactory> LineOf, IActorRef LiveState, IActorRef Writer, TimeProvider Time, FleetView View)
{
    /// <summary>Says whether our clock is right; without it no meter's clock is ever set.</summary>
    public IHostClock? HostClock { get; init; }

    /// <summary>
    /// Decides which ports this node runs, with <see cref="OwnPorts"/>, and is sent each <see cref="ApplyFleet"/> that is applied and
    /// <see cref="PortsRunning"/>; null when there is only one node, which runs all ports.
    /// </summary>
    public IActorRef? Owner { get; init; }

    /// <summary>
    /// What is known of the pause of a port that this node takes from another one; null when there was none, or there is only one node.
    /// </summary>
    public Func<string, PortPause?> KnownPause { get; init; } = _ => null;

    /// <summary>The ports whose frames are written to the log.</summary>
    public ImmutableHashSet<string> TracedPorts { get; init; } = [];

    /// <summary>
    /// A failed child comes back after 1 s, then 2 s and so on to a minute, plus up to this share at random, so that many do not come back
    /// at once.
    /// </summary>
    public double RestartJitter { get; init; } = 0.2;

    /// <summary>
    /// The longest pause before a curve that failed comes back. A curve fails with its journal, so this is also how long it may lag behind
    /// a journal that works again.
    /// </summary>
    public TimeSpan CurveRestartMax { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>Makes the actors of the configured ports, curves, meters and gateways.</summary>
internal sealed class FleetChildren(FleetSetup setup)
{
    private static readonly TimeSpan RestartMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestartMax = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, MeterLabels> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GatewayMeters> _gateways = new(StringComparer.Ordinal);

    /// <summary>The pauses of the ports that are run here: they outlast a change of the port's configuration.</summary>
    private readonly Dictionary<string, LinePause> _pauses = new(StringComparer.Ordinal);
    private ILookup<string, MeterConfiguration> _metersByPort = Array.Empty<MeterConfiguration>().ToLookup(meter => meter.Port);

    /// <summary>From now on children are made for this configuration; the writer is told the labels that are new.</summary>
    /// <param name="fleet">The whole fleet.</param>
    /// <param name="owned">The part that is run here.</param>
    public void Configure(FleetConfiguration fleet, FleetConfiguration owned)
    {
        _metersByPort = fleet.Meters.ToLookup(meter => meter.Port, StringComparer.Ordinal);
        foreach (var port in _pauses.Keys.Except(owned.Ports.Select(port => port.Id)).ToList())
            _pauses.Remove(port);
        foreach (var meter in FleetPlan.MetersOf(owned).Where(meter => _labels.GetValueOrDefault(meter.Id) != meter.Labels))
        {
            _labels[meter.Id] = meter.Labels;
            setup.Writer.Tell(new StoreMeterLabels(meter.Id, meter.Labels));
        }
    }

    /// <summary>How many meters are configured on a port.</summary>
    public int CountMeters(string port) => _metersByPort[port].Count();

    /// <summary>
    /// A child under a supervisor of its own, which starts it again when it fails: the failure of one never affects another.
    /// </summary>
    /// <param name="plan">The child; everything that it needs is running.</param>
    /// <param name="actors">The running children.</param>
    public Props Make(PlannedChild plan, IReadOnlyDictionary<FleetChild, IActorRef> actors)
    {
        var child = plan.Settings switch
        {
            PortConfiguration port when plan.Child.Part == FleetPart.Port => Port(port),
            PortConfiguration port => Gateway(port, actors),
            ProfileSettings settings => ProfileActor.Props(settings, setup.LiveState, setup.Writer, setup.Time),
            MeterConfiguration meter => Meter(meter, actors),
            _ => throw new ArgumentException($"{plan.Child} has settings of an unknown kind.", nameof(plan)),
        };
        // A persistent actor stops when its journal fails, so its end counts as a failure too, unless it was asked to end.
        var restartMax = plan.Child.Part == FleetPart.Profile ? setup.CurveRestartMax : RestartMax;
        return BackoffSupervisor.Props(
            Akka.Pattern.Backoff.OnStop(child, plan.Child.ActorName, RestartMin, restartMax, setup.RestartJitter, maxNrOfRetries: -1)
                .WithDefaultStoppingStrategy()
                .WithFinalStopMessage(message => message is ReleasePort or EndRecording));
    }

    /// <summary>Sends each running gateway the present meters of its port, when they have changed.</summary>
    public void ServeGateways(IReadOnlyDictionary<FleetChild, IActorRef> actors)
    {
        foreach (var (port, meters) in _gateways)
        {
            var now = Served(port, actors);
            if (meters.All.Equals(now))
                continue;
            meters.Set(now);
            if (actors.TryGetValue(new FleetChild(FleetPart.Gateway, port), out var listener))
                listener.Tell(new ServeMeters(now));
        }
    }

    private Props Port(PortConfiguration port)
    {
        var settings = PortSettings.Of(port) with { LogsFrames = setup.TracedPorts.Contains(port.Id) };
        if (!_pauses.TryGetValue(port.Id, out var pause))
            _pauses[port.Id] = pause = new LinePause(setup.KnownPause(port.Id));
        var made = new PortSetup(settings, setup.LineOf(port), setup.LiveState, setup.Time, new PortMeters(), pause);
        return Props.Create(() => new PortActor(made));
    }

    private Props Meter(MeterConfiguration meter, IReadOnlyDictionary<FleetChild, IActorRef> actors)
    {
        setup.Writer.Tell(new StoreMeterZone(meter.Id, meter.TimeZone.Id));
        var port = actors[new FleetChild(FleetPart.Port, meter.Port)];
        var profiles = FleetPlan.CurvesOf(meter)
            .Select(curve => (curve, actors[new FleetChild(FleetPart.Profile, meter.Id, curve)]))
            .ToList();
        return Props.Create(() => new MeterActor(meter, port, setup.LiveState, setup.Writer, profiles, setup.HostClock, setup.Time));
    }

    private Props Gateway(PortConfiguration port, IReadOnlyDictionary<FleetChild, IActorRef> actors)
    {
        var meters = new GatewayMeters();
        meters.Set(Served(port.Id, actors));
        _gateways[port.Id] = meters;
        return Props.Create(() => new GatewayListener(port, meters, setup.LiveState, setup.Time));
    }

    private ValueList<ServedMeter> Served(string port, IReadOnlyDictionary<FleetChild, IActorRef> actors) =>
    [
        .. _metersByPort[port].Select(meter => ServedMeter.Of(meter, actors.GetValueOrDefault(new FleetChild(FleetPart.Meter, meter.Id)))),
    ];
}
