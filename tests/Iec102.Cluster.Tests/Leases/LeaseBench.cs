using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Ports;
using Iec102.Cluster.Leases;
using Iec102.Cluster.Nodes;
using Iec102.Fleet;
using Iec102.Lines.Tcp;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Cluster.Tests.Leases;

/// <summary>
/// Nodes with the real actor of the lease, in virtual time, over one lock server in memory. The test plays their fleets and the directory;
/// after each step it checks that no two nodes can write to the line of one port.
/// </summary>
public abstract class LeaseBench : TestKit
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private const int StepsBetweenReports = 8;
    private const int Rounds = 10;

    private readonly VirtualClock _time;
    private readonly List<TestNode> _nodes = [];
    private readonly SortedDictionary<string, (NodeReport Report, TimeSpan At)> _reports = new(StringComparer.Ordinal);
    private int _steps;

    protected LeaseBench()
        : base(VirtualClock.Config)
    {
        _time = new VirtualClock(Sys);
        Server = new MemoryLockServer(_time);
    }

    internal MemoryLockServer Server { get; }

    internal FleetConfiguration Fleet { get; set; } = new()
    {
        Ports = [Port("north", new PortPlacement { Nodes = ["a", "b"] })],
    };

    internal static PortConfiguration Port(string id, PortPlacement placement) =>
        new() { Id = id, Tcp = new TcpLineOptions("192.0.2.1", 4001), Placement = placement };

    /// <summary>Whether the nodes hear nothing of each other, although the lock server answers.</summary>
    internal bool IsDirectoryAway { get; set; }

    /// <summary>Starts a process of a node.</summary>
    internal async Task<TestNode> Start(string id)
    {
        var view = new LeaseView(_time);
        var client = Server.NewClient();
        var node = new NodeConfiguration(id, new Uri($"https://{id}:8443"));
        var lease = Sys.ActorOf(LeaseActor.Props(new LeaseSetup(node, client, TestActor, TestActor, view, _time)));
        var fleet = new PlayedFleet();
        fleet.Actor = Sys.ActorOf(Props.Create(() => new FleetPlayer(fleet, lease)));
        var process = new TestNode(id, view, client, lease, fleet);
        _nodes.Add(process);
        await Apply(process, Fleet);
        return process;
    }

    /// <summary>The fleet file of a node is this one from now on.</summary>
    internal async Task Apply(TestNode node, FleetConfiguration fleet)
    {
        node.Fleet.File = fleet;
        node.Lease.Tell(new ApplyFleet(fleet));
        await Settle();
    }

    internal async Task<(TestNode A, TestNode B)> StartTwo() => (await Start("a"), await Start("b"));

    internal async Task<(TestNode A, TestNode B)> StartAndSettle()
    {
        var (a, b) = await StartTwo();
        await Until(() => a.CanWrite("north"));
        await Advance(10);
        return (a, b);
    }

    /// <summary>As kill -9: the process is gone, and the system closes its connection.</summary>
    internal async Task Kill(TestNode node)
    {
        _nodes.Remove(node);
        Watch(node.Lease);
        Sys.Stop(node.Lease);
        Sys.Stop(node.Fleet.Actor);
        await FishForMessageAsync(message => message is Terminated);
        await Settle();
    }

    /// <summary>The lease's actor fails and is restarted.</summary>
    internal async Task Fail(TestNode node)
    {
        await EventFilter.Exception<ArgumentNullException>().ExpectOneAsync(() =>
        {
            node.Lease.Tell(new NodesSeen(null!));
            return Task.CompletedTask;
        });
        await Settle();
    }

    internal async Task Advance(double seconds)
    {
        for (var step = 0; step < seconds / Step.TotalSeconds; step++)
        {
            _time.Advance(Step);
            if (_steps++ % StepsBetweenReports == 0 && !IsDirectoryAway)
                ExchangeReports();
            await Settle();
        }
    }

    /// <summary>Goes on until the condition holds; returns after how many seconds.</summary>
    internal async Task<double> Until(Func<bool> condition)
    {
        var steps = 0;
        for (; !condition(); steps++)
        {
            steps.ShouldBeLessThan(4000);
            await Advance(Step.TotalSeconds);
        }

        return steps * Step.TotalSeconds;
    }

    /// <summary>Waits until all actors have handled everything that is due at this moment.</summary>
    internal async Task Settle()
    {
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var actor in _nodes.SelectMany(node => (IActorRef[])[node.Lease, node.Fleet.Actor]))
                await actor.Ask<ActorIdentity>(new Identify(round));
        }

        foreach (var port in _nodes.SelectMany(node => node.View.Guards.Keys.Union(node.Fleet.Running)).Distinct())
            _nodes.Count(node => node.CanWrite(port) || node.RunsPinned(port)).ShouldBeLessThan(2, $"two nodes can write to {port}");
    }

    internal static void Tell(TestNode node, PortState state, LineFault fault)
    {
        var counters = new PortCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        node.Lease.Tell(
            new PortStatus("north", "tcp", "tcp://192.0.2.1:4001", state, default, LastError: null, counters) { Fault = fault });
    }

    private void ExchangeReports()
    {
        var reached = _nodes.Where(node => !node.Client.IsCut && !Server.IsDown).ToList();
        foreach (var node in reached)
        {
            var report = new NodeReport(node.Id, new Uri("https://192.0.2.1"), "1", default, "", TimeSpan.FromSeconds(6))
            {
                IsDraining = node.View.Status.IsDraining,
                Unable = node.View.Status.Unable,
                Unlocked = node.View.Status.Unlocked,
            };
            _reports[node.Id] = (report, _time.Elapsed());
        }

        var stored = _reports.Values.Select(one => new StoredReport(one.Report, Duration.FromTimeSpan(_time.Elapsed() - one.At))).ToList();
        foreach (var node in reached)
            node.Lease.Tell(new NodesSeen(stored));
    }

    /// <summary>A process of a node.</summary>
    internal sealed record TestNode(string Id, LeaseView View, MemoryLockServer.Client Client, IActorRef Lease, PlayedFleet Fleet)
    {
        public bool CanWrite(string port) => View.Guards.TryGetValue(port, out var guard) && guard.IsOpen;

        public bool RunsPinned(string port) =>
            Fleet.Running.Contains(port) && Fleet.File.Ports.Any(one => one.Id == port && one.Placement.Node == Id);
    }

    /// <summary>What the fleet of a node was told to run, and what still runs.</summary>
    internal sealed class PlayedFleet
    {
        public IActorRef Actor { get; set; } = ActorRefs.Nobody;

        public FleetConfiguration File { get; set; } = new();

        public ImmutableHashSet<string> Own { get; set; } = [];

        /// <summary>The ports that were once to be run and then no longer.</summary>
        public ImmutableHashSet<string> Ended { get; set; } = [];

        /// <summary>Whether ports that are no longer owned take long to end.</summary>
        public bool EndsSlowly { get; set; }

        /// <summary>Whether what it is told is still on its way.</summary>
        public bool IsLate { get; set; }

        public ImmutableHashSet<string> Running { get; set; } = [];
    }

    private sealed record EndAll;

    private sealed record HearAll;

    /// <summary>What the fleet of a node was told arrives.</summary>
    internal static void Hear(TestNode node)
    {
        node.Fleet.IsLate = false;
        node.Fleet.Actor.Tell(new HearAll());
    }

    internal static void EndPorts(TestNode node) => node.Fleet.Actor.Tell(new EndAll());

    private sealed class FleetPlayer : ReceiveActor
    {
        private readonly PlayedFleet _fleet;
        private readonly IActorRef _owner;
        private readonly Queue<OwnPorts> _late = [];
        private OwnPorts? _told;

        public FleetPlayer(PlayedFleet fleet, IActorRef owner)
        {
            (_fleet, _owner) = (fleet, owner);
            Say();
            Receive<OwnPorts>(_ => fleet.IsLate, _late.Enqueue);
            Receive<OwnPorts>(Hear);
            Receive<HearAll>(_ =>
            {
                while (_late.TryDequeue(out var own))
                    Hear(own);
            });
            Receive<EndAll>(_ =>
            {
                fleet.Running = fleet.Own;
                Say();
            });
        }

        private void Hear(OwnPorts own)
        {
            _told = own;
            _fleet.Ended = _fleet.Ended.Union(_fleet.Own.Except(own.Ports));
            _fleet.Own = own.Ports;
            _fleet.Running = _fleet.EndsSlowly ? _fleet.Running.Union(own.Ports) : own.Ports;
            Say();
        }

        private void Say() => _owner.Tell(new PortsRunning(_fleet.Running, _told), Self);
    }
}
