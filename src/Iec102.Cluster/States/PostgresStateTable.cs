using Iec102.Storage.Databases;
using NodaTime;

namespace Iec102.Cluster.States;

/// <summary>The table <c>live_state</c> of the shared database. One call may run at a time.</summary>
/// <param name="self">The id of this node.</param>
/// <param name="database">The database.</param>
public sealed class PostgresStateTable(string self, PostgresDatabase database) : IStateTable
{
    private const string Store = """
        INSERT INTO live_state (kind, id, node, as_of, changed, state)
        SELECT kind, id, $1, clock_timestamp(), pg_current_xact_id(), state
        FROM unnest($2::smallint[], $3::text[], $4::text[]) AS own (kind, id, state) ORDER BY kind, id
        ON CONFLICT (kind, id) DO UPDATE
        SET node = excluded.node, as_of = excluded.as_of, changed = excluded.changed, state = excluded.state
        """;

    // The oldest transaction that this snapshot cannot see yet, then every row that was written by such a one when it was read last.
    private const string Read = """
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text, kind, id, node, state, clock_timestamp() - as_of
        FROM (SELECT 1) AS always LEFT JOIN live_state ON (node <> $1 OR $2 = '0') AND changed >= $2::xid8
        """;

    // Behind a slow line, what was written may still be on its way. In reading, the usual patience begins anew with all that comes.
    private const int LongestStore = 60;

    private string _unseen = "0";

    /// <inheritdoc/>
    public async Task StoreAsync(IReadOnlyDictionary<StateKey, string> own, CancellationToken ct)
    {
        await using var command = database.Source.CreateCommand(Store);
        command.CommandTimeout = LongestStore;
        command.Parameters.Add(new() { Value = self });
        command.Parameters.Add(new() { Value = own.Keys.Select(key => (short)key.Kind).ToArray() });
        command.Parameters.Add(new() { Value = own.Keys.Select(key => key.Id).ToArray() });
        command.Parameters.Add(new() { Value = own.Values.ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredState>> ReadAsync(CancellationToken ct)
    {
        await using var command = database.Source.CreateCommand(Read);
        command.Parameters.Add(new() { Value = self });
        command.Parameters.Add(new() { Value = _unseen });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var (states, unseen) = (new List<StoredState>(), _unseen);
        while (await rows.ReadAsync(ct))
        {
            unseen = rows.GetString(0);
            if (!rows.IsDBNull(1))
            {
                var key = new StateKey((StateKind)rows.GetInt16(1), rows.GetString(2));
                states.Add(new StoredState(key, rows.GetString(3), rows.GetString(4), Duration.FromTimeSpan(rows.GetTimeSpan(5))));
            }
        }

        _unseen = unseen;
        return states;
    }
}
