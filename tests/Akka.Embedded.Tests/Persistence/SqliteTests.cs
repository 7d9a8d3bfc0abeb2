using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Microsoft.Data.Sqlite;

namespace Akka.Embedded.Tests.Persistence;

/// <summary>The database as others see it: its tables, its rows, and when they are there.</summary>
public sealed partial class SqliteTests : Akka.TestKit.Xunit2.TestKit
{
    private readonly TempDirectory _directory;
    private readonly string _connectionString;

    public SqliteTests()
        : this(new TempDirectory())
    {
    }

    private SqliteTests(TempDirectory directory)
        : base(TestConfig.Serializers + "\n" + TestConfig.Sqlite(directory.File("journal.db")))
    {
        _directory = directory;
        _connectionString = $"Data Source={directory.File("journal.db")};Pooling=False";
    }

    [Fact]
    public void The_journal_table_has_the_columns_of_Akka_Persistence_Sql()
    {
        Start("a");
        Columns("journal").ShouldBe(
        [
            "ordering INTEGER not null key 1",
            "created BigInt not null",
            "deleted Bit not null",
            "persistence_id NVarChar(255) not null",
            "sequence_number BigInt not null",
            "message VarBinary not null",
            "manifest NVarChar(500)",
            "identifier INTEGER",
            "writer_uuid NVarChar(128)",
        ]);
        Columns("tags").ShouldBe(
        [
            "ordering_id INTEGER not null key 1",
            "tag NVarChar(64) not null key 2",
            "sequence_nr INTEGER not null",
            "persistence_id NVarChar(255) not null",
        ]);
        Columns("snapshot").ShouldBe(
        [
            "persistence_id NVarChar(255) not null key 1",
            "sequence_number BigInt not null key 2",
            "created BigInt not null",
            "snapshot VarBinary",
            "manifest NVarChar(500)",
            "serializer_id INTEGER",
        ]);
        Query("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name").ShouldBe(
        [
            "journal_created_idx", "journal_sequence_number_idx", "journal_uq", "snapshot_created_idx", "snapshot_sequence_number_idx",
            "tags_persistence_id_sequence_nr_idx", "tags_tag_idx",
        ]);
        Query("SELECT \"unique\" FROM pragma_index_list('journal') WHERE name = 'journal_uq'").ShouldBe(["1"]);
        Query("PRAGMA journal_mode").ShouldBe(["wal"]);
    }

    [Fact]
    public void A_journal_row_holds_the_event_alone_and_how_to_read_it_back()
    {
        var before = DateTime.UtcNow.Ticks;
        var keeper = Start("a");
        keeper.Tell(new AddAll("x", "y"), TestActor);
        ReceiveN(2);
        var after = DateTime.UtcNow.Ticks;
        Start("b").Tell(new Add("z"), TestActor);
        ExpectMsg("stored z 1");

        Query("SELECT ordering, deleted, persistence_id, sequence_number, CAST(message AS TEXT), manifest, identifier FROM journal ORDER BY ordering").ShouldBe(
        [
            "1|0|a|1|x|added|7001",
            "2|0|a|2|y|added|7001",
            "3|0|b|1|z|added|7001",
        ]);
        Query("SELECT DISTINCT typeof(message) FROM journal").ShouldBe(["blob"]);
        var created = Query("SELECT DISTINCT created FROM journal WHERE persistence_id = 'a'").ShouldHaveSingleItem();
        long.Parse(created).ShouldBeInRange(before, after);
        var writer = Query("SELECT DISTINCT writer_uuid FROM journal").ShouldHaveSingleItem();
        Guid.TryParseExact(writer, "N", out _).ShouldBeTrue();
    }

    [Fact]
    public void Deleting_all_events_leaves_one_marked_row_with_the_highest_number()
    {
        var witness = CreateTestProbe();
        var keeper = Start("a", witness);
        keeper.Tell(new AddAll("x", "y", "z"), TestActor);
        ReceiveN(3);
        Execute("INSERT INTO tags VALUES (1, 'red', 1, 'a'), (3, 'red', 3, 'a'), (9, 'red', 1, 'b')");

        keeper.Tell(new Delete(2), TestActor);
        witness.ExpectMsg("deleted to 2");
        Query("SELECT sequence_number, deleted FROM journal").ShouldBe(["2|1", "3|0"]);
        Query("SELECT ordering_id FROM tags").ShouldBe(["3", "9"]);
        keeper.Tell(new Delete(3), TestActor);
        witness.ExpectMsg("deleted to 3");
        Query("SELECT sequence_number, deleted FROM journal").ShouldBe(["3|1"]);
    }

