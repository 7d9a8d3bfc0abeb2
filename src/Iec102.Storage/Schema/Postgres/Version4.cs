namespace Iec102.Storage.Schema.Postgres;

/// <summary>Adds the tables of version 4 of readings.db, with their names, columns and meanings.</summary>
internal static class Version4
{
    public const string Statements = """
        CREATE TABLE audit (
            at_us bigint NOT NULL, node text COLLATE "C" NOT NULL, who text COLLATE "C" NOT NULL, address text COLLATE "C" NOT NULL,
            action text COLLATE "C" NOT NULL, detail text NOT NULL, status bigint,
            PRIMARY KEY (at_us, node, who, address, action)
        );

        CREATE TABLE alarm (
            id text COLLATE "C" PRIMARY KEY,
            kind text NOT NULL, name text NOT NULL, cause text NOT NULL, priority bigint NOT NULL,
            since_ms bigint NOT NULL, changed_ms bigint NOT NULL, cleared_ms bigint, count bigint NOT NULL,
            node text, port text, meters text NOT NULL, last_error text, advice_en text, advice_es text, note text,
            acknowledged_by text, acknowledged_ms bigint, shelved_until_ms bigint
        );

        CREATE TABLE morning_sheet (day text COLLATE "C" PRIMARY KEY);
        """;
}
