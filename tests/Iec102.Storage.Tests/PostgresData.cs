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
