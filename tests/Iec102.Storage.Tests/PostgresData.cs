using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Testing;

namespace Iec102.Storage.Tests;

/// <summary>An own database on the PostgreSQL server of the tests.</summary>
internal sealed class PostgresData : TestData
{
    private readonly PostgresDatabase _database;

    public PostgresData()
        : this(new PostgresDatabase(new SecretText(NewDatabase())))
    {
    }

    /// <summary>A database that a newer program has brought to a version of its own, with one more column in every table.</summary>
    public static PostgresData Newer()
    {
        var data = new PostgresData();
        data.Change(
            """
            DO $$
            DECLARE name text;
            BEGIN
                FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
                    EXECUTE format('ALTER TABLE %I ADD COLUMN newer bigint DEFAULT 1', name);
                END LOOP;
            END $$;
            INSERT INTO schema_version (version, oldest) VALUES (99, 1)
            """);
        data._database.Migrate();
        return data;
    }

    private PostgresData(PostgresDatabase database)
        : base(database)
    {
        _database = database;
        database.Migrate();
    }

    public PostgresDatabase PostgresDatabase => _database;

    public override IDisposable Serve() => OpenWriter();

    public override string ServedSentence => $"A server uses the {_database.Name}: stop all of its servers first.";

    public override string Octets(int count) => $"substring(decode(md5(n::text), 'hex') FOR {count})";

    protected override TestJournal OpenJournal() => new(_database.OpenForReading());

    protected override void Remove() => _database.Dispose();

    // A test's constructor cannot wait in any other way.
    private static string NewDatabase() =>
        Task.Run(async () => await (await PostgresServer.Shared).NewDatabaseAsync()).GetAwaiter().GetResult();
}
