namespace Iec102.Storage.Schema.Postgres;

/// <summary>Adds the table of version 6 of readings.db, with its name, columns and meanings.</summary>
internal static class Version6
{
    public const string Statements = """
        CREATE TABLE notice (
            way text COLLATE "C" NOT NULL, changed_ms bigint NOT NULL, alarm text COLLATE "C" NOT NULL, change text COLLATE "C" NOT NULL,
            PRIMARY KEY (way, changed_ms, alarm, change)
        );
        """;
}
