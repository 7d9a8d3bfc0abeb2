using Npgsql;

namespace Iec102.Cluster.Leases;

/// <summary>A session of <see cref="PostgresLockServer"/>.</summary>
internal sealed class PostgresLockSession(NpgsqlConnection connection, int pid) : ILockSession
{
    // A lock of 64 bits stands in pg_locks in two halves, with objsubid 1. Shared locks are those of the writers of readings. What the
    // session of another role did last is not shown to all.
    private const string Held = """
        SELECT l.classid::bigint << 32 | l.objid::bigint, l.pid,
            coalesce(extract(epoch FROM clock_timestamp() - a.state_change), 0)::float8, pg_backend_pid()
        FROM pg_locks l
        JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
        LEFT JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.mode = 'ExclusiveLock'
        UNION ALL SELECT NULL, NULL, NULL, pg_backend_pid()
        """;

    private Task _pending = Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IReadOnlyList<HeldLock>> BeatAsync(CancellationToken ct) => Call<IReadOnlyList<HeldLock>>(async () =>
    {
        var held = new List<HeldLock>();
        await using var command = new NpgsqlCommand(Held, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            CheckSession(reader.GetInt32(3));
            if (!await reader.IsDBNullAsync(0, ct))
                held.Add(new HeldLock(reader.GetInt64(0), reader.GetInt32(1), TimeSpan.FromSeconds(Math.Max(reader.GetDouble(2), 0))));
        }

        return held;
    });

    /// <inheritdoc/>
    public Task<bool> TryLockAsync(LockName name, CancellationToken ct) => Call(async () =>
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = name.Key });
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    });

    /// <inheritdoc/>
    public Task UnlockAsync(LockName name, CancellationToken ct) => Call(async () =>
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = name.Key });
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A call that was cancelled ends at once.
        await _pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync();
    }

    internal static LockServerException Failure(Exception error) => error switch
    {
        LockServerException known => known,
        OperationCanceledException => new LockServerException("The database did not answer in time.", error),
        PostgresException { SqlState: "57P05" } =>
            new LockServerException("The database has ended the session, since nothing was heard of this node for too long.", error),
        _ => new LockServerException($"The database does not answer: {error.GetBaseException().Message}", error),
    };

    private Task<T> Call<T>(Func<Task<T>> call)
    {
        var task = Translated(call);
        _pending = task;
        return task;
    }

    private static async Task<T> Translated<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception error)
        {
            throw Failure(error);
        }
    }

    private void CheckSession(int answering)
    {
        if (answering != pid)
            throw new LockServerException(
                "The connection changes its session, as with pgbouncer in transaction mode: name the database server itself.");
    }
}