    [Fact]
    public void A_snapshot_row_holds_the_state_alone_and_a_second_one_at_the_same_number_replaces_it()
    {
        var before = DateTime.UtcNow.Ticks;
        var witness = CreateTestProbe();
        var keeper = Start("a", witness);
        keeper.Tell(new AddAll("x", "y"), TestActor);
        ReceiveN(2);
        keeper.Tell(new TakeSnapshot(), TestActor);
        witness.ExpectMsg("saved 2");
        Execute("UPDATE snapshot SET snapshot = x'00'");
        keeper.Tell(new TakeSnapshot(), TestActor);
        witness.ExpectMsg("saved 2");

        Query("SELECT persistence_id, sequence_number, CAST(snapshot AS TEXT), manifest, serializer_id FROM snapshot").ShouldBe(["a|2|x\ny|items|7001"]);
        long.Parse(Query("SELECT created FROM snapshot")[0]).ShouldBeInRange(before, DateTime.UtcNow.Ticks);
    }

    [Fact]
    public void A_row_without_an_identifier_is_read_by_the_type_that_its_manifest_names()
    {
        Start("other");
        Execute("""
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            VALUES (1, 0, 'old', 1, CAST('by type' AS BLOB), 'Akka.Embedded.Tests.Persistence.LegacyEvent, Akka.Embedded.Tests', NULL, NULL),
                   (1, 0, 'old', 2, CAST('by identifier' AS BLOB), 'Akka.Embedded.Tests.Persistence.LegacyEvent, Akka.Embedded.Tests', 7002, NULL)
            """);
        var events = Sys.ActorOf(Props.Create(() => new Replayer("old", TestActor)));
        ExpectMsg(new LegacyEvent("by type"));
        ExpectMsg(new LegacyEvent("by identifier"));
        Sys.Stop(events);
    }

    [Fact]
    public void An_event_of_a_serializer_that_includes_the_manifest_is_stored_with_the_name_of_its_type()
    {
        Sys.ActorOf(Props.Create(() => new Replayer("new", TestActor))).Tell(new LegacyEvent("text"), TestActor);
        ExpectMsg("stored");
        Query("SELECT manifest, identifier FROM journal").ShouldBe(["Akka.Embedded.Tests.Persistence.LegacyEvent, Akka.Embedded.Tests|7002"]);
    }

    [Fact]
    public void Success_is_told_after_the_commit()
    {
        var keeper = Start("a");
        using (Lock())
        {
            keeper.Tell(new Add("x"), TestActor);
            ExpectNoMsg(TimeSpan.FromMilliseconds(100));
            Query("SELECT count(*) FROM journal").ShouldBe(["0"]);
        }
        ExpectMsg("stored x 1");
        Query("SELECT count(*) FROM journal").ShouldBe(["1"]);
    }

    [Fact]
    public void What_an_actor_is_told_is_what_happened_in_the_database()
    {
        var probes = Enumerable.Range(0, 5).Select(_ => CreateTestProbe()).ToList();
        var keepers = probes.Select((probe, n) => Start($"{n}", probe)).ToList();
        using (var held = Lock())
        {
            for (var n = 0; n < 5; n++) keepers[n].Tell(new Add("x"), probes[n].Ref);
            held.Run("INSERT INTO journal (created, deleted, persistence_id, sequence_number, message) VALUES (1, 0, '3', 1, x'00')");
        }

        // Which of the others share the transaction of the one that collides, and its fate, is left to chance.
        var told = probes.ConvertAll(probe => probe.ExpectMsg<string>());
        told[3].ShouldStartWith("failure Added { Item = x } 1: SQLite Error 19");
        for (var n = 0; n < 5; n++)
        {
            var stored = Query($"SELECT CAST(message AS TEXT) FROM journal WHERE persistence_id = '{n}' AND identifier = 7001");
            if (told[n] == "stored x 1") stored.ShouldBe(["x"]);
            else stored.ShouldBeEmpty();
        }

        // The journal goes on.
        Start("next").Tell(new Add("z"), TestActor);
        ExpectMsg("stored z 1");
    }

