using Akka.Configuration;
using Akka.Hosting;

namespace Akka.Persistence.Sql.Hosting;

/// <summary>Stores events and snapshots in an SQL database.</summary>
public static class HostingExtensions
{
    /// <summary>Makes the database the default journal and snapshot store. The provider is named as LinqToDB names it; only "SQLite.MS" is supported.</summary>
    public static AkkaConfigurationBuilder WithSqlPersistence(this AkkaConfigurationBuilder builder, string connectionString, string providerName)
    {
        SqliteDatabases.EnsureProvider(providerName);
        return builder.AddHocon(PluginConfiguration(connectionString, providerName), HoconAddMode.Prepend);
    }

    private static Config PluginConfiguration(string connectionString, string providerName)
    {
        var database = $$"""
            connection-string = {{Quoted(connectionString)}}
            provider-name = {{Quoted(providerName)}}
            """;
        return ConfigurationFactory.ParseString($$"""
            akka.persistence.journal {
              plugin = "akka.persistence.journal.sql"
              sql {
                class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
                {{database}}
              }
            }
            akka.persistence.snapshot-store {
              plugin = "akka.persistence.snapshot-store.sql"
              sql {
                class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
                {{database}}
              }
            }
            """);
    }

    private static string Quoted(string text) => '"' + text.Replace("\\", "\\\\").Replace("\"", "\\\"") + '"';
}
