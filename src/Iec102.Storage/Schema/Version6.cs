namespace Iec102.Storage.Schema;

/// <summary>Adds the messages about alarms that have not arrived yet.</summary>
internal static class Version6
{
    public const string Statements = """
        CREATE TABLE notice (
            way TEXT NOT NULL,            -- webhook or email
            changed_ms INTEGER NOT NULL,  -- when that happened of which it tells, in milliseconds
            alarm TEXT NOT NULL,          -- the id
            change TEXT NOT NULL,         -- Raised, Cleared and so on
            PRIMARY KEY (way, changed_ms, alarm, change)
        ) STRICT, WITHOUT ROWID;
        """;
}
