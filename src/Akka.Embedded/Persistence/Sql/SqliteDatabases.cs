using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence.Sql;

/// <summary>The databases of an actor system, one per connection string: journal and snapshot store of one file share its writer. Closed when the system has ended.</summary>
internal sealed class SqliteDatabases(ExtendedActorSystem system) : IExtension
{
    /// <summary>The one provider there is, by the name that LinqToDB gives it.</summary>
    public const string Provider = "SQLite.MS";

    private readonly Dictionary<string, SqliteDatabase> _databases = [];

    /// <summary>The database that the configuration of a journal or snapshot store names.</summary>
    public static SqliteDatabase Of(ActorSystem system, Config plugin)
    {
        EnsureProvider(plugin.GetString("provider-name"));
        var connectionString = plugin.GetString("connection-string");
        if (string.IsNullOrEmpty(connectionString)) throw new ConfigurationException("The SQL journal or snapshot store has no connection-string.");
        return Provide.For(system).Open(connectionString);
    }

    public static void EnsureProvider(string? providerName)
    {
        if (providerName != Provider)
            throw new ConfigurationException($"The database provider '{providerName}' is not supported; the embedded runtime stores on '{Provider}' only.");
    }

    private SqliteDatabase Open(string connectionString)
    {
        lock (_databases)
        {
            if (!_databases.TryGetValue(connectionString, out var database))
            {
                database = new SqliteDatabase(connectionString);
                _databases.Add(connectionString, database);
                system.RegisterOnTermination(database.Dispose);
            }
            return database;
        }
    }

    private sealed class Provide : ExtensionIdProvider<SqliteDatabases>
    {
        public static SqliteDatabases For(ActorSystem system) => new Provide().Apply(system);

        public override SqliteDatabases CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
