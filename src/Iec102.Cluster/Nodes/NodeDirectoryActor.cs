using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition;

namespace Iec102.Cluster.Nodes;

/// <summary>What the actor of the node directory works with.</summary>
/// <param name="Directory">Where the nodes read of each other.</param>
/// <param name="Own">
/// The report of this node, at the moment of a call; null while another process may have its name, whose report is then left as it is.
/// </param>
/// <param name="View">Where the nodes are shown to code outside the actors.</param>
/// <param name="Time">The clock.</param>
public sealed record NodeDirectorySetup(INodeDirectory Directory, Func<NodeReport?> Own, NodesView View, TimeProvider Time);

/// <summary>
/// /user/node-directory: tells the other nodes how this one is, and learns how they are, every 2 s.
/// <para>Takes <see cref="TellNodes"/>, whose sender gets <see cref="NodesSeen"/> after each exchange. While the database does not answer
/// it goes on trying; the nodes are then shown as they were, and become lost as their reports grow old.</para>
/// </summary>
public sealed class NodeDirectoryActor : ReceiveActor, IWithTimers
{
    /// <summary>The time between two exchanges.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>An exchange that takes longer has failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After an outage of the database, the others need this long to find that it answers again, and to report: an exchange may have begun
    /// just before, and a connection that is lost is noticed only then.
    /// </summary>
    private static readonly TimeSpan Reunion = 2 * (Patience + Every);

    private readonly NodeDirectorySetup _setup;
    private readonly HashSet<IActorRef> _told = [];
    private readonly HashSet<string> _lost = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private TimeSpan? _judgesFrom;

    private sealed record ExchangeDue;

    private sealed record ExchangeFailed(Exception Problem);

    /// <summary>Creates the actor.</summary>
    /// <param name="setup">What it works with.</param>
    public NodeDirectoryActor(NodeDirectorySetup setup)
    {
        _setup = setup;
        Receive<TellNodes>(_ => _told.Add(Sender));
        Receive<ExchangeDue>(_ => Exchange());
        Receive<NodesSeen>(OnSeen);
        Receive<ExchangeFailed>(OnFailed);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of the actor.</summary>
    public static Props Props(NodeDirectorySetup setup) => Akka.Actor.Props.Create(() => new NodeDirectoryActor(setup));

    /// <inheritdoc/>
    protected override void PreStart() => Exchange();

    private void Exchange() => ExchangeAsync(_setup)
        .PipeTo(Self, success: reports => new NodesSeen(reports), failure: problem => new ExchangeFailed(problem));

    private static async Task<IReadOnlyList<StoredReport>> ExchangeAsync(NodeDirectorySetup setup)
    {
        using var patience = new CancellationTokenSource(Patience, setup.Time);
        try
        {
            return await setup.Directory.ExchangeAsync(setup.Own(), patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no answer within {Patience.TotalSeconds} s.");
        }
    }

    private void OnSeen(NodesSeen seen)
    {
        if (_setup.View.StoreAwaySince is not null)
        {
            _log.Info(NodeEvents.NodesSeenAgain);
            _judgesFrom = _setup.Time.Elapsed() + Reunion;
        }

        _setup.View.Show(seen.Reports);
        foreach (var told in _told)
            told.Tell(seen);
        LogLost();
        ExchangeLater();
    }

    private void OnFailed(ExchangeFailed failed)
    {
        if (_setup.View.StoreAwaySince is null)
            _log.Warning(NodeEvents.NodesNotSeen, failed.Problem.Message);
        _setup.View.ShowAway();
        ExchangeLater();
    }

    private void ExchangeLater() => Timers.StartSingleTimer(nameof(ExchangeDue), new ExchangeDue(), Every);

    private void LogLost()
    {
        var mayJudge = _judgesFrom is not { } from || _setup.Time.Elapsed() >= from;
        foreach (var node in _setup.View.Nodes)
        {
            var report = node.Report;
            if (node.IsLost && mayJudge && _lost.Add(report.Id))
                _log.Warning(NodeEvents.NodeLost, report.Id, node.Age.TotalSeconds, report.Url);
            else if (!node.IsLost && _lost.Remove(report.Id))
                _log.Info(NodeEvents.NodeHeard, report.Id);
        }
    }
}
