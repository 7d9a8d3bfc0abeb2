using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence.Sql.Config;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Server.Hosting;
using Iec102.Storage;
using Iec102.Storage.Databases;
using Iec102.Storage.Upkeep;
using LinqToDB;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Iec102.Server.Tests.Hosting;

/// <summary>journal.db as the plug-in creates and writes it with the server's configuration.</summary>
public sealed class JournalPluginTests : IDisposable
{
    private static readonly string[] Pragmas = ["journal_mode", "synchronous", "busy_timeout", "journal_size_limit"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-journal-");
    private readonly DataDirectory _data;

    public JournalPluginTests() => _data = DataDirectory.Create(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_statement_of_journal_and_snapshots_lets_others_read_and_every_commit_outlives_a_power_cut()
    {
        await using var services = Services();
        var system = services.GetRequiredService<ActorSystem>();
        var (journal, snapshots) = (
            Witness.On(system, "akka.persistence.journal.sql"), Witness.On(system, "akka.persistence.snapshot-store.sql"));

        await JournalWarmUp.RunAsync(system, TimeSpan.FromMinutes(1));

        foreach (var witness in new[] { journal, snapshots })
        {
            witness.Statements.ShouldContain(statement => statement.Contains("CREATE TABLE"));
            witness.Statements.ShouldContain(statement => statement.Contains("INSERT"));
            witness.Statements.ShouldContain(statement => statement.Contains("DELETE"));
            // Journal mode WAL, synchronous FULL, busy timeout 30 s, journal size limit 64 MiB.
            witness.Settings.Distinct().ShouldBe(["wal 2 30000 67108864"]);
        }
    }

    [Fact]
    public async Task The_tables_are_those_that_verify_and_backup_read()
    {
        await using var services = Services();

        await JournalWarmUp.RunAsync(services.GetRequiredService<ActorSystem>(), TimeSpan.FromMinutes(1));

        Columns("journal").ShouldBe(
        [
            "ordering INTEGER not null key 1",
            "created INTEGER not null",
            "deleted Bit not null",
            "persistence_id NVarChar(255) not null",
            "sequence_number INTEGER not null",
            "message VarBinary not null",
            "manifest NVarChar(500)",
            "identifier INTEGER",
            "writer_uuid NVarChar(128)",
        ]);
        Columns("snapshot").ShouldBe(
        [
            "persistence_id NVarChar(255) not null key 1",
            "sequence_number INTEGER not null key 2",
            "created INTEGER not null",
            "snapshot VarBinary",
            "manifest NVarChar(500)",
            "serializer_id INTEGER",
        ]);
        // Without this index a recovery would read the events of all curves.
        Query("SELECT group_concat(name) FROM pragma_index_info('journal_uq')").ShouldBe(["persistence_id,sequence_number"]);
        Query("SELECT \"unique\" FROM pragma_index_list('journal') WHERE name = 'journal_uq'").ShouldBe(["1"]);
    }

    [Fact]
    public async Task The_warm_up_leaves_one_deleted_event_that_is_no_profiles()
    {
        await using var services = Services();
        var system = services.GetRequiredService<ActorSystem>();

        for (var start = 0; start < 2; start++)
            await JournalWarmUp.RunAsync(system, TimeSpan.FromMinutes(1));

        Query("SELECT deleted FROM journal").ShouldBe(["1"]);
        Query("SELECT 1 FROM snapshot").ShouldBeEmpty();
        _data.Lock().Dispose();
        new Verifier(new SqliteDatabase(_data)).Run().ShouldSatisfyAllConditions(
            report => report.Profiles.ShouldBe(0), report => report.Differences.ShouldBeEmpty());
    }

    private ServiceProvider Services()
    {
        var options = new ServerOptions(new FleetConfiguration(), _data, []);
        return new ServiceCollection().AddLogging(logging => logging.ClearProviders())
            .AddAkka("iec102", akka => ServerHost.Configure(akka, options)).BuildServiceProvider();
    }

    private List<string> Columns(string table) => Query(
        $"""
        SELECT name || ' ' || type || iif("notnull", ' not null', '') || iif(pk, ' key ' || pk, '')
        FROM pragma_table_info('{table}') ORDER BY cid
        """);

    private List<string> Query(string sql)
    {
        using var connection = new SqliteConnection($"{_data.JournalConnectionString};Pooling=False;Mode=ReadOnly");
        connection.Open();
        return Read(connection, sql);
    }

    private static List<string> Read(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        var rows = new List<string>();
        while (row.Read())
            rows.Add($"{row.GetValue(0)}");
        return rows;
    }

    /// <summary>Watches the connections of a plug-in: before each statement it reads the settings in force on that connection.</summary>
    private sealed class Witness
    {
        private readonly ConcurrentQueue<(string Statement, string Settings)> _seen = new();

        public IEnumerable<string> Statements => _seen.Select(one => one.Statement);

        public IEnumerable<string> Settings => _seen.Select(one => one.Settings);

        /// <summary>Attaches a witness to a plug-in that has not been used yet.</summary>
        public static Witness On(ActorSystem system, string plugin)
        {
            var setup = system.Settings.Setup.Get<MultiDataOptionsSetup>().Value;
            setup.TryGetDataOptionsFor(plugin, out var options).ShouldBeTrue();
            var witness = new Witness();
            setup.RemoveDataOptionsFor(plugin);
            setup.AddDataOptions(plugin, options!.UseTracing(TraceLevel.Info, witness.OnTrace));
            return witness;
        }

        private void OnTrace(TraceInfo trace)
        {
            if (trace is { TraceInfoStep: TraceInfoStep.BeforeExecute, Command: { Connection: { } connection } command })
                _seen.Enqueue(
                    (command.CommandText, string.Join(' ', Pragmas.Select(pragma => Read(connection, $"PRAGMA {pragma}").Single()))));
        }
    }
}
