using Akka.Actor;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Ports;
using Iec102.Lines;
using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>
/// A port actor in virtual time on lines in memory, with its far end, its live state, and the clients that send it requests.
/// </summary>
public abstract class PortBench : TestKit
{
    private const string Virtual =
        "akka.loggers = []\nakka.scheduler.implementation = \"Iec102.Acquisition.Tests.Ports.VirtualScheduler, Iec102.Acquisition.Tests\"";

    // When an actor sends itself a message while handling another, that message arrives after the Identify sent here. At most two such
    // steps follow each other, so four rounds are enough.
    private const int Rounds = 4;

    private readonly List<Recorder> _recorders = [];
    private readonly List<IActorRef> _others = [];
    private readonly PortMeters _portMeters = new();
    private readonly LinePause _portPause = new();
    private Recorder? _releaser;

    /// <summary>Creates a bench in virtual time.</summary>
    /// <param name="further">Additional configuration of the actor system.</param>
    protected PortBench(string further = "") : base($"{Virtual}\n{further}")
    {
        // Akka.NET's test kit sets a synchronization context. With one, code that awaits a line would continue on the thread pool, where
        // Settle cannot wait for it.
        SynchronizationContext.SetSynchronizationContext(null);
        Far = new FarEnd(Scheduler);
        Lines = new MemoryLines(Far);
        LiveState = Record("live-state");
        Writer = Record("writer");
    }

    internal FarEnd Far { get; }

    internal MemoryLines Lines { get; }

    internal Recorder LiveState { get; }

    /// <summary>The writer to which a meter on the port reports.</summary>
    internal Recorder Writer { get; }

    internal IActorRef Port { get; private set; } = ActorRefs.Nobody;

    internal VirtualScheduler Scheduler => (VirtualScheduler)Sys.Scheduler;

    internal TimeSpan Moment => Scheduler.MonotonicClock;

    internal IEnumerable<PortStatus> Statuses => LiveState.All<PortStatus>();

    internal PortStatus Status => Statuses.Last();

    internal static readonly PortSettings Tcp = new() { Id = "north", IsTcp = true, Hold = null };

    internal static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    internal void Start(PortSettings? settings = null) => Port = Sys.ActorOf(PropsOf(settings ?? Tcp), "port");

    /// <summary>Starts another actor for the same port after the first one has ended.</summary>
    internal void StartSuccessor(PortSettings? settings = null) => Port = Sys.ActorOf(PropsOf(settings ?? Tcp), "successor");

    /// <summary>What opens the port's line.</summary>
    internal virtual ILineFactory Factory => Lines;

    private Props PropsOf(PortSettings settings) =>
        Props.Create(() => new PortActor(new PortSetup(settings, Factory, LiveState.Ref, Scheduler.Time, _portMeters, _portPause)));

    /// <summary>Starts the actor of another port, with its own lines and meters.</summary>
    internal IActorRef StartAnother(PortSettings settings, ILineFactory lines)
    {
        var setup = new PortSetup(settings, lines, LiveState.Ref, Scheduler.Time, new PortMeters(), new LinePause());
        return Include(Sys.ActorOf(Props.Create(() => new PortActor(setup)), settings.Id));
    }

    /// <summary>Creates a client that asks the port for exchanges with a link.</summary>
    internal Client Client(string name, ushort link, ushort point = 1, IActorRef? port = null) =>
        new(this, Record(name), name, link, point, port);

    /// <summary>Creates a client that is registered with the port as a meter.</summary>
    internal Client Meter(string name, ushort link, ushort point = 1)
    {
        var client = Client(name, link, point);
        Port.Tell(new RegisterMeter(name, link, point), client.Recorder.Ref);
        return client;
    }

    internal Recorder Record(string name)
    {
        var recorder = new Recorder();
        recorder.Ref = Sys.ActorOf(Props.Create(() => new RecordingActor(recorder)), name);
        _recorders.Add(recorder);
        return recorder;
    }

    /// <summary>Tells the port to end its sessions and stop; returns the recorder that is told when it has stopped.</summary>
    internal async Task<Recorder> Release()
    {
        var releaser = Record("releaser");
        releaser.Ref.Tell(new RecordingActor.WatchEnd(Port), ActorRefs.NoSender);
        await releaser.Ref.Ask<ActorIdentity>(new Identify(0));
        Port.Tell(new ReleasePort(), releaser.Ref);
        _releaser = releaser;
        return releaser;
    }

