using System.Threading.Channels;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Iec102.Cluster.Leases;
using Iec102.Cluster.Nodes;
using NodaTime;

namespace Iec102.Cluster.Tests.Nodes;

/// <summary>The actor of the node directory, in virtual time.</summary>
public sealed class NodeDirectoryActorTests : TestKit
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(6);

    /// <summary>How long the actor may take for a message, in real time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly VirtualClock _time;
    private readonly NodesView _view;
    private readonly IActorRef _directory;
    private readonly Channel<TaskCompletionSource<IReadOnlyList<StoredReport>>> _asked =
        Channel.CreateUnbounded<TaskCompletionSource<IReadOnlyList<StoredReport>>>();
    private bool _hasAsked;

    public NodeDirectoryActorTests()
        : base(VirtualClock.Config)
    {
        _time = new VirtualClock(Sys);
        _view = new NodesView("a", _time);
        _directory = Sys.ActorOf(
            NodeDirectoryActor.Props(new NodeDirectorySetup(new Answers(this), () => Report("a"), _view, _time)), "node-directory");
        _directory.Tell(new TellNodes());
    }

    [Fact]
    public async Task Those_who_asked_are_told_after_each_exchange_what_all_nodes_say()
    {
        await SeeAsync(Of("a", 0), Of("b", 1));
        var seen = await SeeAsync(Of("a", 0), Of("b", 3));

        seen.Reports.Select(one => one.Report.Id).ShouldBe(["a", "b"]);
        _time.Advance(TimeSpan.FromSeconds(1));
        _view.Node("b")!.Age.ShouldBe(Duration.FromSeconds(4));
        _view.StoreAwaySince.ShouldBeNull();
    }

    [Fact]
    public async Task While_the_database_is_away_it_says_so_once_goes_on_and_reports_grow_old()
    {
        await SeeAsync(Of("a", 0), Of("b", 0));
        await EventFilter.Warning(contains: "The other nodes cannot be seen").ExpectOneAsync(async () =>
        {
            await FailAsync();
            await FailAsync();
            await FailAsync();
        });

        _view.StoreAwaySince.ShouldNotBeNull();
        (_view.Node("a")!.IsLost, _view.Node("b")!.IsLost).ShouldBe((false, false));
        _time.Advance(3 * NodeDirectoryActor.Every + Ttl + NodeDirectoryActor.Every);
        (_view.Node("a")!.IsLost, _view.Node("b")!.IsLost).ShouldBe((false, true));
        await EventFilter.Info(contains: "The database answers again").ExpectOneAsync(() => SeeAsync(Of("a", 0), Of("b", 0)));
        (_view.StoreAwaySince, _view.Node("b")!.IsLost).ShouldBe((null, false));
    }

    [Fact]
    public async Task After_an_outage_of_the_database_a_node_is_given_the_time_to_report_before_it_is_called_lost()
    {
        await SeeAsync(Of("b", 0));
        await FailAsync();
        await EventFilter.Warning(contains: "nothing was heard of it").ExpectAsync(0, async () =>
        {
            for (var age = 34; age < 46; age += 2)
                await SeeAsync(Of("b", age), Of("c", age));
            await SeeAsync(Of("b", 0), Of("c", 46));
        });

        await EventFilter.Warning(contains: "node c: nothing was heard of it for 48 s").ExpectOneAsync(
            () => SeeAsync(Of("b", 2), Of("c", 48)));
    }

    [Fact]
    public async Task A_node_that_falls_silent_is_lost_unless_it_had_been_drained()
    {
        await SeeAsync(Of("b", 12), Of("c", 100, report => report with { IsDraining = true }));
        _view.Nodes.ShouldAllBe(node => !node.IsLost);
        var heldYet = Of("c", 100, report => report with { IsDraining = true, Ports = ["p"] });
        await EventFilter.Warning(contains: "node b: nothing was heard of it for 13 s").ExpectOneAsync(
            () => SeeAsync(Of("b", 13), heldYet));
        _view.Nodes.ShouldAllBe(node => node.IsLost);
        await EventFilter.Info(contains: "node b is heard again").ExpectOneAsync(() => SeeAsync(Of("b", 0)));
    }

    private static NodeReport Report(string id) =>
        new(id, new Uri($"https://{id}:8443"), "0.2.0", Instant.FromUtc(2026, 3, 2, 10, 0), "hash", Ttl);

    private static StoredReport Of(string id, int age, Func<NodeReport, NodeReport>? with = null) =>
        new(with is null ? Report(id) : with(Report(id)), Duration.FromSeconds(age));

    /// <summary>The next exchange brings these reports.</summary>
    private async Task<NodesSeen> SeeAsync(params StoredReport[] reports)
    {
        await ExchangeAsync(asked => asked.SetResult(reports));
        return await ExpectMsgAsync<NodesSeen>();
    }

    private Task FailAsync() => ExchangeAsync(asked => asked.SetException(new LockServerException("Connection refused.")));

    /// <summary>
    /// Gives the actor this answer to what it asks, at once at first and then after its period, and waits until it has taken it.
    /// </summary>
    private async Task ExchangeAsync(Action<TaskCompletionSource<IReadOnlyList<StoredReport>>> answer)
    {
        if (_hasAsked)
            _time.Advance(NodeDirectoryActor.Every);
        _hasAsked = true;
        var asked = await _asked.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        // Away from the test's own context, so that the answer is in the actor's mailbox when this ends.
        await Task.Run(() => answer(asked));
        await _directory.Ask<ActorIdentity>(new Identify(null), Patience);
    }

    private sealed class Answers(NodeDirectoryActorTests test) : INodeDirectory
    {
        public Task<IReadOnlyList<StoredReport>> ExchangeAsync(NodeReport? own, CancellationToken ct)
        {
            var asked = new TaskCompletionSource<IReadOnlyList<StoredReport>>();
            ct.Register(() => asked.TrySetCanceled(ct));
            test._asked.Writer.TryWrite(asked);
            return asked.Task;
        }
    }
}
