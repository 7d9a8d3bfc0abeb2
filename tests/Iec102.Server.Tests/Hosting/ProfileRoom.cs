using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Server.Hosting;
using Iec102.Storage;
using Iec102.Storage.Writing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Iec102.Server.Tests.Hosting;

/// <summary>
/// Journal, writer and profile actors on a data directory or a PostgreSQL database, configured as in the server; the test sets the time.
/// </summary>
internal sealed class ProfileRoom : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ServiceProvider _services;
    private readonly ServerStore _store;
    private readonly ActorSystem _system;
    private readonly IActorRef _writer;
    private readonly Clock _clock = new();

    private ProfileRoom(DataDirectory data, StoreConfiguration? store)
    {
        // Several rooms may share a database, as nodes do.
        var node = store is null ? null : new NodeConfiguration("room", new Uri("http://127.0.0.1"));
        var fleet = new FleetConfiguration { Store = store, Node = node };
        _store = ServerStore.Open(data, fleet);
        var options = new ServerOptions(fleet, data, []);
        _services = new ServiceCollection().AddLogging(logging => logging.ClearProviders())
            .AddAkka("iec102", akka => ServerHost.Configure(akka, options)).BuildServiceProvider();
        _system = _services.GetRequiredService<ActorSystem>();
        _system.EventStream.Subscribe(_system.ActorOf(Props.Create(() => new Listener(_complaints))), typeof(LogEvent));
        _writer = _system.ActorOf(WriterActor.Props(_store.Database, new RetentionConfiguration(), _clock), "writer");
    }

    /// <summary>All warnings and errors that were logged.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public Instant Now
    {
        get => _clock.Now;
        set => _clock.Now = value;
    }

    /// <summary>Starts the actors and warms the journal up.</summary>
    public static async Task<ProfileRoom> StartAsync(DataDirectory data, Instant now, StoreConfiguration? store = null)
    {
        var room = new ProfileRoom(data, store) { Now = now };
        await JournalWarmUp.RunAsync(room._system, TimeSpan.FromMinutes(1));
        return room;
    }

    public IActorRef Profile(ProfileSettings settings) => _system.ActorOf(ProfileActor.Props(settings, ActorRefs.Nobody, _writer, _clock));

    /// <summary>Returns when the writer has stored everything that it was given.</summary>
    public Task StoreAllAsync() => _writer.Ask<KnownIdentity>(new GetIdentity("m-1"), TimeSpan.FromMinutes(1));

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        await _services.DisposeAsync();
        _store.Dispose();
    }

    private sealed class Clock : TimeProvider
    {
        public Instant Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(ConcurrentQueue<string> complaints) =>
            Receive<LogEvent>(
                log => log.LogLevel() >= Akka.Event.LogLevel.WarningLevel,
                log => complaints.Enqueue($"{log.Message} {log.Cause?.Message}"));
    }
}
