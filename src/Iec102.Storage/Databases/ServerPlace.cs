using System.Data.Common;
using Iec102.Acquisition;
using Iec102.Storage.Files;
using Iec102.Storage.Sql;

namespace Iec102.Storage.Databases;

/// <summary>
/// The place of a running server at a PostgreSQL database, kept by a lock in a connection of its own. Nodes share it. A server that is none
/// has it alone, for it talks on every line without asking anybody. Not for several threads at once.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="isNode">Whether the server is a node.</param>
/// <param name="time">The clock.</param>
public sealed class ServerPlace(PostgresDatabase database, bool isNode, TimeProvider time) : IDisposable
{
    /// <summary>
    /// How long a place that was lost may be taken before that is believed: the server first has to notice that the connection is gone.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DbConnection? _session;
    private TimeSpan? _takenSince;
    private bool _wasHeld;

    /// <summary>
    /// Fails when other servers have the place that this one had, or wanted, with a sentence; the server then has to end. Never succeeds.
    /// </summary>
    public Task Lost => _lost.Task;

    /// <summary>Makes sure that the place is held, in a new connection if the last one is gone; to be called again and again.</summary>
    /// <exception cref="StorageException">Other servers have it, or the database cannot be used.</exception>
    public void Keep()
    {
        if (_session is not null && !IsAlive(_session))
        {
            _session.Dispose();
            _session = null;
        }

        _session ??= database.Explain(() => database.OpenPlace(isNode));
        if (_session is not null)
            (_takenSince, _wasHeld) = (null, true);
        else
            Taken();
    }

    /// <inheritdoc/>
    public void Dispose() => _session?.Dispose();

    private static bool IsAlive(DbConnection session)
    {
        try
        {
            session.Execute("SELECT 1");
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }

    private void Taken()
    {
        _takenSince ??= time.Elapsed();
        if (_wasHeld && time.Elapsed() - _takenSince < Patience)
            return;
        var taken = new StorageException(isNode
            ? $"A server that is no node uses the {database.Name} and talks on every line: give it --node FILE as well, or stop it."
            : $"Nodes, or another server, use the {database.Name}: give --node FILE, or stop them first.");
        _lost.TrySetException(taken);
        throw taken;
    }
}
