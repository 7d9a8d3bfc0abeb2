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
    /// <summary>Adds it to the services, and the certificate to the web server.</summary>
    public static void Add(WebApplicationBuilder builder, ServerOptions options)
    {
        if (options.Fleet is not { Node: { } node, Store: { } store })
            return;
        ApiCertificate.Use(builder.WebHost, node);
        builder.Services.AddExceptionHandler<StoreAway>();
        builder.Services.AddHttpForwarder();
        // A pool of their own: readers of long curves must not keep the nodes from hearing of each other.
        builder.Services.AddSingleton(_ => new NodeDatabase(new PostgresDatabase(store.Postgres)));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(node);
        builder.Services.AddSingleton(new NodesView(node.Id, TimeProvider.System));
        builder.Services.AddSingleton<StatesView>();
        builder.Services.AddSingleton<FleetSight>();
        builder.Services.AddSingleton<LeaseView>();
        builder.Services.AddSingleton(services =>
            ReportOf(node, services.GetRequiredService<FleetView>(), services.GetRequiredService<LeaseView>()));
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

    /// <summary>Starts the actors that hear of the other nodes.</summary>
    public static void Start(ActorSystem system, IActorRegistry registry, IServiceProvider services, IActorRef liveState)
    {
        if (services.GetService<NodeConfiguration>() is not { } node)
            return;
        var (database, nodes, states) = (
            services.GetRequiredService<NodeDatabase>().Database, services.GetRequiredService<NodesView>(),
            services.GetRequiredService<StatesView>());
        var directory = new NodeDirectorySetup(
            new PostgresNodeDirectory(database), services.GetRequiredService<Func<NodeReport>>(), nodes, TimeProvider.System);
        registry.Register<NodeDirectoryActor>(system.ActorOf(NodeDirectoryActor.Props(directory), "node-directory"));
        var exchange = new StateExchangeSetup(node.Id, liveState, new PostgresStateTable(node.Id, database), states, TimeProvider.System);
        system.ActorOf(StateExchangeActor.Props(exchange), "state-exchange");
    }

    /// <summary>How this node is at the moment of a call.</summary>
    private static Func<NodeReport> ReportOf(NodeConfiguration node, FleetView view, LeaseView lease)
    {
        var version = typeof(NodeServices).Assembly.GetName().Version!.ToString(3);
        var since = SystemClock.Instance.GetCurrentInstant();
        var hashed = (Fleet: FleetStatus.Empty.Fleet, Hash: FleetHash.Of(FleetStatus.Empty.Fleet));
        return () =>
        {
            var (fleet, owned, (known, hash)) = (view.Status.Fleet, lease.Status, hashed);
            if (!ReferenceEquals(fleet, known))
                (_, hash) = hashed = (fleet, FleetHash.Of(fleet));
            return new NodeReport(node.Id, node.Url, version, since, hash, node.Ttl)
            {
                IsDraining = owned.IsDraining,
                Ports =
                [
                    .. fleet.Ports.Select(port => port.Id).Where(port => view.Actor(new FleetChild(FleetPart.Port, port)) is not null),
                ],
                Unable = owned.Unable,
                IsClockSynchronised = HostClock.IsSynchronised(),
            };
        };
    }

    /// <summary>The pool of the tables in which nodes tell each other how they are.</summary>
    private sealed record NodeDatabase(PostgresDatabase Database) : IDisposable
    {
        public void Dispose() => Database.Dispose();
    }
}
