using System.Data.Common;
using Akka.Hosting;
using Akka.Persistence.Sql.Hosting;
using Iec102.Fleet;
using Iec102.Server.Api;
using Iec102.Storage;
using Iec102.Storage.Databases;
using LinqToDB;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Iec102.Server.Hosting;

/// <summary>Journal and snapshots of the profiles: Akka.Persistence.Sql on journal.db or on PostgreSQL.</summary>
internal static class JournalPlugin
{
    /// <summary>The settings without a typed option; hocon/reference.conf gives the reason for each value.</summary>
    private const string FileTuning = """
        akka.persistence {
          journal.sql { parallelism = 1, batch-size = 400, circuit-breaker { call-timeout = 60s, reset-timeout = 5s } }
          snapshot-store.sql.circuit-breaker { call-timeout = 60s, reset-timeout = 5s }
        }
        """;

    /// <summary>The same on PostgreSQL; hocon/reference-postgres.conf gives the reasons.</summary>
    private const string PostgresTuning = """
        akka.persistence {
          journal {
            auto-start-journals = ["akka.persistence.journal.sql"]
            sql {
              parallelism = 3
              batch-size = 400
              replay-filter.mode = off
              circuit-breaker { max-failures = 1000000, call-timeout = 60s, reset-timeout = 2s }
            }
          }
          snapshot-store {
            auto-start-snapshot-stores = ["akka.persistence.snapshot-store.sql"]
            sql.circuit-breaker { max-failures = 1000000, call-timeout = 60s, reset-timeout = 2s }
          }
        }
        """;

    /// <summary>Sets up the journal and the snapshot store in the data directory, or in the database that servers share.</summary>
    public static AkkaConfigurationBuilder WithJournal(
        this AkkaConfigurationBuilder akka, DataDirectory data, StoreConfiguration? store) => store is null
        ? akka.WithPlugin(
            ProviderName.SQLiteMS,
            new DataOptions().UseConnectionString(ProviderName.SQLiteMS, data.JournalConnectionString).UseAfterConnectionOpened(Prepare),
            autoInitialize: true, FileTuning)
        : akka.WithPlugin(
            // The dialect of version 13 is that of all later ones; that of 15 would need 15.
            ProviderName.PostgreSQL13,
            new DataOptions().UseConnectionString(ProviderName.PostgreSQL13, PostgresDatabase.JournalConnection(store.Postgres).Reveal()),
            autoInitialize: false, PostgresTuning, HealthEndpoints.Store);

    // The DataOptions name the provider too, but the plug-in uses this name when it creates its indexes.
    private static AkkaConfigurationBuilder WithPlugin(
        this AkkaConfigurationBuilder akka, string provider, DataOptions connections, bool autoInitialize, string tuning,
        params string[] tags) => akka
        .WithSqlPersistence(
            new SqlJournalOptions { ProviderName = provider, DataOptions = connections, AutoInitialize = autoInitialize },
            new SqlSnapshotOptions { ProviderName = provider, DataOptions = connections, AutoInitialize = autoInitialize },
            journal => journal.WithHealthCheck(HealthStatus.Degraded, HealthEndpoints.Journal, tags),
            snapshots => snapshots.WithHealthCheck(HealthStatus.Degraded, HealthEndpoints.Snapshots, tags))
        .AddHocon(tuning, HoconAddMode.Prepend);

    private static void Prepare(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = DataDirectory.JournalSettings;
        command.ExecuteNonQuery();
    }
}
