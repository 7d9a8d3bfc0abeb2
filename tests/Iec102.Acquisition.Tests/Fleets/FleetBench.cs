using Akka.Actor;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tests.Ports;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Lines.Tcp;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Fleets;

/// <summary>
/// The fleet's actor with real ports and meters over lines in memory, in virtual time; the test plays the live state and the writer.
/// </summary>
public abstract class FleetBench : TestKit
{
    private const string Virtual =
        "akka.loggers = []\nakka.scheduler.implementation = \"Iec102.Acquisition.Tests.Ports.VirtualScheduler, Iec102.Acquisition.Tests\"";

    // Enough for a message to cross fleet, supervisor and child, and for the reply to come back.
    private const int Rounds = 6;

    private readonly Dictionary<string, MemoryLines> _lines = new(StringComparer.Ordinal);
    private readonly Recorder _log = new();
    private IActorRef? _owner;

    protected FleetBench(string further = "") : base($"{Virtual}\n{further}")
    {
        SynchronizationContext.SetSynchronizationContext(null);
        LiveState = Record("live-state", new Recorder());
        Writer = Record("writer", new Recorder());
        Sys.EventStream.Subscribe(Record("log", _log).Ref, typeof(Akka.Event.LogEvent));
    }

    internal Recorder LiveState { get; }

    internal Recorder Writer { get; }

    internal FleetView View { get; } = new();

    internal FleetStatus Status => View.Status;

    internal IActorRef Fleet { get; private set; } = ActorRefs.Nobody;

    internal VirtualScheduler Scheduler => (VirtualScheduler)Sys.Scheduler;

    /// <summary>Ports for which creating a line fails.</summary>
    internal HashSet<string> Impossible { get; } = new(StringComparer.Ordinal);

    internal IEnumerable<string> Said => _log.All<Akka.Event.LogEvent>().Select(entry => entry.Message.ToString()!);

    internal static FleetChild PortChild(string id) => new(FleetPart.Port, id);

    internal static FleetChild MeterChild(string id) => new(FleetPart.Meter, id);

    internal static FleetChild GatewayChild(string id) => new(FleetPart.Gateway, id);

    internal static PortConfiguration Port(string id, double replyTimeout = 5) => new()
    {
        Id = id,
        Tcp = new TcpLineOptions("192.0.2.1", 4001),
        Timing = new PortTiming { ReplyTimeout = TimeSpan.FromSeconds(replyTimeout), Retries = 0 },
        HoldIdle = null,
    };

    internal static MeterConfiguration Meter(string id, string port, ushort link = 1) => new()
    {
        Id = id,
        Port = port,
        LinkAddress = link,
        PointAddress = 1,
        Password = new Secret(7),
        TimeZone = DateTimeZoneProviders.Tzdb["Europe/Madrid"],
        Record = false,
    };

    internal MemoryLines Lines(string port)
    {
        if (!_lines.TryGetValue(port, out var lines))
            _lines[port] = lines = new MemoryLines(new FarEnd(Scheduler));
        return lines;
    }

    /// <summary>Starts the fleet's actor.</summary>
    /// <param name="liveState">A live state to use instead of the one that the test plays.</param>
    /// <param name="owner">Who decides which ports are run; null to run all.</param>
    internal void Start(IActorRef? liveState = null, IActorRef? owner = null)
    {
        _owner = owner;
        var setup = new FleetSetup(LineOf, liveState ?? LiveState.Ref, Writer.Ref, Scheduler.Time, View) { Owner = owner };
        Fleet = Sys.ActorOf(FleetActor.Props(setup), "fleet");
    }

    internal async Task Apply(IEnumerable<PortConfiguration> ports, IEnumerable<MeterConfiguration> meters)
    {
        Fleet.Tell(new ApplyFleet(new FleetConfiguration { Ports = [.. ports], Meters = [.. meters] }));
        await Settle();
    }

    /// <summary>
    /// Keeps a port from ending at once: its meter falls silent in the middle of a session, and a request is waiting for the meter's
    /// answer.
    /// </summary>
    internal async Task OccupyWithSilence(string port)
    {
        var far = new FarEnd(Scheduler);
        var meter = far.Add(1);
        _lines[port] = new MemoryLines(far);
        Fleet.Tell(new ApplyFleet(Status.Fleet with { Ports = [.. Status.Fleet.Ports.Where(other => other.Id != port)], Meters = [] }));
        await Settle();
        Fleet.Tell(new ApplyFleet(Status.Fleet with { Ports = [.. Status.Fleet.Ports, Port(port, replyTimeout: 60)] }));
        await Settle();
        Ask(port, Request.Login(1, 7));
        await Advance(TimeSpan.FromSeconds(1));
        meter.Requests.ShouldNotBeEmpty();
        meter.IsOff = true;
        Ask(port, Request.ReadCurrentTime(1), epoch: 1);
        await Advance(TimeSpan.FromSeconds(1));
    }

    internal void Ask(string port, Request request, int epoch = 0) => View.Actor(PortChild(port))!.Tell(
        new ExchangeRequest(default, "test", 1, request, RequestClass.OnDemand, epoch, TimeSpan.FromMinutes(10)), LiveState.Ref);

    /// <summary>Waits until all actors have handled everything that is due at this moment.</summary>
    internal async Task Settle()
    {
        for (var round = 0; round < Rounds; round++)
        {
            await Fleet.Ask<ActorIdentity>(new Identify(round));
            foreach (var supervisor in Running())
            {
                await supervisor.Ask<ActorIdentity>(new Identify(round));
                await Sys.ActorSelection(supervisor.Path / supervisor.Path.Name).Ask<ActorIdentity>(new Identify(round));
            }
        }

        foreach (var told in new[] { LiveState.Ref, Writer.Ref, _log.Ref, _owner ?? LiveState.Ref })
            await told.Ask<ActorIdentity>(new Identify(0));
    }

    internal async Task Advance(TimeSpan time)
    {
        var until = Scheduler.MonotonicClock + time;
        await Settle();
        while (Scheduler.RunNext(until))
            await Settle();
    }

    private MemoryLines LineOf(PortConfiguration port) =>
        Impossible.Contains(port.Id) ? throw new LineException($"There is no line for {port.Id}.") : Lines(port.Id);

    private IEnumerable<IActorRef> Running() =>
        from part in Enum.GetValues<FleetPart>()
        from id in Status.Fleet.Ports.Select(port => port.Id)
            .Concat(Status.Fleet.Meters.Select(meter => meter.Id))
            .Concat(Status.Pending.Select(pending => pending.Child.Id))
            .Distinct()
        from curve in part == FleetPart.Profile ? Enum.GetValues<Curve>().Cast<Curve?>() : [null]
        let actor = View.Actor(new FleetChild(part, id, curve))
        where actor is not null
        select actor;

    private Recorder Record(string name, Recorder recorder)
    {
        recorder.Ref = Sys.ActorOf(Props.Create(() => new RecordingActor(recorder)), name);
        return recorder;
    }
}
