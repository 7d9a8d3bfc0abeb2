using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting;
using Iec102.Acquisition;
using Iec102.Acquisition.Fleet;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Readings;
using Iec102.Lines;
using Iec102.Server.Api;
using Iec102.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting.Systemd;

namespace Iec102.Server.Hosting;

/// <summary>The server: actor system, storage and API in one process, from start to an orderly end.</summary>
internal sealed class ServerHost : IAsyncDisposable
{
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan WarmUpLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What is told to an actor that has just been stopped is no event for an operator. The end of the process is the host's to arrange: Akka.NET's own hook
    /// would hold up the signal until the host is gone.
    /// </summary>
    private const string OwnConfig = "akka { log-dead-letters = off, coordinated-shutdown.run-by-clr-shutdown-hook = off }";

    private readonly WebApplication _app;
    private readonly AcquisitionNode? _acquisition;
    private readonly IDisposable _lock;
    private FleetWatch? _watch;

    private ServerHost(WebApplication app, AcquisitionNode? acquisition, IDisposable dataLock, ServerNode node)
    {
        _app = app;
        _acquisition = acquisition;
        _lock = dataLock;
        Node = node;
    }

    /// <summary>What runs in it.</summary>
    public ServerNode Node { get; }

    /// <summary>It has stopped by itself, since something that it needs could not be started; the log says what.</summary>
    public bool HasStopped => _app.Lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Where the API listens.</summary>
    public IReadOnlyList<string> Urls => [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>Starts the server; when this returns every configured meter has been started and the API answers.</summary>
    /// <exception cref="StorageException">The data directory cannot be used.</exception>
    /// <exception cref="IOException">The API's address cannot be bound.</exception>
    public static async Task<ServerHost> StartAsync(ServerOptions options, CancellationToken ct)
    {
        var dataLock = options.Data.Lock();
        try
        {
            return await StartAsync(options, dataLock, ct);
        }
        catch
        {
            dataLock.Dispose();
            throw;
        }
    }

    private static async Task<ServerHost> StartAsync(ServerOptions options, IDisposable dataLock, CancellationToken ct)
    {
        AcquisitionNode? acquisition = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        ServerLog.Configure(builder.Logging, options);
        builder.Services.AddProblemDetails();
        builder.Services.AddAkka("iec102", akka => Configure(akka, options)
            .WithActors((system, _) => acquisition = Start(system, options))
            .AddStartup((system, _) => JournalWarmUp.RunAsync(system, WarmUpLimit))
            .AddStartup((_, _) => acquisition!.ApplyAsync(options.Fleet)));

        var app = builder.Build();
        try
        {
            var system = app.Services.GetRequiredService<ActorSystem>();
            var node = new ServerNode(system, () => acquisition!, new ReadingsStore(options.Data));
            var access = new ApiAccess(() => node.Fleet.Api, ApiAccess.HostsOf(options.Urls));
            app.UseExceptionHandler();
            app.UseStatusCodePages();
            app.UseRouting();
            app.Use(next => context => access.InvokeAsync(context, next));
            ApiEndpoints.Map(app, node, app.Lifetime.ApplicationStopping);
            await app.StartAsync(ct);
            var host = new ServerHost(app, acquisition, dataLock, node);
            if (host.HasStopped)
                return host;
            foreach (var port in options.TracedPorts)
                acquisition!.Port(port)?.Tell(new SetTrace(true));
            if (options.FleetFile is { } file)
                host._watch = new FleetWatch(file, acquisition!, app.Logger);
            node.IsReady = true;
            // Does nothing unless a service manager listens (NOTIFY_SOCKET).
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
    public Task RunAsync(CancellationToken ct) => _app.WaitForShutdownAsync(ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
            await _watch.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _acquisition?.Dispose();
        _lock.Dispose();
    }

    /// <summary>What the actor runtime is told: our own settings (hocon/reference.conf), and before them what the operator wants otherwise.</summary>
    internal static AkkaConfigurationBuilder Configure(AkkaConfigurationBuilder akka, ServerOptions options) => akka
        .ConfigureLoggers(loggers =>
        {
            loggers.LogLevel = options.TracedPorts.Count > 0 ? Akka.Event.LogLevel.DebugLevel : Akka.Event.LogLevel.InfoLevel;
            loggers.ClearLoggers();
            loggers.AddLoggerFactory();
        })
        .WithJournal(options.Data)
        .AddHocon(ProfileSerializer.Config, HoconAddMode.Append)
        .AddHocon(ConfigurationFactory.ParseString(OwnConfig), HoconAddMode.Append)
        .AddHocon(ConfigurationFactory.ParseString(options.Config), HoconAddMode.Prepend);

    private static AcquisitionNode Start(ActorSystem system, ServerOptions options)
    {
        var writer = system.ActorOf(WriterActor.Props(options.Data, options.Fleet.Retention, TimeProvider.System), "writer");
        var acquisition = new AcquisitionNode(
            system, LineOf, writer, TimeProvider.System, new SettingClock(HostClock.IsSynchronised, Logging.GetLogger(system, "host-clock")));
        acquisition.Readings.Tell(new CurrentValuesRestored(new ReadingsStore(options.Data).CurrentValues()));
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "release-ports", async () =>
        {
            await acquisition.ReleaseAsync(ReleaseTimeout);
            return Akka.Done.Instance;
        });
        return acquisition;
    }

    private static ILineFactory LineOf(PortConfiguration port) => port.Tcp is { } tcp
        ? new TcpLineFactory(tcp with { ConnectDelay = port.Timing.ConnectDelay })
        : new SerialLineFactory(port.Serial! with { ConnectDelay = port.Timing.ConnectDelay });
}
