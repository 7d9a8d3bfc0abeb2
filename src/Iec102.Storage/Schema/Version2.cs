namespace Iec102.Storage.Schema;

/// <summary>
/// Adds what meters report besides curves and current values: events, tariffs, closings and settings, and also every write to a meter's
/// clock. Each fact is stored once, however often it is read. Labels are time tags as on the wire; units are those of the protocol notes.
/// </summary>
internal static class Version2
{
    public const string Statements = """
        ALTER TABLE current_value ADD COLUMN primary_value REAL;    -- the value times the transformer ratio; null until that is known

        CREATE TABLE event (
            meter INTEGER NOT NULL REFERENCES meter (key),
            record INTEGER NOT NULL,
            spa INTEGER NOT NULL,
            spq INTEGER NOT NULL,
            spi INTEGER NOT NULL,
            label BLOB NOT NULL,          -- 7 octets
            ordinal INTEGER NOT NULL,     -- among those that are equal in one answer
            time_ms INTEGER,              -- milliseconds; null when the label is no date
            serial_number INTEGER NOT NULL,
            read_at INTEGER NOT NULL,     -- when it was read first
            PRIMARY KEY (meter, record, spa, spq, spi, label, ordinal)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX event_by_time ON event (meter, coalesce(time_ms, 1000 * read_at));

        CREATE TABLE tariff (
            meter INTEGER NOT NULL REFERENCES meter (key),
            record INTEGER NOT NULL,      -- 134, 135, 136: contract I, II, III
            closed INTEGER NOT NULL,      -- 0 the current period, of which only the last reading is kept; 1 closed periods
            object INTEGER NOT NULL,      -- 20 total, 21 to 29 tariff periods
            start_label BLOB NOT NULL,    -- 5 octets, as the other two
            end_label BLOB NOT NULL,
            start_utc INTEGER,            -- null when the label is no date, as the other two
            end_utc INTEGER,
            active INTEGER NOT NULL, active_increment INTEGER NOT NULL, active_q INTEGER NOT NULL,
            inductive INTEGER NOT NULL, inductive_increment INTEGER NOT NULL, inductive_q INTEGER NOT NULL,
            capacitive INTEGER NOT NULL, capacitive_increment INTEGER NOT NULL, capacitive_q INTEGER NOT NULL,
            reserve7 INTEGER NOT NULL, reserve7_q INTEGER NOT NULL,
            reserve8 INTEGER NOT NULL, reserve8_q INTEGER NOT NULL,
            maximum INTEGER NOT NULL, maximum_label BLOB NOT NULL, maximum_utc INTEGER, maximum_q INTEGER NOT NULL,
            excess INTEGER NOT NULL, excess_q INTEGER NOT NULL,
            serial_number INTEGER NOT NULL,
            read_at INTEGER NOT NULL,     -- when these values were read first
            PRIMARY KEY (meter, record, closed, object, start_label, end_label)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE closing (            -- absolute registers at midnight
            meter INTEGER NOT NULL REFERENCES meter (key),
            at_utc INTEGER NOT NULL,
            label BLOB NOT NULL,          -- 5 octets
            derived INTEGER NOT NULL,     -- 1: from record 11 at 00:00, of a meter without record 21; never replaces a true one
            serial_number INTEGER NOT NULL,
            read_at INTEGER NOT NULL,     -- when these values were read first
            a_plus INTEGER, a_minus INTEGER, r1 INTEGER, r2 INTEGER, r3 INTEGER, r4 INTEGER, res1 INTEGER, res2 INTEGER,
            a_plus_q INTEGER, a_minus_q INTEGER, r1_q INTEGER, r2_q INTEGER, r3_q INTEGER, r4_q INTEGER, res1_q INTEGER, res2_q INTEGER,
            PRIMARY KEY (meter, at_utc)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE meter_configuration (    -- a row for each change
            meter INTEGER NOT NULL REFERENCES meter (key),
            type INTEGER NOT NULL,        -- of the answer: 129, 131, 142, 145, 148, 151, 157
            record INTEGER NOT NULL,
            part INTEGER NOT NULL,        -- the first object of types 151 and 157, which are read in parts; else 0
            first_read_at INTEGER NOT NULL,
            last_read_at INTEGER NOT NULL,
            serial_number INTEGER NOT NULL,
            asdu BLOB NOT NULL,           -- the answer as read last, header included, secrets zeroed
            PRIMARY KEY (meter, type, record, part, first_read_at)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE clock_write (        -- every attempt to set a meter's clock
            meter INTEGER NOT NULL REFERENCES meter (key),
            ended_ms INTEGER NOT NULL,    -- milliseconds
            offset_before_ms INTEGER NOT NULL,
            written BLOB NOT NULL,        -- the label that was written, 7 octets
            outcome INTEGER NOT NULL,     -- 0 set, 1 refused, 2 no answer
            error TEXT,
            serial_number INTEGER NOT NULL,
            PRIMARY KEY (meter, ended_ms)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE fact_progress (      -- up to where the facts of a kind are stored
            meter INTEGER NOT NULL REFERENCES meter (key),
            kind INTEGER NOT NULL,        -- 0 events, 1 closed tariff periods, 2 closings
            record INTEGER NOT NULL,
            serial_number INTEGER NOT NULL,    -- the meter that was read: another one begins anew
            read_to INTEGER NOT NULL,
            PRIMARY KEY (meter, kind, record)
        ) STRICT, WITHOUT ROWID;
        """;
}
