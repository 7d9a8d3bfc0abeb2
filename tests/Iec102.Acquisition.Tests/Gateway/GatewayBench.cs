using System.Net;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tests.Ports;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using NodaTime;

namespace Iec102.Acquisition.Tests.Gateway;

/// <summary>
/// A gateway session in virtual time. The client's line is in memory, and the test plays the listener, the meter and the port.
/// </summary>
public abstract class GatewayBench : TestKit
{
    protected const ushort Link = 1;
    protected const ushort Point = 1;
    protected const uint Key = 7;

    private const string Virtual =
        "akka.loggers = []\nakka.scheduler.implementation = \"Iec102.Acquisition.Tests.Ports.VirtualScheduler, Iec102.Acquisition.Tests\"";

    private const int Rounds = 4;

    private readonly List<IActorRef> _actors = [];

    protected GatewayBench() : base(Virtual)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        (Meter, Port, Listener) = (Record("meter"), Record("port"), Record("listener"));
    }

    internal Recorder Meter { get; }

    internal Recorder Port { get; }

    internal Recorder Listener { get; }

    internal ClientEnd Client { get; private set; } = new();

    internal IActorRef Session { get; private set; } = ActorRefs.Nobody;

    internal VirtualScheduler Scheduler => (VirtualScheduler)Sys.Scheduler;

    /// <summary>Until when the requests of the session to start wait.</summary>
    internal TimeSpan PausedUntil { get; set; }

    internal IReadOnlyList<PassOn> Asked => Meter.All<PassOn>();

    internal GatewayClient Report => Listener.All<ClientReport>()[^1].Client;

    internal static readonly GatewayConfiguration Gateway = new() { Listen = new IPEndPoint(IPAddress.Loopback, 5001) };

    internal static readonly Request Clock = Request.ReadCurrentTime(Point);

    internal static readonly Request Month = Request.ReadIncrementalTotals(Point, 11, 1, 8, default, default);

    internal static readonly byte[] ClockAnswer = [72, 1, 5, 1, 0, 0, 0xfa, 0x78, 0x0f, 0x0a, 0x7b, 0x03, 0x18];

    internal ServedMeter TheMeter => new(new GatewayMeter("m-1", Link, Point, new Secret(Key), IsEnabled: true), Meter.Ref);

    /// <summary>Another meter with the same key.</summary>
    internal ServedMeter Another(string id, ushort link = Link, ushort point = Point) =>
        new(new GatewayMeter(id, link, point, new Secret(Key), IsEnabled: true), Meter.Ref);

    internal static ServedMeter Disabled(ServedMeter served) => new(served.Meter with { IsEnabled = false }, Actor: null);

    internal async Task Start(GatewayConfiguration? gateway = null, params ServedMeter[] meters)
    {
        var (pausedUntil, port) = (PausedUntil, new PortConfiguration { Id = "north", Gateway = gateway ?? Gateway });
        ServedMeter[] served = meters.Length > 0 ? meters : [TheMeter];
        Session = Sys.ActorOf(Props.Create(() => new GatewaySession(
            port, Client, new ClientAddress("192.0.2.7", 50001), served, Listener.Ref, pausedUntil, Scheduler.Time)));
        _actors.Add(Session);
        await Settle();
    }

    /// <summary>Starts the session of another connection after the first one has ended.</summary>
    internal Task StartAnother()
    {
        Client = new ClientEnd();
        return Start();
    }

    /// <summary>Waits until all actors have handled everything that is due at this moment.</summary>
    internal async Task Settle()
    {
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var actor in _actors)
                await actor.Ask<ActorIdentity>(new Identify(round), TimeSpan.FromSeconds(10));
        }
    }

    internal async Task Advance(TimeSpan time)
    {
        var until = Scheduler.MonotonicClock + time;
        await Settle();
        while (Scheduler.RunNext(until))
            await Settle();
    }

    /// <summary>What the client receives in reply to an action of its own.</summary>
    internal async Task<IReadOnlyList<string>> Heard(Action act)
    {
        Client.TakeHeard();
        act();
        await Settle();
        return Client.TakeHeard();
    }

    /// <summary>Checks that an action ends the gateway session.</summary>
    internal async Task Ended(Action act)
    {
        var ended = new TaskCompletionSource();
        var session = Session;
        Sys.ActorOf(Props.Create(() => new EndWatcher(session, ended)));
        _actors.Remove(session);
        act();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await Settle();
    }

    internal async Task Answers(Action act, params string[] frames) => (await Heard(act)).ShouldBe(frames);

    internal async Task LogIn(ushort point = Point, uint key = Key)
    {
        var login = Request.Login(point, key);
        await Answers(() => Client.Ask(login), Ack);
        Judge(TimeSpan.Zero);
        await Answers(() => Client.Poll(), Mirror(login, 0x07));
    }

    /// <summary>Plays the listener: judges the last login attempt.</summary>
    internal void Judge(TimeSpan delay) => Session.Tell(new LoginJudged(Listener.All<LoginTried>()[^1].Id, delay));

    /// <summary>Lets the client send a request and checks that it reaches the meter's actor.</summary>
    internal async Task<PassOn> PassedOn(Request request)
    {
        var before = Asked.Count;
        await Answers(() => Client.Ask(request), Ack);
        Asked.Count.ShouldBe(before + 1);
        return Asked[^1];
    }

    /// <summary>Plays the meter's actor: the request has been handed to the port.</summary>
    internal void IsAtPort(PassOn request) => Session.Tell(new PassedOn(request.Id), Port.Ref);

    internal void Arrives(PassOn request, byte[] asdu) => Session.Tell(new AsduArrived(request.Id, asdu));

    internal void Ends(PassOn request, ExchangeEnd end = ExchangeEnd.Completed, int epoch = 3) => Session.Tell(new ExchangeEnded(
        request.Id, request.Request, end, default, false, epoch, [], default(Instant), default(Instant), TimeSpan.Zero,
        end == ExchangeEnd.Completed ? null : "it failed", default));

    internal static string Ack => ClientEnd.Says(SecondaryFunction.Acknowledge);

    internal static string NotAccepted => ClientEnd.Says(SecondaryFunction.NotAccepted);

    internal static string NoData => ClientEnd.Says(SecondaryFunction.NoData);

    /// <summary>The frame that mirrors the request with this cause octet.</summary>
    internal static string Mirror(Request request, byte cause) => ClientEnd.DataFrame(MirrorAsdu(request, cause));

    internal static byte[] MirrorAsdu(Request request, byte cause)
    {
        var mirror = request.Asdu.ToArray();
        mirror[2] = cause;
        return mirror;
    }

    internal Recorder Record(string name)
    {
        var recorder = new Recorder();
        recorder.Ref = Sys.ActorOf(Props.Create(() => new RecordingActor(recorder)), name);
        _actors.Add(recorder.Ref);
        return recorder;
    }
}

internal sealed class EndWatcher : ReceiveActor
{
    public EndWatcher(IActorRef watched, TaskCompletionSource ended)
    {
        Context.Watch(watched);
        Receive<Terminated>(_ => ended.SetResult());
    }
}
