using System.Text.Json.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting;
using Akka.Logger.Serilog;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Cluster.Leases;
using Iec102.Cluster.States;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Lines.Modems;
using Iec102.Lines.Serial;
using Iec102.Lines.Tcp;
using Iec102.Page.Hosting;
using Iec102.Server.Api;
using Iec102.Server.Pages;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Storage.Reading;
using Iec102.Storage.Writing;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting.Systemd;
using Serilog;

namespace Iec102.Server.Hosting;

/// <summary>The server: actor system, storage and API in one process, from start to an orderly end.</summary>
internal sealed class ServerHost : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(4);

    /// <summary>Requests that are not answered by then are cut off; it takes up to a second more until the last one has noticed.</summary>
    private static readonly TimeSpan LastRequestsLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WarmUpLimit = TimeSpan.FromSeconds(10);

    /// <summary>A database in the network is away more often than a disk is, and for less time.</summary>
    private static readonly TimeSpan CurveRestartMax = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Messages to an actor that has just stopped do not matter to an operator, so dead letters are not logged. The host handles the end of
    /// the process: Akka.NET's own hook would hold up the signal until the host is gone.
    /// </summary>
    private const string OwnConfig = "akka { log-dead-letters = off, coordinated-shutdown.run-by-clr-shutdown-hook = off }";

    private readonly WebApplication _app;
    private readonly ServerStore _store;

    private ServerHost(WebApplication app, ServerStore store)
    {
        _app = app;
        _store = store;
    }

    /// <summary>The running server as the API sees it.</summary>
    public ServerNode Node => _app.Services.GetRequiredService<ServerNode>();

    /// <summary>Whether the server has stopped by itself because something that it needs could not be started; the log says what.</summary>
    public bool HasStopped => _app.Lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Where the API listens.</summary>
    public IReadOnlyList<string> Urls =>
        [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>Starts the server. When this returns, every configured meter has been started and the API can be called.</summary>
    /// <exception cref="StorageException">The data directory or the database cannot be used.</exception>
    /// <exception cref="IOException">The API's address cannot be bound.</exception>
    public static async Task<ServerHost> StartAsync(ServerOptions options, CancellationToken ct)
    {
        ApiAddresses.CheckFree(options.Urls);
        var store = await Task.Run(() => ServerStore.Open(options.Data, options.Fleet), ct);
        try
        {
            return await StartAsync(options, store, ct);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static async Task<ServerHost> StartAsync(ServerOptions options, ServerStore store, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ApplicationName = "iec102", ContentRootPath = AppContext.BaseDirectory });
        // The API listens where --urls says: not where an appsettings.json in this directory or a variable of the web server says.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ApiEndpoints.LongestBody;
            kestrel.Limits.RequestHeadersTimeout = ApiConnections.UnknownIdleLimit;
        });
        builder.Host.UseSerilog((_, log) => ServerLog.Configure(log, options));
        builder.Services.AddProblemDetails();
        builder.Services.AddOpenApi(ApiDescription.Name, ApiDescription.Configure);
        // As the API writes: numbers are never text.
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        builder.Services.AddResponseCompression(compression => compression.MimeTypes =
            [.. ResponseCompressionDefaults.MimeTypes, "text/csv", "application/problem+json"]);
        builder.Services.AddSingleton<FleetView>();
        builder.Services.AddSingleton(new ReadingsStore(store.Database));
        builder.Services.AddSingleton<IDeliveryTable>(new DeliveryTable(store.Database));
        builder.Services.AddSingleton<ServerNode>();
        builder.Services.AddSingleton(services => new ServerSystem(
            options.Data, store.Database, services.GetRequiredService<IRequiredActor<WriterActor>>(), options.IsClockSynchronised));
        AlarmServices.Add(builder.Services);
        NodeServices.Add(builder, options);
        Sessions.Add(builder.Services, options.Data);
        PageSetup.Add(builder);
        builder.Services.AddSingleton(services => new ApiConnections(
            () => Descriptors.ApiConnections(services.GetRequiredService<FleetView>().Status.Fleet, Descriptors.Limit), TimeProvider.System,
            Logging.GetLogger(services.GetRequiredService<ActorSystem>(), "api")));
        builder.Services.Replace(ServiceDescriptor.Singleton<IConnectionListenerFactory>(services => new ApiTransport(
            ActivatorUtilities.CreateInstance<SocketTransportFactory>(services), services.GetRequiredService<ApiConnections>())));
        builder.Services.AddHealthChecks().AddCheck<FleetHealth>("fleet");
        builder.Services.AddAkka("iec102", (akka, services) => Configure(akka, options)
            .WithActorSystemLivenessCheck(tags: [HealthEndpoints.Live])
            .WithActors((system, registry) => Start(system, registry, options, store, services))
            .AddStartup((system, _) => store.Away is null
                ? JournalWarmUp.RunAsync(system, WarmUpLimit, options.Fleet.Node?.Id)
                : Task.CompletedTask)
            .AddStartup((_, registry) => ApplyAsync(registry.Get<FleetActor>(), options.Fleet)));
        if (store is { Database: PostgresDatabase postgres, Place: { } place })
        {
            builder.Services.AddExceptionHandler<StoreAway>();
            builder.Services.AddHostedService(services => new StoreWatch(
                postgres, place, store.Away, TimeProvider.System, Logging.GetLogger(services.GetRequiredService<ActorSystem>(), "store")));
        }

        if (options.FleetFiles is { } files)
        {
            builder.Services.AddSingleton(
                services => new FleetWatch(
                    files, options.Urls, options.Fleet, services.GetRequiredService<IRequiredActor<FleetActor>>()));
            builder.Services.AddHostedService(services => services.GetRequiredService<FleetWatch>());
            builder.Services.AddSingleton(services => new FleetFile(
                files.Fleet, sources => services.GetRequiredService<FleetWatch>().Read(sources),
                () => services.GetRequiredService<FleetWatch>().LookNow()));
        }

        var app = builder.Build();
        try
        {
            var node = app.Services.GetRequiredService<ServerNode>();
            var access = new ApiAccess(() => node.Fleet, NodeServices.HostsOf(options));
            var audit = app.Services.GetRequiredService<AuditLog>();
            var connections = app.Services.GetRequiredService<ApiConnections>();
            app.Use(next => context => connections.InvokeAsync(context, next));
            app.Use(next => context => ApiThreads.InvokeAsync(context, next));
            app.Use(next => context => SecurityHeaders.InvokeAsync(context, next));
            app.Use(app.Services.GetRequiredService<OwnPipeline>().Keep);
            app.UseExceptionHandler();
            app.UseStatusCodePages();
            app.UseWhen(PageSetup.IsForPage, page => page.UseStatusCodePagesWithReExecute("/not-found"));
            app.UseResponseCompression();
            app.Use(next => context => ApiAlias.InvokeAsync(context, next));
            app.Use(next => context => EntityTags.InvokeAsync(context, next));
            app.Use(next => context => Preferences.InvokeAsync(context, next));
            app.UseRouting();
            app.Use(next => context => access.InvokeAsync(context, next));
            app.Use(next => context => audit.InvokeAsync(context, next));
            app.Use(next => context => ApiAccess.CheckRoleAsync(context, next));
            app.UseAntiforgery();
            app.Services.GetRequiredService<Sessions>().Map(app);
            ApiEndpoints.Map(app, node, app.Lifetime.ApplicationStopping, app.Services.GetService<PassingOn>());
            PageSetup.Map(app);
            await app.StartAsync(ct);
            var host = new ServerHost(app, store);
            if (host.HasStopped)
                return host;
            // Does nothing unless there is a service manager (NOTIFY_SOCKET).
            var manager = new SystemdNotifier();
            manager.Notify(ServiceState.Ready);
            app.Lifetime.ApplicationStopping.Register(() => manager.Notify(ServiceState.Stopping));
            return host;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs until Ctrl+C or SIGTERM.</summary>
    /// <exception cref="LockServerException">Another process has the name of this node.</exception>
    /// <exception cref="StorageException">Other servers have taken the place of this one at the database.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, _app.Lifetime.ApplicationStopping);
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, end.Token);
        var ends = await Task.WhenAny(stopped, _app.Services.GetService<LeaseView>()?.Refused ?? stopped, _store.Place?.Lost ?? stopped);
        if (ends != stopped)
            await ends;
        await stopped.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>
    /// Ends the server. The actors decide the order (<see cref="Start"/>); the host, left to itself, would first wait until the last client
    /// of the API is content, and only then have the lines released.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        // Ends the streams.
        _app.Lifetime.StopApplication();
        await CoordinatedShutdown.Get(_app.Services.GetRequiredService<ActorSystem>()).Run(CoordinatedShutdown.ClrExitReason.Instance);
        await _app.StopAsync();
        await _app.DisposeAsync();
        _store.Dispose();
    }

    /// <summary>
    /// The settings of the actor runtime: our own (hocon/reference.conf), and the operator's, which win over them.
    /// </summary>
    internal static AkkaConfigurationBuilder Configure(AkkaConfigurationBuilder akka, ServerOptions options) => akka
        .ConfigureLoggers(loggers =>
        {
            loggers.LogLevel = options.TracedPorts.Count > 0 ? Akka.Event.LogLevel.DebugLevel : Akka.Event.LogLevel.InfoLevel;
            loggers.ClearLoggers();
            loggers.AddSerilogLogging();
        })
        .WithJournal(options.Data, options.Fleet.Store)
        .AddHocon(ProfileSerializer.Config, HoconAddMode.Append)
        .AddHocon(ConfigurationFactory.ParseString(OwnConfig), HoconAddMode.Append)
        .AddHocon(ConfigurationFactory.ParseString(options.Config), HoconAddMode.Prepend);

    private static void Start(
        ActorSystem system, IActorRegistry registry, ServerOptions options, ServerStore store, IServiceProvider services)
    {
        var isShared = store.Database is PostgresDatabase;
        var identities = isShared ? options.Data.IdentitiesFile : null;
        var writer = system.ActorOf(
            WriterActor.Props(new WriterSetup(store.Database, options.Fleet.Retention, TimeProvider.System) { Identities = identities }),
            "writer");
        var restored = Restored(store, services.GetRequiredService<ReadingsStore>());
        var liveState = system.ActorOf(Props.Create(() => new LiveStateActor(restored, TimeProvider.System)), "live-state");
        var modems = new ModemPool();
        var view = services.GetRequiredService<FleetView>();
        var lease = services.GetService<LeaseView>();
        var setup = new FleetSetup(
            port => lease is null ? LineOf(port, modems) : lease.Guarded(port, LineOf(port, modems)),
            liveState, writer, TimeProvider.System, view)
        {
            HostClock = new SettingClock(options.IsClockSynchronised, Logging.GetLogger(system, "host-clock")),
            TracedPorts = [.. options.TracedPorts],
            CurveRestartMax = isShared ? CurveRestartMax : TimeSpan.FromMinutes(1),
            KnownPause = port => services.GetService<StatesView>()?.Ports.GetValueOrDefault(port)?.State.Status?.Pause,
            Owner = NodeServices.Start(system, registry, services, liveState),
        };
        var fleet = system.ActorOf(FleetActor.Props(setup), "fleet");
        AlarmServices.Start(system, registry, services, new AlarmTable(store.Database));
        DeliveryServices.Start(system, registry, services);
        registry.Register<WriterActor>(writer);
        registry.Register<LiveStateActor>(liveState);
        registry.Register<FleetActor>(fleet);
        // Both at once: neither a meter nor a client of the API can hold up the other's end.
        var end = CoordinatedShutdown.Get(system);
        end.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "end-fleet", () => EndAsync(fleet));
        // The ports have closed their lines, but a call takes a moment to be hung up.
        end.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "hang-up", async () =>
        {
            await modems.WhenFreeAsync(EndLimit);
            return Akka.Done.Instance;
        });
        end.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "end-api", () => EndAsync(services.GetRequiredService<IServer>()));
    }

    /// <summary>The current values of the last run; none when the database is away, for they are read again within seconds.</summary>
    private static IReadOnlyDictionary<string, IReadOnlyList<CurrentValue>> Restored(ServerStore store, ReadingsStore readings)
    {
        try
        {
            if (store.Away is null)
                return readings.CurrentValues();
        }
        catch (StorageException e) when (store.Database.IsAway(e))
        {
            // It went away just now; the watch says so.
        }

        return new Dictionary<string, IReadOnlyList<CurrentValue>>();
    }

    /// <summary>Applies the configuration. When this returns, everything configured has been started.</summary>
    private static async Task ApplyAsync(IActorRef fleet, FleetConfiguration configuration)
    {
        fleet.Tell(new ApplyFleet(configuration));
        await fleet.Ask<ActorIdentity>(new Identify(null), StartLimit);
    }

    /// <summary>
    /// Ends the sessions with all meters, so that no meter has to time one out; it does not wait for a port that takes longer.
    /// </summary>
    private static async Task<Akka.Done> EndAsync(IActorRef fleet)
    {
        try
        {
            await fleet.GracefulStop(EndLimit, new EndFleet());
        }
        catch (TaskCanceledException)
        {
            // A meter does not answer; its session times out.
        }

        return Akka.Done.Instance;
    }

    /// <summary>Lets the last requests be answered, for a while.</summary>
    private static async Task<Akka.Done> EndAsync(IServer api)
    {
        using var limit = new CancellationTokenSource(LastRequestsLimit);
        await api.StopAsync(limit.Token);
        return Akka.Done.Instance;
    }

    private static ILineFactory LineOf(PortConfiguration port, ModemPool modems)
    {
        // A line that is dialled is used only after the call has been answered.
        var delay = port.Dial is null ? port.Timing.ConnectDelay : TimeSpan.Zero;
        ILineFactory line = port.Tcp is { } tcp
            ? new TcpLineFactory(tcp with { ConnectDelay = delay })
            : new SerialLineFactory(port.Serial! with { ConnectDelay = delay });
        return port.Dial is { } dial
            ? new DialledLineFactory(modems.At(port.Tcp?.EndPoint ?? port.Serial!.Device), line, dial)
            : line;
    }
}
