using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>Gives every actor system its <see cref="PersistenceExtension"/>.</summary>
public class Persistence : ExtensionIdProvider<PersistenceExtension>
{
    private const string Defaults = """
        akka.persistence {
          # So many actors recover at once; the others wait, so that a start of thousands does not flood the journal.
          max-concurrent-recoveries = 50
          journal {
            plugin = "akka.persistence.journal.inmem"
            inmem.class = "Akka.Persistence.Journal.MemoryJournal, Akka.Persistence"
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.inmem"
            inmem.class = "Akka.Persistence.Snapshot.MemorySnapshotStore, Akka.Persistence"
          }
          # What holds for every journal that does not say otherwise: a silence of this length during a recovery fails it.
          journal-plugin-fallback.recovery-event-timeout = 30s
        }
        """;

    public static Persistence Instance { get; } = new();

    public static Config DefaultConfig() => ConfigurationFactory.ParseString(Defaults);

    public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>The journals and snapshot stores of an actor system, each started when it is first asked for.</summary>
public class PersistenceExtension : IExtension
{
    private readonly Dictionary<string, IActorRef> _plugins = [];
    private readonly ExtendedActorSystem _system;
    private readonly Config _config;

    public PersistenceExtension(ExtendedActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        _system = system;
        _config = system.Settings.Config.WithFallback(Persistence.DefaultConfig());
        var permits = _config.GetInt("akka.persistence.max-concurrent-recoveries");
        RecoveryPermitter = system.SystemActorOf(Props.Create(() => new RecoveryPermitter(permits)), "recoveryPermitter");
    }

    internal IActorRef RecoveryPermitter { get; }

    public IActorRef JournalFor(string journalPluginId) => Plugin(JournalId(journalPluginId));

    public IActorRef SnapshotStoreFor(string snapshotPluginId) =>
        Plugin(string.IsNullOrEmpty(snapshotPluginId) ? _config.GetString("akka.persistence.snapshot-store.plugin")! : snapshotPluginId);

    internal TimeSpan RecoveryEventTimeout(string journalPluginId)
    {
        var own = JournalId(journalPluginId) + ".recovery-event-timeout";
        return _config.GetTimeSpan(_config.HasPath(own) ? own : "akka.persistence.journal-plugin-fallback.recovery-event-timeout");
    }

    private string JournalId(string journalPluginId) =>
        string.IsNullOrEmpty(journalPluginId) ? _config.GetString("akka.persistence.journal.plugin")! : journalPluginId;

    private IActorRef Plugin(string id)
    {
        lock (_plugins)
        {
            if (!_plugins.TryGetValue(id, out var plugin))
            {
                plugin = _system.SystemActorOf(PluginProps(id), id);
                _plugins.Add(id, plugin);
            }
            return plugin;
        }
    }

    /// <summary>A plug-in is an actor class with a constructor that takes its configuration, or with none.</summary>
    private Props PluginProps(string id)
    {
        var className = _config.GetString(id + ".class");
        if (string.IsNullOrEmpty(className))
            throw new ConfigurationException($"The configuration has no {id}.class: it names the class of that journal or snapshot store.");
        var type = TypeNames.Find(className);
        return type.GetConstructor([typeof(Config)]) is null ? Props.Create(type) : Props.Create(type, _config.GetConfig(id));
    }
}
