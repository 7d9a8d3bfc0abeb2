using System.Data.Common;
using Akka.Hosting;
using Akka.Persistence.Sql.Hosting;
using Iec102.Server.Api;
using Iec102.Storage;
using LinqToDB;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Iec102.Server.Hosting;

/// <summary>Journal and snapshots of the profiles: Akka.Persistence.Sql on journal.db.</summary>
internal static class JournalPlugin
{
    /// <summary>The settings without a typed option; hocon/reference.conf gives the reason for each value.</summary>
    private const string Tuning = """
        akka.persistence {
          journal.sql { parallelism = 1, batch-size = 400, circuit-breaker { call-timeout = 60s, reset-timeout = 5s } }
          snapshot-store.sql.circuit-breaker { call-timeout = 60s, reset-timeout = 5s }
        }
        """;

    /// <summary>Sets up the journal and the snapshot store in the data directory.</summary>
    public static AkkaConfigurationBuilder WithJournal(this AkkaConfigurationBuilder akka, DataDirectory data)
    {
        var connections = new DataOptions()
            .UseConnectionString(ProviderName.SQLiteMS, data.JournalConnectionString)
            .UseAfterConnectionOpened(Prepare);
        // The DataOptions name the provider too, but the plug-in uses this name when it creates its indexes.
        return akka
            .WithSqlPersistence(
                new SqlJournalOptions { ProviderName = ProviderName.SQLiteMS, DataOptions = connections },
                new SqlSnapshotOptions { ProviderName = ProviderName.SQLiteMS, DataOptions = connections },
                journal => journal.WithHealthCheck(HealthStatus.Degraded, HealthEndpoints.Journal),
                snapshots => snapshots.WithHealthCheck(HealthStatus.Degraded, HealthEndpoints.Snapshots))
            .AddHocon(Tuning, HoconAddMode.Prepend);
    }

    private static void Prepare(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = DataDirectory.JournalSettings;
        command.ExecuteNonQuery();
    }
}
