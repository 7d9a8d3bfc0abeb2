using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Embedded.Tests.Persistence;

/// <summary>An event of the tests.</summary>
public sealed record Added(string Item);

/// <summary>The state of the tests' actors, as a snapshot.</summary>
public sealed record Items(string[] All);

/// <summary>An event that no serializer is bound to.</summary>
public sealed record Unbound;

/// <summary>A base class that a serializer is bound to.</summary>
public abstract record Legacy;

/// <summary>Stored with the name of its type.</summary>
public sealed record LegacyEvent(string Text) : Legacy;

/// <summary>Short names of its own making: "added" and "items".</summary>
public sealed class TestSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 7001;

    public override string Manifest(object o) => o switch
    {
        Added => "added",
        Items => "items",
        _ => throw new ArgumentException($"unexpected {o}"),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        Added { Item: "unserialisable" } => throw new InvalidOperationException("cannot be serialised"),
        Added added => Encoding.UTF8.GetBytes(added.Item),
        Items items => Encoding.UTF8.GetBytes(string.Join('\n', items.All)),
        _ => throw new ArgumentException($"unexpected {obj}"),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        "added" => new Added(Encoding.UTF8.GetString(bytes)),
        "items" => new Items(Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries)),
        _ => throw new ArgumentException($"unexpected manifest {manifest}"),
    };
}

/// <summary>Stores the name of the type; its identifier stands in the configuration.</summary>
public sealed class LegacySerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((LegacyEvent)obj).Text);

    public override object FromBinary(byte[] bytes, Type type) =>
        type == typeof(LegacyEvent) ? new LegacyEvent(Encoding.UTF8.GetString(bytes)) : throw new ArgumentException($"unexpected {type}");
}

public static class TestConfig
{
    public const string Serializers = """
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        akka.actor {
          serializers {
            test = "Akka.Embedded.Tests.Persistence.TestSerializer, Akka.Embedded.Tests"
            legacy = "Akka.Embedded.Tests.Persistence.LegacySerializer, Akka.Embedded.Tests"
          }
          serialization-bindings {
            "Akka.Embedded.Tests.Persistence.Added, Akka.Embedded.Tests" = test
            "Akka.Embedded.Tests.Persistence.Items, Akka.Embedded.Tests" = test
            "Akka.Embedded.Tests.Persistence.Legacy, Akka.Embedded.Tests" = legacy
          }
          serialization-identifiers {
            "Akka.Embedded.Tests.Persistence.LegacySerializer, Akka.Embedded.Tests" = 7002
          }
        }
        """;

    public static string Sqlite(string file) => $$"""
        akka.persistence.journal.plugin = "akka.persistence.journal.sql"
        akka.persistence.journal.sql {
          class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
          connection-string = "Data Source={{file}}"
          provider-name = "SQLite.MS"
        }
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
        akka.persistence.snapshot-store.sql {
          class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
          connection-string = "Data Source={{file}}"
          provider-name = "SQLite.MS"
        }
        """;

    public const string Memory = """
        akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        """;
}

/// <summary>A directory of a test's own, gone after it.</summary>
public sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("akka-embedded-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
