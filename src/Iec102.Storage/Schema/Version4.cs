namespace Iec102.Storage.Schema;

/// <summary>Adds the audit log and the alarms.</summary>
internal static class Version4
{
    public const string Statements = """
        CREATE TABLE audit (              -- what people did or tried to do
            at_us INTEGER NOT NULL,       -- microseconds
            node TEXT NOT NULL,           -- the node that was called; empty when the server is alone
            who TEXT NOT NULL,            -- the name of the key
            address TEXT NOT NULL,
            action TEXT NOT NULL,
            detail TEXT NOT NULL,
            status INTEGER,               -- of the answer; null for changes of the fleet file
            PRIMARY KEY (at_us, node, who, address, action)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE alarm (              -- one row for each problem that ever stood long enough, until it is long over
            id TEXT NOT NULL PRIMARY KEY, -- kind, name and cause, such as meter.m-1.password
            kind TEXT NOT NULL,           -- Node, Port or Meter
            name TEXT NOT NULL,
            cause TEXT NOT NULL,
            priority INTEGER NOT NULL,    -- 0 low, 1 medium, 2 high
            since_ms INTEGER NOT NULL,    -- milliseconds, as all times of this table
            changed_ms INTEGER NOT NULL,
            cleared_ms INTEGER,           -- null while the problem stands
            count INTEGER NOT NULL,       -- how often it was raised
            node TEXT,
            port TEXT,
            meters TEXT NOT NULL,         -- those that it keeps from being read, with blanks between them
            last_error TEXT,
            advice_en TEXT,
            advice_es TEXT,
            note TEXT,
            acknowledged_by TEXT,
            acknowledged_ms INTEGER,
            shelved_until_ms INTEGER
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE morning_sheet (      -- the days whose sheets were sent
            day TEXT NOT NULL PRIMARY KEY -- such as 2026-03-02
        ) STRICT, WITHOUT ROWID;
        """;
}
