using System.Globalization;
using Npgsql;

namespace Iec102.Cluster.Leases;

/// <summary>
/// PostgreSQL as lock server: session-level advisory locks in a connection of their own, whose <c>idle_session_timeout</c> is the ttl, so
/// that the server itself ends the session of a node that has fallen silent, and frees its locks. Needs PostgreSQL 14, and a connection to
/// it that keeps its session: pgbouncer in transaction mode does not.
/// </summary>
/// <param name="connectionString">Where the database is.</param>
public sealed class PostgresLockServer(string connectionString) : ILockServer
{
    private static readonly Version Oldest = new(14, 0);

    // A command that has waited this long is not cancelled on the server: the session is given up.
    private static readonly TimeSpan Operation = TimeSpan.FromSeconds(2);

    private readonly NpgsqlConnectionStringBuilder _settings = SettingsOf(connectionString);

    /// <inheritdoc/>
    public async Task<ILockSession> OpenAsync(TimeSpan ttl, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(_settings.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            if (Objection(connection.PostgreSqlVersion) is { } objection)
                throw new LockServerException(objection);
            var milliseconds = ((long)ttl.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            const string IfPrimary = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_backend_pid() END";
            await using var set = new NpgsqlCommand($"SET idle_session_timeout = {milliseconds}; {IfPrimary}", connection);
            return await set.ExecuteScalarAsync(ct) is int pid
                ? new PostgresLockSession(connection, pid)
                : throw new LockServerException("This database server is a standby, whose locks nobody else sees: name the primary.");
        }
        catch (Exception error)
        {
            await connection.DisposeAsync();
            throw PostgresLockSession.Failure(error);
        }
    }

    private static NpgsqlConnectionStringBuilder SettingsOf(string connectionString)
    {
        // Encryption with Kerberos would ask the name server, which may be out of reach, and hold a thread meanwhile.
        var settings = new NpgsqlConnectionStringBuilder($"GSS Encryption Mode=Disable;{connectionString}")
        {
            Pooling = false,
            KeepAlive = 0,
            Timeout = (int)Operation.TotalSeconds,
            CommandTimeout = (int)Operation.TotalSeconds,
            CancellationTimeout = -1,
            Multiplexing = false,
            Enlist = false,
            ApplicationName = "iec102 locks",
        };
        if (settings.Host?.Contains(',', StringComparison.Ordinal) == true)
        {
            // The time is for each host: one that is gone must leave some for the next.
            settings.Timeout = (int)Operation.TotalSeconds / 2;
            settings.TargetSessionAttributes ??= "primary";
        }

        return settings;
    }

    internal static string? Objection(Version version) => version >= Oldest
        ? null
        : $"Nodes need PostgreSQL 14 or newer, and this is {version}: update the database server.";
}
