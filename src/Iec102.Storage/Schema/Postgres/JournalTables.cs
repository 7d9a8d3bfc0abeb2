namespace Iec102.Storage.Schema.Postgres;

/// <summary>
/// The tables of Akka.Persistence.Sql on PostgreSQL, as it would make them itself, less the indexes that none of its statements uses. They
/// are made here because plug-ins that start on several nodes at once would be in each other's way.
/// </summary>
public static class JournalTables
{
    /// <summary>Creates them.</summary>
    public const string Statements = """
        CREATE TABLE journal (
            ordering bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created bigint NOT NULL,
            deleted boolean NOT NULL,
            persistence_id text NOT NULL,
            sequence_number bigint NOT NULL,
            message bytea NOT NULL,
            manifest text,
            identifier integer,
            writer_uuid text,
            UNIQUE (persistence_id, sequence_number)        -- a second writer of the same curve fails instead of doubling a number
        );
        CREATE TABLE snapshot (
            persistence_id text NOT NULL,
            sequence_number bigint NOT NULL,
            created bigint NOT NULL,
            snapshot bytea,
            manifest text,
            serializer_id integer,
            PRIMARY KEY (persistence_id, sequence_number)
        );
        CREATE TABLE tags (                                 -- stays empty; the plug-in deletes from it when it deletes events
            ordering_id bigint NOT NULL,
            tag text NOT NULL,
            sequence_nr bigint NOT NULL,
            persistence_id text NOT NULL,
            PRIMARY KEY (ordering_id, tag)
        );
        """;
}
