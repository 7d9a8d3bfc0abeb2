namespace Iec102.Storage.Schema.Postgres;

/// <summary>The tables in which nodes tell each other how they are. What they hold is JSON, so that it can be extended.</summary>
internal static class NodeTables
{
    /// <summary>Creates them, in PostgreSQL.</summary>
    public const string Statements = """
        -- What each node last said of itself.
        CREATE TABLE node (
            id text PRIMARY KEY,
            as_of timestamptz NOT NULL,
            report text NOT NULL
        );
        -- The last known state of each port and meter, written by the node that runs it. changed is the transaction that wrote it: a
        -- reader that remembers the oldest transaction that it could not see yet misses nothing, whatever clocks do.
        CREATE TABLE live_state (
            kind smallint NOT NULL,
            id text NOT NULL,
            node text NOT NULL,
            as_of timestamptz NOT NULL,
            changed xid8 NOT NULL,
            state text NOT NULL,
            PRIMARY KEY (kind, id)
        );
        """;
}