    /// <summary>Includes another actor that works with the port in what <see cref="Settle"/> waits for.</summary>
    internal IActorRef Include(IActorRef actor)
    {
        _others.Add(actor);
        return actor;
    }

    /// <summary>Waits until all actors have handled everything that is due at this moment.</summary>
    internal async Task Settle()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var port = await Port.Ask<ActorIdentity>(new Identify(round));
            // Akka.NET answers for an actor that has ended, possibly before those who watch the actor have been told.
            if (port.Subject is null && _releaser is { } releaser)
                await releaser.EndSeen;
            foreach (var other in _others)
                await other.Ask<ActorIdentity>(new Identify(round));
        }

        foreach (var recorder in _recorders)
            await recorder.Ref.Ask<ActorIdentity>(new Identify(0));
    }

    internal async Task Advance(TimeSpan time)
    {
        var until = Moment + time;
        await Settle();
        while (Scheduler.RunNext(until))
            await Settle();
    }

    /// <summary>Lets virtual time pass until the condition holds.</summary>
    internal async Task Until(Func<bool> condition, TimeSpan atMost)
    {
        var until = Moment + atMost;
        await Settle();
        while (!condition())
        {
            if (!Scheduler.RunNext(until))
                throw new ShouldAssertException($"It did not come to pass within {atMost}.");
            await Settle();
        }
    }
}

/// <summary>The messages that an actor has received.</summary>
internal sealed class Recorder
{
    private readonly Lock _gate = new();
    private readonly List<object> _received = [];
    private readonly TaskCompletionSource _endSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IActorRef Ref { get; set; } = ActorRefs.Nobody;

    /// <summary>Completes when the actor has been told that the one it watches has ended.</summary>
    public Task EndSeen => _endSeen.Task;

    public void Add(object message)
    {
        lock (_gate)
            _received.Add(message);
        if (message is Terminated)
            _endSeen.TrySetResult();
    }

    public IReadOnlyList<T> All<T>()
    {
        lock (_gate)
            return [.. _received.OfType<T>()];
    }
}

internal sealed class RecordingActor : ReceiveActor
{
    public RecordingActor(Recorder recorder)
    {
        Receive<WatchEnd>(watch => Context.Watch(watch.Of));
        ReceiveAny(recorder.Add);
    }

    public sealed record WatchEnd(IActorRef Of);
}

/// <summary>A client that sends requests to a port.</summary>
internal sealed class Client(PortBench bench, Recorder recorder, string name, ushort link, ushort point, IActorRef? port)
{
    private const uint Key = 7;

    private int _asked;

    public Recorder Recorder { get; } = recorder;

    public string Name { get; } = name;

    public ushort Link { get; } = link;

    public ushort Point { get; } = point;

    public IReadOnlyList<ExchangeEnded> Ended => Recorder.All<ExchangeEnded>();

    /// <summary>How many requests have not been answered yet.</summary>
    public int Unanswered => _asked - Ended.Count;

    public IReadOnlyList<PortState> PortStates => [.. Recorder.All<PortStateChanged>().Select(change => change.State)];

    public IReadOnlyList<bool> LinkStates => [.. Recorder.All<LinkStateChanged>().Select(change => change.Answers)];

    public Request ReadClock => Request.ReadCurrentTime(Point);

    /// <summary>A request for a series; the record number tells one series from another.</summary>
    public Request ReadSeries(byte record = 11) => Request.ReadIncrementalTotals(Point, record, 1, 8, default, default);

    /// <summary>Sends a request and does not wait.</summary>
    public Request Ask(
        Request request, int epoch = 0, RequestClass @class = RequestClass.LiveValues, double timeout = 300, ClockWriting? clock = null)
    {
        _asked++;
        (port ?? bench.Port).Tell(
            new ExchangeRequest(new RequestId(_asked), Name, Link, request, @class, epoch, TimeSpan.FromSeconds(timeout)) { Clock = clock },
            Recorder.Ref);
        return request;
    }

    /// <summary>Sends a request and waits until its exchange has ended.</summary>
    public async Task<ExchangeEnded> Get(
        Request request, int epoch = 0, RequestClass @class = RequestClass.LiveValues, double timeout = 300)
    {
        var before = Ended.Count;
        Ask(request, epoch, @class, timeout);
        await bench.Until(() => Ended.Count > before, TimeSpan.FromSeconds(timeout + 60));
        return Ended[before];
    }

    public Task<ExchangeEnded> LogIn(int replaced = 0, RequestClass @class = RequestClass.LiveValues) =>
        Get(Request.Login(Point, Key), replaced, @class);
}
