CREATE TABLE meter (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, time_zone TEXT, serial_number INTEGER, manufacturer INTEGER, standard INTEGER, read_at INTEGER,
    summer_time INTEGER, name TEXT, site TEXT, group_name TEXT, tags TEXT, cups TEXT, meter_number TEXT
) STRICT;
CREATE TABLE load_profile (
    meter INTEGER NOT NULL REFERENCES meter (key), curve INTEGER NOT NULL, end_utc INTEGER NOT NULL, revision INTEGER NOT NULL, label BLOB NOT NULL,
    serial_number INTEGER NOT NULL, record INTEGER NOT NULL, type INTEGER NOT NULL, period_minutes INTEGER NOT NULL, received_at INTEGER NOT NULL,
    a_plus INTEGER, a_minus INTEGER, r1 INTEGER, r2 INTEGER, r3 INTEGER, r4 INTEGER, res1 INTEGER, res2 INTEGER, a_plus_q INTEGER, a_minus_q INTEGER,
    r1_q INTEGER, r2_q INTEGER, r3_q INTEGER, r4_q INTEGER, res1_q INTEGER, res2_q INTEGER, PRIMARY KEY (meter, curve, end_utc, revision)
) STRICT, WITHOUT ROWID;
CREATE TABLE current_value (
    meter INTEGER NOT NULL REFERENCES meter (key), signal TEXT NOT NULL, value REAL, unit TEXT NOT NULL, quality INTEGER NOT NULL, meter_time INTEGER,
    read_at INTEGER NOT NULL, primary_value REAL, PRIMARY KEY (meter, signal)
) STRICT, WITHOUT ROWID;
CREATE TABLE current_history (
    meter INTEGER NOT NULL REFERENCES meter (key), signal TEXT NOT NULL, read_at INTEGER NOT NULL, value REAL, quality INTEGER NOT NULL, meter_time
    INTEGER, PRIMARY KEY (meter, signal, read_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE clock_check (
    meter INTEGER NOT NULL REFERENCES meter (key), read_at INTEGER NOT NULL, label BLOB NOT NULL, offset_ms INTEGER NOT NULL, uncertainty_ms INTEGER
    NOT NULL, PRIMARY KEY (meter, read_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE writer_progress (
    persistence_id TEXT PRIMARY KEY, sequence_nr INTEGER NOT NULL, meter INTEGER NOT NULL REFERENCES meter (key), curve INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE retention (
    what TEXT PRIMARY KEY, deleted_before INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
    meter INTEGER NOT NULL REFERENCES meter (key), record INTEGER NOT NULL, spa INTEGER NOT NULL, spq INTEGER NOT NULL, spi INTEGER NOT NULL, label
    BLOB NOT NULL, ordinal INTEGER NOT NULL, time_ms INTEGER, serial_number INTEGER NOT NULL, read_at INTEGER NOT NULL, PRIMARY KEY (meter, record,
    spa, spq, spi, label, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_by_time ON event (meter, coalesce(time_ms, 1000 * read_at));
CREATE TABLE tariff (
    meter INTEGER NOT NULL REFERENCES meter (key), record INTEGER NOT NULL, closed INTEGER NOT NULL, object INTEGER NOT NULL, start_label BLOB NOT
    NULL, end_label BLOB NOT NULL, start_utc INTEGER, end_utc INTEGER, active INTEGER NOT NULL, active_increment INTEGER NOT NULL, active_q INTEGER
    NOT NULL, inductive INTEGER NOT NULL, inductive_increment INTEGER NOT NULL, inductive_q INTEGER NOT NULL, capacitive INTEGER NOT NULL,
    capacitive_increment INTEGER NOT NULL, capacitive_q INTEGER NOT NULL, reserve7 INTEGER NOT NULL, reserve7_q INTEGER NOT NULL, reserve8 INTEGER NOT
    NULL, reserve8_q INTEGER NOT NULL, maximum INTEGER NOT NULL, maximum_label BLOB NOT NULL, maximum_utc INTEGER, maximum_q INTEGER NOT NULL, excess
    INTEGER NOT NULL, excess_q INTEGER NOT NULL, serial_number INTEGER NOT NULL, read_at INTEGER NOT NULL, PRIMARY KEY (meter, record, closed, object,
    start_label, end_label)
) STRICT, WITHOUT ROWID;
CREATE TABLE closing (
    meter INTEGER NOT NULL REFERENCES meter (key), at_utc INTEGER NOT NULL, label BLOB NOT NULL, derived INTEGER NOT NULL, serial_number INTEGER NOT
    NULL, read_at INTEGER NOT NULL, a_plus INTEGER, a_minus INTEGER, r1 INTEGER, r2 INTEGER, r3 INTEGER, r4 INTEGER, res1 INTEGER, res2 INTEGER,
    a_plus_q INTEGER, a_minus_q INTEGER, r1_q INTEGER, r2_q INTEGER, r3_q INTEGER, r4_q INTEGER, res1_q INTEGER, res2_q INTEGER, PRIMARY KEY (meter,
    at_utc)
) STRICT, WITHOUT ROWID;
CREATE TABLE meter_configuration (
    meter INTEGER NOT NULL REFERENCES meter (key), type INTEGER NOT NULL, record INTEGER NOT NULL, part INTEGER NOT NULL, first_read_at INTEGER NOT
    NULL, last_read_at INTEGER NOT NULL, serial_number INTEGER NOT NULL, asdu BLOB NOT NULL, PRIMARY KEY (meter, type, record, part, first_read_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE clock_write (
    meter INTEGER NOT NULL REFERENCES meter (key), ended_ms INTEGER NOT NULL, offset_before_ms INTEGER NOT NULL, written BLOB NOT NULL, outcome
    INTEGER NOT NULL, error TEXT, serial_number INTEGER NOT NULL, PRIMARY KEY (meter, ended_ms)
) STRICT, WITHOUT ROWID;
CREATE TABLE fact_progress (
    meter INTEGER NOT NULL REFERENCES meter (key), kind INTEGER NOT NULL, record INTEGER NOT NULL, serial_number INTEGER NOT NULL, read_to INTEGER NOT
    NULL, PRIMARY KEY (meter, kind, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    at_us INTEGER NOT NULL, node TEXT NOT NULL, who TEXT NOT NULL, address TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL, status INTEGER,
    PRIMARY KEY (at_us, node, who, address, action)
) STRICT, WITHOUT ROWID;
CREATE TABLE alarm (
    id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, cause TEXT NOT NULL, priority INTEGER NOT NULL, since_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL, cleared_ms INTEGER, count INTEGER NOT NULL, node TEXT, port TEXT, meters TEXT NOT NULL, last_error TEXT,
    advice_en TEXT, advice_es TEXT, note TEXT, acknowledged_by TEXT, acknowledged_ms INTEGER, shelved_until_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE morning_sheet (day TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE delivery (
    name TEXT NOT NULL, period TEXT NOT NULL, version INTEGER NOT NULL, at_ms INTEGER NOT NULL, file TEXT NOT NULL, part TEXT, sha256 TEXT NOT NULL,
    intervals INTEGER NOT NULL, stored INTEGER NOT NULL, complete INTEGER, meters INTEGER, PRIMARY KEY (name, period, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE notice (
    way TEXT NOT NULL, changed_ms INTEGER NOT NULL, alarm TEXT NOT NULL, change TEXT NOT NULL, PRIMARY KEY (way, changed_ms, alarm, change)
) STRICT, WITHOUT ROWID;
INSERT INTO meter VALUES (1, 'm-34572', 'Europe/Madrid', 48304838, 7, 200511, 1772413200, 2, 'Pump house', 'North', NULL, 'solar check', 'ES1234123456789012JY', NULL);
INSERT INTO load_profile VALUES
    (1, 0, 1772413200, 0, x'0002024119', 48304838, 11, 190, 60, 1772413380, 17, 0, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 128, 128),
    (1, 0, 1772413200, 1, x'0002024119', 48304838, 11, 190, 60, 1772499780, 18, 0, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 128, 128),
    (1, 0, 1772416800, 0, x'0003024119', 48304838, 11, 123, 60, 1772416980, 21, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO current_value VALUES (1, 'power.active.total', 1.25, 'kW', 0, 1772416800, 1772416802, 1.25);
INSERT INTO current_history VALUES (1, 'power.active.total', 1772416802, 1.25, 0, 1772416800);
INSERT INTO clock_check VALUES (1, 1772416802, x'00000003020319', -1500, 40);
INSERT INTO writer_progress VALUES ('profile-m-34572-hourly', 4, 1, 0);
INSERT INTO retention VALUES ('load_profile', 1262304000);
INSERT INTO event VALUES
    (1, 52, 1, 2, 0, x'0a2a0c0b020319', 0, 1772363530522, 48304838, 1772416900), (1, 52, 1, 2, 0, x'0a2a0c0b020319', 1, 1772363530522, 48304838, 1772416900),
    (1, 53, 7, 9, 0, x'00000000000000', 0, NULL, 48304838, 1772416900);
INSERT INTO tariff VALUES
    (1, 134, 1, 20, x'0000010119', x'0000010219', 1767222000, 1769900400, 100000, 5000, 0, 20000, 800, 0, 300, 12, 0, 0, 128, 0, 128,
        84, x'000c120119', 1768734000, 0, 0, 0, 48304838, 1772416900);
INSERT INTO closing VALUES (1, 1772406000, x'0000020319', 0, 48304838, 1772416900, 100000, 0, 234567, NULL, NULL, 3456, NULL, NULL, 0, 0, 0, NULL, NULL, 0, NULL, NULL);
INSERT INTO meter_configuration VALUES (1, 145, 134, 0, 1772330500, 1772416900, 48304838, x'91010501008615320000000002024119');
INSERT INTO clock_write VALUES (1, 1772416802500, -1500, x'00000003020319', 1, 'the meter refused', 48304838);
INSERT INTO fact_progress VALUES (1, 0, 52, 48304838, 1772416900), (1, 2, 21, 48304838, 1772406000);
INSERT INTO audit VALUES
    (1772416900123456, '', 'ops', '192.0.2.7', 'POST /api/meters/m-34572/retry', '', 200),
    (1772416900123457, '', 'fleet file', '', 'change applied', 'port north changed', NULL);
INSERT INTO alarm VALUES ('meter.m-34572.password', 'Meter', 'm-34572', 'Password', 1, 1772413200000, 1772416800000, NULL, 2, NULL, 'north', 'm-34572',
    'The meter refuses the login.', 'Correct password.', 'Corrija password.', NULL, 'Ana', 1772416800000, NULL);
INSERT INTO morning_sheet VALUES ('2026-03-02');
INSERT INTO delivery VALUES ('daily', '2026-03-01', 1, 1772416900123, 'daily_2026-03-01.csv', NULL, 'ab', 24, 25, 1, 2);
INSERT INTO notice SELECT 'webhook', changed_ms, id, 'Raised' FROM alarm;
PRAGMA user_version = 6;
