using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence;
using Iec102.Fleet;
using Iec102.Server.Hosting;
using Iec102.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Iec102.Server.Tests.Hosting;

/// <summary>A floating port takes its curves along: one node writes their events, then another does, then the first again.</summary>
public sealed class WanderingWriterTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-wander-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task All_events_of_an_actor_that_wandered_away_and_back_are_replayed_and_Akkas_replay_filter_would_lose_some()
    {
        var postgres = await TestStore.NewAsync();
        await using (ServiceProvider a = Node(postgres), b = Node(postgres))
        {
            await AddAsync(a, "a1", "a2", "a3");
            await AddAsync(b, "b4", "b5");
            await AddAsync(a, "a6", "a7", "a8");

            (await AddAsync(a)).ShouldBe(["a1", "a2", "a3", "b4", "b5", "a6", "a7", "a8"]);
            (await AddAsync(b)).ShouldBe(["a1", "a2", "a3", "b4", "b5", "a6", "a7", "a8"]);
        }

        await using var filtering = Node(postgres, "akka.persistence.journal.sql.replay-filter.mode = repair-by-discard-old");
        (await AddAsync(filtering)).ShouldBe(
            ["a1", "a2", "a3", "b4", "b5"],
            "replay-filter.mode is off because with repair-by-discard-old, Akka's default, a recovery loses the events that an actor wrote "
            + "after it came back to a node. If nothing is lost any more, the setting can go.");
    }

    private ServiceProvider Node(StoreConfiguration store, string config = "")
    {
        var options = new ServerOptions(new FleetConfiguration { Store = store }, DataDirectory.Create(_folder.FullName), [])
        {
            Config = config,
        };
        return new ServiceCollection().AddLogging(logging => logging.ClearProviders())
            .AddAkka("iec102", akka => ServerHost.Configure(akka, options)).BuildServiceProvider();
    }

    /// <summary>Has an actor recover and then persist these events; returns all its events.</summary>
    private static async Task<IReadOnlyList<string>> AddAsync(ServiceProvider node, params string[] added)
    {
        var done = new TaskCompletionSource<IReadOnlyList<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = node.GetRequiredService<ActorSystem>().ActorOf(Props.Create(() => new Wanderer(added, done)));
        var events = await done.Task.WaitAsync(Patience);
        await actor.GracefulStop(Patience);
        return events;
    }

    private sealed class Wanderer : ReceivePersistentActor
    {
        private readonly TaskCompletionSource<IReadOnlyList<string>> _done;

        public Wanderer(string[] added, TaskCompletionSource<IReadOnlyList<string>> done)
        {
            _done = done;
            var events = new List<string>();
            Recover<string>(events.Add);
            Recover<RecoveryCompleted>(_ =>
            {
                PersistAll(added, events.Add);
                DeferAsync(events, done.SetResult);
            });
        }

        public override string PersistenceId => "wanderer";

        protected override void OnRecoveryFailure(Exception reason, object? message = null) => _done.SetException(reason);

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _done.SetException(cause);
    }
}
