namespace Iec102.Storage.Schema;

/// <summary>
/// The first schema. Times are whole seconds since 1970-01-01 UTC unless the name says otherwise. A row of load_profile is about 60 octets:
/// meter and curve are small integers, and SQLite needs no octet at all for a null, 0 or 1.
/// </summary>
internal static class Version1
{
    public const string Statements = """
        CREATE TABLE meter (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            time_zone TEXT,               -- of the tz database
            serial_number INTEGER,        -- this and the next three: what the meter last said of itself
            manufacturer INTEGER,
            standard INTEGER,             -- year * 100 + month
            read_at INTEGER,
            summer_time INTEGER           -- 0 SU bit, 1 always winter, 2 civil
        ) STRICT;

        CREATE TABLE load_profile (
            meter INTEGER NOT NULL REFERENCES meter (key),
            curve INTEGER NOT NULL,       -- 0 hourly, 1 quarter-hour
            end_utc INTEGER NOT NULL,
            revision INTEGER NOT NULL,    -- 0 the first reading; the highest is shown
            label BLOB NOT NULL,          -- the time tag as on the wire, 5 octets
            serial_number INTEGER NOT NULL,
            record INTEGER NOT NULL,
            type INTEGER NOT NULL,        -- of the request: 123 or 190
            period_minutes INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            a_plus INTEGER, a_minus INTEGER, r1 INTEGER, r2 INTEGER, r3 INTEGER, r4 INTEGER, res1 INTEGER, res2 INTEGER,
            a_plus_q INTEGER, a_minus_q INTEGER, r1_q INTEGER, r2_q INTEGER, r3_q INTEGER, r4_q INTEGER, res1_q INTEGER, res2_q INTEGER,
            PRIMARY KEY (meter, curve, end_utc, revision)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE current_value (
            meter INTEGER NOT NULL REFERENCES meter (key),
            signal TEXT NOT NULL,
            value REAL,                   -- null when invalid
            unit TEXT NOT NULL,
            quality INTEGER NOT NULL,     -- 0 good, 1 invalid
            meter_time INTEGER,
            read_at INTEGER NOT NULL,
            PRIMARY KEY (meter, signal)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE current_history (    -- units as in current_value
            meter INTEGER NOT NULL REFERENCES meter (key),
            signal TEXT NOT NULL,
            read_at INTEGER NOT NULL,
            value REAL,
            quality INTEGER NOT NULL,
            meter_time INTEGER,
            PRIMARY KEY (meter, signal, read_at)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE clock_check (
            meter INTEGER NOT NULL REFERENCES meter (key),
            read_at INTEGER NOT NULL,
            label BLOB NOT NULL,          -- the meter's clock as on the wire, 7 octets
            offset_ms INTEGER NOT NULL,   -- the meter's clock less ours
            uncertainty_ms INTEGER NOT NULL,
            PRIMARY KEY (meter, read_at)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE writer_progress (    -- how far the events of each profile are in load_profile
            persistence_id TEXT PRIMARY KEY,
            sequence_nr INTEGER NOT NULL,
            meter INTEGER NOT NULL REFERENCES meter (key),
            curve INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE retention (          -- what was deleted on purpose
            what TEXT PRIMARY KEY,
            deleted_before INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """;
}
