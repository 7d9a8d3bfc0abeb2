using Akka.Actor;
using Akka.Hosting;
using Iec102.Acquisition.Fleets;
using Iec102.Cluster.Leases;
using Iec102.Cluster.Nodes;
using Iec102.Cluster.States;
using Iec102.Fleet;
using Iec102.Server.Api;
using Iec102.Storage.Databases;
using NodaTime;

namespace Iec102.Server.Hosting;

/// <summary>What a server needs in addition when it is one node among several; when it is alone, nothing of this is there.</summary>
internal static class NodeServices
{
    /// <summary>A little longer than the ports have, and less than the phase of the shutdown.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(4.5);
    private static readonly TimeSpan LongestLeave = TimeSpan.FromSeconds(2);

    /// <summary>Adds it to the services, and the certificate to the web server.</summary>
    public static void Add(WebApplicationBuilder builder, ServerOptions options)
    {
        if (options.Fleet is not { Node: { } node, Store: { } store })
            return;
        ApiCertificate.Use(builder.WebHost, node);
        builder.Services.AddHttpForwarder();
        // A pool of their own: readers of long curves must not keep the nodes from hearing of each other.
        builder.Services.AddSingleton(_ => new NodeDatabase(new PostgresDatabase(store.Postgres)));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(node);
        builder.Services.AddSingleton(new NodesView(node.Id, TimeProvider.System));
        builder.Services.AddSingleton<StatesView>();
        builder.Services.AddSingleton<FleetSight>();
        builder.Services.AddSingleton<LeaseView>();
        builder.Services.AddSingleton<ILockServer>(new PostgresLockServer(store.Postgres.Reveal()));
        builder.Services.AddSingleton(services => ReportOf(
            options, node, services.GetRequiredService<FleetView>(), services.GetRequiredService<LeaseView>(),
            services.GetRequiredService<StatesView>()));
        builder.Services.AddSingleton<OtherNodes>();
        builder.Services.AddSingleton<PassingOn>();
        builder.Services.AddHealthChecks().AddCheck<SameFleetHealth>("fleet-of-nodes")
            .AddCheck<SharedStoreHealth>("store-of-nodes", tags: [HealthEndpoints.Store]);
    }

    /// <summary>The names by which the server may be called, besides loopback.</summary>
    public static HashSet<string> HostsOf(ServerOptions options)
    {
        var hosts = ApiAccess.HostsOf(options.Urls);
        if (options.Fleet.Node is { } node)
            hosts.Add(node.Url.Host);
        return hosts;
    }

    /// <summary>
    /// Starts the actors that hear of the other nodes, and the one that decides which ports this node runs, which it returns; null when the
    /// server is alone.
    /// </summary>
    public static IActorRef? Start(ActorSystem system, IActorRegistry registry, IServiceProvider services, IActorRef liveState)
    {
        if (services.GetService<NodeConfiguration>() is not { } node)
            return null;
        var (database, nodes, states) = (
            services.GetRequiredService<NodeDatabase>().Database, services.GetRequiredService<NodesView>(),
            services.GetRequiredService<StatesView>());
        var (table, report) = (new PostgresNodeDirectory(database), services.GetRequiredService<Func<NodeReport>>());
        var (locks, view) = (services.GetRequiredService<ILockServer>(), services.GetRequiredService<LeaseView>());
        var directory = system.ActorOf(
            NodeDirectoryActor.Props(new NodeDirectorySetup(
                table, () => view.Status.IsNode ? report() : null, nodes, TimeProvider.System)),
            "node-directory");
        registry.Register<NodeDirectoryActor>(directory);
        var exchange = new StateExchangeSetup(node.Id, liveState, new PostgresStateTable(node.Id, database), states, TimeProvider.System);
        system.ActorOf(StateExchangeActor.Props(exchange), "state-exchange");
        var lease = system.ActorOf(
            LeaseActor.Props(new LeaseSetup(node, locks, directory, liveState, view, TimeProvider.System)), "lease");
        registry.Register<LeaseActor>(lease);
        var end = CoordinatedShutdown.Get(system);
        // Beside the end of the fleet: each lock is released as soon as its port has ended.
        end.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "end-lease", () => EndAsync(lease));
        end.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "leave-nodes", () => LeaveAsync(directory, table, report, view));
        return lease;
    }

    /// <summary>Releases all locks. A port that does not end loses its line: the guards close with the actor.</summary>
    private static async Task<Akka.Done> EndAsync(IActorRef lease)
    {
        try
        {
            await lease.GracefulStop(LongestEnd, new EndLease());
        }
        catch (TaskCanceledException)
        {
            lease.Tell(PoisonPill.Instance);
        }

        return Akka.Done.Instance;
    }

    /// <summary>Tells the others that this node is gone, so that it is not looked for.</summary>
    private static async Task<Akka.Done> LeaveAsync(
        IActorRef directory, PostgresNodeDirectory table, Func<NodeReport> report, LeaseView lease)
    {
        // What the other process of this name says is left as it is.
        if (lease.Refused.IsFaulted || !lease.Status.IsNode)
            return Akka.Done.Instance;
        using var limit = new CancellationTokenSource(LongestLeave);
        try
        {
            await directory.GracefulStop(LongestLeave);
            await table.ExchangeAsync(report() with { IsDraining = true, Ports = [], Unlocked = [], KeepsAlarms = false }, limit.Token);
        }
        catch (Exception)
        {
            // The database is away: the others see the last report grow old.
        }

        return Akka.Done.Instance;
    }

    /// <summary>How this node is at the moment of a call.</summary>
    private static Func<NodeReport> ReportOf(
        ServerOptions options, NodeConfiguration node, FleetView view, LeaseView lease, StatesView states)
    {
        var version = typeof(NodeServices).Assembly.GetName().Version!.ToString(3);
        var since = SystemClock.Instance.GetCurrentInstant();
        var hashed = (options.Fleet, Hash: FleetHash.Of(options.Fleet));
        return () =>
        {
            var (fleet, owned, (known, hash)) = (view.Status.Fleet, lease.Status, hashed);
            // So it is until the fleet's actor has begun.
            if (ReferenceEquals(fleet, FleetStatus.Empty.Fleet))
                fleet = options.Fleet;
            if (!ReferenceEquals(fleet, known))
                (_, hash) = hashed = (fleet, FleetHash.Of(fleet));
            return new NodeReport(node.Id, node.Url, version, since, hash, node.Ttl)
            {
                IsDraining = owned.IsDraining,
                Ports =
                [
                    .. fleet.Ports.Select(port => port.Id).Where(port => view.Actor(new FleetChild(FleetPart.Port, port)) is not null),
                ],
                Unlocked = owned.Unlocked,
                Unable = owned.Unable,
                StatesAge = states.StoredAge,
                KeepsAlarms = true,
                IsClockSynchronised = options.IsClockSynchronised(),
            };
        };
    }

    /// <summary>The pool of the tables in which nodes tell each other how they are.</summary>
    private sealed record NodeDatabase(PostgresDatabase Database) : IDisposable
    {
        public void Dispose() => Database.Dispose();
    }
}
