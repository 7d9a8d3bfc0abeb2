using Akka.Actor;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>A port actor over lines in memory, in virtual time: its far end, its live state, and whoever asks it.</summary>
public abstract class PortBench : TestKit
{
    private const string Virtual =
        "akka.loggers = []\nakka.scheduler.implementation = \"Iec102.Acquisition.Tests.Ports.VirtualScheduler, Iec102.Acquisition.Tests\"";

    // A message that an actor sends itself while it handles another comes after the question; two such steps follow on each other at most.
    private const int Rounds = 4;

    private readonly List<Recorder> _recorders = [];
    private readonly List<IActorRef> _others = [];
    private readonly PortMeters _portMeters = new();
    private Recorder? _releaser;

    /// <summary>A bench in virtual time.</summary>
    /// <param name="further">Further configuration of the actor system.</param>
    protected PortBench(string further = "") : base($"{Virtual}\n{further}")
    {
        // Akka.NET's test kit sets one. With it, what a line completes would go on in the thread pool, and Settle would not know of it.
        SynchronizationContext.SetSynchronizationContext(null);
        Far = new FarEnd(Scheduler);
        Lines = new MemoryLines(Far);
        LiveState = Record("live-state");
        Writer = Record("writer");
    }

    internal FarEnd Far { get; }

    internal MemoryLines Lines { get; }

    internal Recorder LiveState { get; }

    /// <summary>The writer of a meter on the port.</summary>
    internal Recorder Writer { get; }

    internal IActorRef Port { get; private set; } = ActorRefs.Nobody;

    internal VirtualScheduler Scheduler => (VirtualScheduler)Sys.Scheduler;

    internal TimeSpan Moment => Scheduler.MonotonicClock;

    internal IEnumerable<PortStatus> Statuses => LiveState.All<PortStatus>();

    internal PortStatus Status => Statuses.Last();

    internal static readonly PortSettings Tcp = new() { Id = "north", IsTcp = true, Hold = null };

    internal static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    internal void Start(PortSettings? settings = null) => Port = Sys.ActorOf(PropsOf(settings ?? Tcp), "port");

    /// <summary>Another actor for the same port, after the first has ended.</summary>
    internal void StartSuccessor(PortSettings? settings = null) => Port = Sys.ActorOf(PropsOf(settings ?? Tcp), "successor");

    private Props PropsOf(PortSettings settings) =>
        Props.Create(() => new PortActor(settings, Lines, LiveState.Ref, Scheduler.Time, _portMeters));

    /// <summary>Somebody who asks the port for exchanges with a link.</summary>
    internal Client Client(string name, ushort link, ushort point = 1)
    {
        var client = new Client(this, Record(name), name, link, point);
        return client;
    }

    /// <summary>A client that is registered as a meter.</summary>
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

    /// <summary>Tells the port to end its sessions and to stop; answers who is told when it has stopped.</summary>
    internal async Task<Recorder> Release()
    {
        var releaser = Record("releaser");
        releaser.Ref.Tell(new RecordingActor.WatchEnd(Port), ActorRefs.NoSender);
        await releaser.Ref.Ask<ActorIdentity>(new Identify(0));
        Port.Tell(new ReleasePort(), releaser.Ref);
        _releaser = releaser;
        return releaser;
    }

    /// <summary>Another actor that works with the port.</summary>
    internal IActorRef Include(IActorRef actor)
    {
        _others.Add(actor);
        return actor;
    }

    /// <summary>Waits until everybody has done what there is to do at this moment.</summary>
    internal async Task Settle()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var port = await Port.Ask<ActorIdentity>(new Identify(round));
            // The mailbox of an actor that has ended answers for it, and does so even before those who watch it have been told.
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

    /// <summary>Lets time pass until the condition holds.</summary>
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

/// <summary>What an actor has been told.</summary>
internal sealed class Recorder
{
    private readonly Lock _gate = new();
    private readonly List<object> _received = [];
    private readonly TaskCompletionSource _endSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IActorRef Ref { get; set; } = ActorRefs.Nobody;

    /// <summary>Completes when it has been told that the actor it watches has ended.</summary>
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

/// <summary>Somebody who asks a port.</summary>
internal sealed class Client(PortBench bench, Recorder recorder, string name, ushort link, ushort point)
{
    private const uint Key = 7;

    private int _asked;

    public Recorder Recorder { get; } = recorder;

    public string Name { get; } = name;

    public ushort Link { get; } = link;

    public ushort Point { get; } = point;

    public IReadOnlyList<ExchangeEnded> Ended => Recorder.All<ExchangeEnded>();

    /// <summary>Requests whose end has not been told.</summary>
    public int Unanswered => _asked - Ended.Count;

    public IReadOnlyList<PortState> PortStates => [.. Recorder.All<PortStateChanged>().Select(change => change.State)];

    public IReadOnlyList<bool> LinkStates => [.. Recorder.All<LinkStateChanged>().Select(change => change.Answers)];

    public Request ReadClock => Request.ReadCurrentTime(Point);

    /// <summary>A series of which the record number tells one from another.</summary>
    public Request ReadSeries(byte record = 11) => Request.ReadIncrementalTotals(Point, record, 1, 8, default, default);

    /// <summary>Asks and goes on.</summary>
    public Request Ask(
        Request request, int epoch = 0, RequestClass @class = RequestClass.LiveValues, double timeout = 300, ClockWriting? clock = null)
    {
        _asked++;
        bench.Port.Tell(
            new ExchangeRequest(new RequestId(_asked), Name, Link, request, @class, epoch, TimeSpan.FromSeconds(timeout)) { Clock = clock },
            Recorder.Ref);
        return request;
    }

    /// <summary>Asks and waits for the end.</summary>
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