    [Fact]
    public void A_recovery_waits_for_what_the_actor_was_writing_when_it_failed()
    {
        var probe = CreateTestProbe();
        var keeper = Start("a", probe);
        using (Lock())
        {
            keeper.Tell(new AddThenThrow("x"), probe.Ref);
            probe.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        }
        probe.ExpectMsg("recover x recovering");
        probe.ExpectMsg("completed 1 recovered");
        keeper.Tell(new Add("y"), probe.Ref);
        probe.ExpectMsg("stored y 2");
    }

    [Fact]
    public void A_long_history_is_replayed_whole_and_in_order()
    {
        Start("other");
        Execute("""
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2500)
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier)
            SELECT 1, 0, 'long', n, CAST(n AS BLOB), 'added', 7001 FROM numbers
            """);
        var witness = CreateTestProbe();
        Sys.ActorOf(Keeper.For("long", witness.Ref));
        for (var n = 1; n <= 2500; n++) witness.ExpectMsg($"recover {n} recovering");
        witness.ExpectMsg("completed 2500 recovered");
    }

    [Fact]
    public async Task What_is_stored_is_there_after_the_system_has_ended()
    {
        var witness = CreateTestProbe();
        var keeper = Start("a", witness);
        keeper.Tell(new Add("x"), TestActor);
        ExpectMsg("stored x 1");
        await Sys.Terminate();

        using var next = ActorSystem.Create("next", ConfigurationFactory.ParseString(TestConfig.Serializers + "\n" + TestConfig.Sqlite(_directory.File("journal.db"))));
        var again = next.ActorOf(Keeper.For("a", ActorRefs.Nobody));
        (await again.Ask<State>(new Ask(), TimeSpan.FromSeconds(5))).ShouldBe(new State("x", 1));
        await next.Terminate();
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _directory.Dispose();
    }

    private IActorRef Start(string id) => Start(id, CreateTestProbe());

    private IActorRef Start(string id, Akka.TestKit.TestProbe witness)
    {
        var keeper = Sys.ActorOf(Keeper.For(id, witness.Ref));
        witness.ExpectMsg("completed 0 recovered");
        return keeper;
    }

    private List<string> Columns(string table) => Query(
        $"SELECT name || ' ' || type || CASE \"notnull\" WHEN 1 THEN ' not null' ELSE '' END || CASE pk WHEN 0 THEN '' ELSE ' key ' || pk END FROM pragma_table_info('{table}') ORDER BY cid");

    private List<string> Query(string sql)
    {
        using var connection = new Connection(_connectionString);
        return connection.Query(sql);
    }

    private void Execute(string sql)
    {
        using var connection = new Connection(_connectionString);
        connection.Run(sql);
    }

    /// <summary>Holds the database's write lock until it is disposed.</summary>
    private Connection Lock()
    {
        var connection = new Connection(_connectionString);
        connection.Run("BEGIN IMMEDIATE");
        connection.CommitAtEnd = true;
        return connection;
    }

    private sealed class Connection : IDisposable
    {
        private readonly SqliteConnection _connection;

        public Connection(string connectionString)
        {
            _connection = new SqliteConnection(connectionString);
            _connection.Open();
        }

        public bool CommitAtEnd { get; set; }

        public void Run(string sql)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        public List<string> Query(string sql)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            using var row = command.ExecuteReader();
            var rows = new List<string>();
            while (row.Read())
                rows.Add(string.Join('|', Enumerable.Range(0, row.FieldCount).Select(row.GetValue)));
            return rows;
        }

        public void Dispose()
        {
            if (CommitAtEnd) Run("COMMIT");
            _connection.Dispose();
        }
    }

    private sealed class Replayer : ReceivePersistentActor
    {
        public Replayer(string id, IActorRef witness)
        {
            PersistenceId = id;
            Recover<Legacy>(replayed => witness.Tell(replayed));
            Command<LegacyEvent>(legacy => Persist<Legacy>(legacy, _ => Sender.Tell("stored")));
        }

        public override string PersistenceId { get; }
    }
}
