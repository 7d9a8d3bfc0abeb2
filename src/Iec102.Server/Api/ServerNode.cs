using Akka.Actor;
using Akka.Hosting;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;
using Iec102.Server.Deliveries;
using Iec102.Storage.Files;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Server.Api;

/// <summary>The running server as the API and the terminal see it.</summary>
/// <param name="system">The server's actor system.</param>
/// <param name="liveState">The actor that holds the live state.</param>
/// <param name="alarms">The actor that keeps the alarms.</param>
/// <param name="alarmView">The alarms, whoever keeps them.</param>
/// <param name="deliveries">The actor of the scheduled deliveries.</param>
/// <param name="fleet">The state of the fleet.</param>
/// <param name="store">The stored readings.</param>
/// <param name="others">The other nodes; null when the server is alone.</param>
/// <param name="file">The fleet file; null when the fleet comes from elsewhere.</param>
internal sealed class ServerNode(
    ActorSystem system, IRequiredActor<LiveStateActor> liveState, IRequiredActor<AlarmActor> alarms, AlarmView alarmView,
    IRequiredActor<DeliveryActor> deliveries, FleetView fleet, ReadingsStore store, OtherNodes? others = null, FleetFile? file = null)
{
    private static readonly TimeSpan LiveTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The configuration that is in force or being applied.</summary>
    public FleetConfiguration Fleet => FleetStatus.Fleet;

    /// <summary>How much of the configuration is in force.</summary>
    public FleetStatus FleetStatus => fleet.Status;

    /// <summary>The stored readings.</summary>
    /// <exception cref="StorageException">
    /// The database that the nodes share is known to be away: to wait for it would hold up every other call.
    /// </exception>
    public ReadingsStore Store => others?.View.StoreAwaySince is null
        ? store
        : throw new StorageException("The database that the nodes share cannot be reached: try again in a moment.");

    /// <summary>The other nodes; null when the server is alone.</summary>
    public OtherNodes? Others => others;

    /// <summary>The fleet file; null when the fleet comes from elsewhere.</summary>
    public FleetFile? File => file;

    /// <summary>The actor that holds the live state and reports what happens.</summary>
    public IActorRef LiveState => liveState.ActorRef;

    /// <summary>The actor that keeps the alarms, or knows that another node does.</summary>
    public IActorRef Alarms => alarms.ActorRef;

    /// <summary>The alarms for whoever only looks, whichever node keeps them.</summary>
    public AlarmView AlarmView => alarmView;

    /// <summary>The actor of the scheduled deliveries, which knows whether another node delivers.</summary>
    public IActorRef Deliveries => deliveries.ActorRef;

    /// <summary>The actors that the frames of a port pass through: the port and its gateway.</summary>
    public IEnumerable<IActorRef> WatchedOn(string port) =>
        new[] { fleet.Actor(new FleetChild(FleetPart.Port, port)), fleet.Actor(new FleetChild(FleetPart.Gateway, port)) }
            .OfType<IActorRef>();

    /// <summary>The actor of a port that this server itself runs; null when it does not.</summary>
    public IActorRef? PortActor(string port) => fleet.Actor(new FleetChild(FleetPart.Port, port));

    /// <summary>Whether this server itself runs a port.</summary>
    public bool Runs(string port) => PortActor(port) is not null;

    /// <summary>Why this server will not run a port again by itself, in one sentence; null while it runs it, or is about to.</summary>
    public string? WhyGone(string port)
    {
        if (Runs(port))
            return null;
        if (Fleet.Ports.FirstOrDefault(one => one.Id == port) is not { Enabled: true } configured)
            return $"The port '{port}' is no longer in the fleet file, or is disabled.";
        return others is null || configured.Placement.Node == others.View.Self || others.Lease.Status.Held.Contains(port)
            ? null
            : $"Node {others.View.Self} no longer runs the port '{port}'; call again to see it on the node that does.";
    }

    /// <summary>Starts an actor of the API's own.</summary>
    public IActorRef Start(Props props) => system.ActorOf(props);

    /// <summary>Stops an actor of the API's own.</summary>
    public void Stop(IActorRef actor) => system.Stop(actor);

    /// <summary>The live state of all ports.</summary>
    public Task<LivePorts> PortsAsync() => LiveState.Ask<LivePorts>(new GetPorts(), LiveTimeout);

    /// <summary>The live state of a port.</summary>
    public Task<LivePort> PortAsync(string id) => LiveState.Ask<LivePort>(new GetPort(id), LiveTimeout);

    /// <summary>The live state of all meters.</summary>
    public Task<LiveMeters> MetersAsync() => LiveState.Ask<LiveMeters>(new GetMeters(), LiveTimeout);

    /// <summary>The live state of everything, with its verdicts, at this moment.</summary>
    public async Task<LiveFleet> LiveFleetAsync()
    {
        var (asked, askedMeters) = (PortsAsync(), MetersAsync());
        var (ports, meters, now) = (await asked, await askedMeters, SystemClock.Instance.GetCurrentInstant());
        if (others is null)
            return LiveFleet.Of(ports, meters, now, [], alarmView);
        (ports, meters) = others.Sight.Of(ports, meters, Fleet);
        return LiveFleet.Of(ports, meters, now, others.Sight.Problems(ports, Fleet), alarmView);
    }

    /// <summary>The live state of a meter, with its current values.</summary>
    public async Task<LiveMeter> MeterAsync(string id)
    {
        var own = await LiveState.Ask<LiveMeter>(new GetMeter(id), LiveTimeout);
        return own.Status is null && others?.States.Meters.GetValueOrDefault(id)?.State is { } known
            ? known.Restore(Store.CurrentValues(id).GetValueOrDefault(id) ?? [])
            : own;
    }

    /// <summary>
    /// The same live state with the current values also of what other nodes run; without them while the database is away.
    /// </summary>
    public LiveFleet WithValues(LiveFleet live)
    {
        if (others is null)
            return live;
        try
        {
            var values = Store.CurrentValues();
            var meters = live.Meters.ById.SetItems(
                live.Meters.ById.Values.Where(meter => meter.Sight?.Node != others.View.Self || meter.Sight.IsLost)
                    .Select(meter => KeyValuePair.Create(meter.Id, meter.Restore(values.GetValueOrDefault(meter.Id) ?? []))));
            return live with { Meters = new LiveMeters(meters) };
        }
        catch (StorageException)
        {
            return live;
        }
    }

    /// <summary>Asks a meter's actor; null when there is none or it does not answer in time.</summary>
    public Task<T?> AskMeter<T>(string meter, object message, TimeSpan timeout) where T : class =>
        AskAsync<T>(new FleetChild(FleetPart.Meter, meter), message, timeout);

    /// <summary>Asks a port's actor; null when there is none or it does not answer in time.</summary>
    public Task<T?> AskPort<T>(string port, object message, TimeSpan timeout) where T : class =>
        AskAsync<T>(new FleetChild(FleetPart.Port, port), message, timeout);

    /// <summary>Asks a curve's actor; null when there is none or it does not answer in time.</summary>
    public Task<T?> AskProfile<T>(string meter, Curve curve, object message, TimeSpan timeout) where T : class =>
        AskAsync<T>(new FleetChild(FleetPart.Profile, meter, curve), message, timeout);

    private async Task<T?> AskAsync<T>(FleetChild child, object message, TimeSpan timeout) where T : class
    {
        if (fleet.Actor(child) is not { } actor)
            return null;
        try
        {
            return await actor.Ask<T>(message, timeout);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}

/// <summary>Everything that is live, at one moment.</summary>
/// <param name="Ports">The ports.</param>
/// <param name="Meters">The meters.</param>
/// <param name="Verdicts">Their verdicts.</param>
/// <param name="At">The moment.</param>
internal sealed record LiveFleet(LivePorts Ports, LiveMeters Meters, FleetVerdicts Verdicts, Instant At)
{
    /// <summary>With the verdicts of the moment.</summary>
    public static LiveFleet Of(LivePorts ports, LiveMeters meters, Instant at, IReadOnlyList<OpenProblem> ofNodes, AlarmView alarms) =>
        new(ports, meters, alarms.Date(FleetVerdicts.Of(ports, meters, at, ofNodes)), at);
}
