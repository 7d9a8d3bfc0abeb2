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
        """;
}
