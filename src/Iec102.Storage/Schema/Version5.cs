namespace Iec102.Storage.Schema;

/// <summary>Adds what was delivered by schedule.</summary>
internal static class Version5
{
    public const string Statements = """
        CREATE TABLE delivery (           -- one row for each version of a file
            name TEXT NOT NULL,           -- of the delivery in the fleet file
            period TEXT NOT NULL,         -- such as 2026-03-02, 2026-W10 or 2026-03
            version INTEGER NOT NULL,     -- 0 while nothing is stored of the period, and no file is written
            at_ms INTEGER NOT NULL,       -- milliseconds
            file TEXT NOT NULL,           -- its name in the folder; empty in version 0
            part TEXT,                    -- its name while it is written; null once it has its own
            sha256 TEXT NOT NULL,
            intervals INTEGER NOT NULL,   -- in the file
            stored INTEGER NOT NULL,      -- rows in the database when it was written, revisions included
            complete INTEGER,             -- the meters whose curves were complete; null when that was not known
            meters INTEGER,
            PRIMARY KEY (name, period, version)
        ) STRICT, WITHOUT ROWID;
        """;
}
