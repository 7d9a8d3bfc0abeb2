using System.Data;
using System.Data.Common;
using Iec102.Fleet;
using Iec102.Storage.Files;
using Iec102.Storage.Schema.Postgres;
using Iec102.Storage.Sql;
using Npgsql;

namespace Iec102.Storage.Databases;

/// <summary>A PostgreSQL database, which several servers may share. Its connections come from a pool of its own.</summary>
public sealed class PostgresDatabase : ReadingsDatabase, IDisposable
{
    // A node needs one connection for the writer and some for readers; the journal has a pool of its own. A dead server is noticed within
    // the command timeout, and a dead connection that is idle by its keep-alive. To encrypt with Kerberos, the driver asks the name server
    // at each connection; where that is out of reach, as in a substation that is cut off, each thread that connects is held for many
    // seconds.
    // What a node had begun when it was cut off or stopped must not hold up the next owner of its ports: the server soon ends such a
    // session.
    private const string Settings =
        "Application Name=iec102;GSS Encryption Mode=Disable;Maximum Pool Size=4;Timeout=5;Command Timeout=10;Max Auto Prepare=50;"
        + "Tcp Keepalive=true;Tcp Keepalive Time=10;Tcp Keepalive Interval=3;"
        + "Options=-c idle_in_transaction_session_timeout=20s -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=3 "
        + "-c tcp_keepalives_count=3;";

    // Held by every writer, and exclusively while no server may write.
    private const string ServersLock = "hashtextextended('iec102 servers', 102)";

    // Held by every node that runs, and exclusively by a server that is none.
    private const string PlaceLock = "hashtextextended('iec102 place', 102)";

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _writing;
    private bool _hasTables;

    /// <summary>Creates it; nothing is opened yet.</summary>
    /// <param name="connection">
    /// The Npgsql connection string; what it does not say is set as the design of the server wants it.
    /// </param>
    /// <exception cref="StorageException">The text is not a connection string.</exception>
    public PostgresDatabase(SecretText connection)
    {
        try
        {
            var options = OptionsOf(connection);
            Name = NameOf(options);
            _source = Build(options);
            // A session that holds a lock is ended when it is closed.
            options.Pooling = false;
            _writing = Build(options);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            // What the exception says may contain a part of the password.
            throw new StorageException(
                "The connection string of the PostgreSQL database cannot be used: write it as "
                + "Host=db;Database=iec102;Username=iec102;Password=..., with \" around a value that contains a ;");
        }
    }

    /// <inheritdoc/>
    public override StoreSize Size() => Explain(() => new StoreSize(
        "postgres", Read(connection => (long)connection.Scalar("SELECT pg_database_size(current_database())")!), FreeBytes: null));

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>The pool, for tables that are not those of the readings.</summary>
    public NpgsqlDataSource Source => _source;

    /// <summary>
    /// Brings the tables to the current version. Servers that start at the same time wait for one another.
    /// </summary>
    /// <exception cref="StorageException">A newer program has written the database, or it cannot be used.</exception>
    public void Migrate() => Explain(() =>
    {
        using var connection = _source.OpenConnection();
        return PostgresSchema.Migrate(connection, Name);
    });

    /// <inheritdoc/>
    public override DbConnection OpenForReading() => Checked(_source.OpenConnection());

    /// <inheritdoc/>
    public override string Describe(Exception problem) => PostgresProblem.Describe(problem, Name);

    /// <inheritdoc/>
    public override bool IsAway(Exception problem) => IsAwayBecauseOf(problem);

    /// <summary>Whether a failure of anything that uses a PostgreSQL database means that the database is away.</summary>
    public static bool IsAwayBecauseOf(Exception problem) => PostgresProblem.IsAway(problem);

    /// <summary>The connection string for the journal's plug-in, which has a pool of its own.</summary>
    /// <param name="connection">The connection string of the database.</param>
    public static SecretText JournalConnection(SecretText connection)
    {
        var options = OptionsOf(connection);
        options.ApplicationName = "iec102 journal";
        if (options.Host?.Contains(',', StringComparison.Ordinal) == true)
            options.TargetSessionAttributes ??= "primary";
        return new(options.ConnectionString);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Dispose();
        _writing.Dispose();
    }

    internal override WritingSession OpenForWriting() => Open($"SELECT pg_advisory_lock_shared({ServersLock})");

    internal override WritingSession OpenAlone()
    {
        try
        {
            return Open($"SET lock_timeout = '2s'; SELECT pg_advisory_lock({ServersLock}); RESET lock_timeout");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new StorageException($"A server uses the {Name}: stop all of its servers first.", e);
        }
    }

    /// <summary>Opens a connection that holds the place of a server; null when others have it.</summary>
    internal DbConnection? OpenPlace(bool isNode)
    {
        var connection = _writing.OpenConnection();
        try
        {
            if (connection.Scalar($"SELECT pg_try_advisory_lock{(isNode ? "_shared" : "")}({PlaceLock})") is true)
                return connection;
            connection.Dispose();
            return null;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal override T Read<T>(Func<DbConnection, T> read)
    {
        try
        {
            return base.Read(read);
        }
        catch (NpgsqlException e) when (e is { SqlState: PostgresErrorCodes.AdminShutdown } or { InnerException: IOException })
        {
            // A connection that was waiting in the pool has been ended meanwhile, as by a restart of the server; so have the others.
            _source.Clear();
            return base.Read(read);
        }
    }

    internal override DbConnection OpenJournal() => OpenForReading();

    internal override DbTransaction BeginReading(DbConnection connection) => connection.BeginTransaction(IsolationLevel.RepeatableRead);

    private PostgresSession Open(string locking)
    {
        var connection = Checked(_writing.OpenConnection());
        try
        {
            connection.Execute(locking);
            return new PostgresSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private NpgsqlConnection Checked(NpgsqlConnection connection)
    {
        try
        {
            // Looked at once only: a newer server may bring the tables to a version of its own while this one runs on.
            if (!_hasTables)
                PostgresSchema.EnsurePresent(connection, Name);
            _hasTables = true;
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static NpgsqlConnectionStringBuilder OptionsOf(SecretText connection)
    {
        var options = new NpgsqlConnectionStringBuilder(Settings + connection.Reveal());
        // A folder is that of a Unix socket, which has no keep-alive.
        if (options.Host?.StartsWith('/') == true)
            (options.TcpKeepAlive, options.TcpKeepAliveTime, options.TcpKeepAliveInterval) = (false, 0, 0);
        return options;
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder options)
    {
        if (options.Host?.Contains(',', StringComparison.Ordinal) != true)
            return NpgsqlDataSource.Create(options);
        // Which of several hosts to use is said of a data source, not in its connection string.
        var wanted = options.TargetSessionAttributes is { } text
            ? Enum.Parse<TargetSessionAttributes>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true)
            : TargetSessionAttributes.Primary;
        options.TargetSessionAttributes = null;
        var hosts = new NpgsqlConnectionStringBuilder(options.ConnectionString) { TargetSessionAttributes = null };
        return new NpgsqlDataSourceBuilder(hosts.ConnectionString).BuildMultiHost().WithTargetSession(wanted);
    }

    private static string NameOf(NpgsqlConnectionStringBuilder options)
    {
        var server = options.Port == NpgsqlConnection.DefaultPort ? options.Host : $"{options.Host}:{options.Port}";
        return $"database {options.Database ?? options.Username} on {server}";
    }
}
