namespace Iec102.Storage.Schema.Postgres;

/// <summary>Adds the table of version 5 of readings.db, with its name, columns and meanings.</summary>
internal static class Version5
{
    public const string Statements = """
        CREATE TABLE delivery (
            name text COLLATE "C" NOT NULL, period text COLLATE "C" NOT NULL, version bigint NOT NULL, at_ms bigint NOT NULL,
            file text NOT NULL, part text, sha256 text NOT NULL, intervals bigint NOT NULL, stored bigint NOT NULL,
            complete bigint, meters bigint,
            PRIMARY KEY (name, period, version)
        );
        """;
}
