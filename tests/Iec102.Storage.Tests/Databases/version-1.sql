CREATE TABLE meter (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, time_zone TEXT, serial_number INTEGER, manufacturer INTEGER, standard INTEGER, read_at INTEGER,
    summer_time INTEGER
) STRICT;
CREATE TABLE load_profile (
    meter INTEGER NOT NULL REFERENCES meter (key), curve INTEGER NOT NULL, end_utc INTEGER NOT NULL, revision INTEGER NOT NULL, label BLOB NOT NULL,
    serial_number INTEGER NOT NULL, record INTEGER NOT NULL, type INTEGER NOT NULL, period_minutes INTEGER NOT NULL, received_at INTEGER NOT NULL,
    a_plus INTEGER, a_minus INTEGER, r1 INTEGER, r2 INTEGER, r3 INTEGER, r4 INTEGER, res1 INTEGER, res2 INTEGER,
    a_plus_q INTEGER, a_minus_q INTEGER, r1_q INTEGER, r2_q INTEGER, r3_q INTEGER, r4_q INTEGER, res1_q INTEGER, res2_q INTEGER,
    PRIMARY KEY (meter, curve, end_utc, revision)
) STRICT, WITHOUT ROWID;
CREATE TABLE current_value (
    meter INTEGER NOT NULL REFERENCES meter (key), signal TEXT NOT NULL, value REAL, unit TEXT NOT NULL, quality INTEGER NOT NULL, meter_time INTEGER,
    read_at INTEGER NOT NULL, PRIMARY KEY (meter, signal)
) STRICT, WITHOUT ROWID;
CREATE TABLE current_history (
    meter INTEGER NOT NULL REFERENCES meter (key), signal TEXT NOT NULL, read_at INTEGER NOT NULL, value REAL, quality INTEGER NOT NULL,
    meter_time INTEGER, PRIMARY KEY (meter, signal, read_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE clock_check (
    meter INTEGER NOT NULL REFERENCES meter (key), read_at INTEGER NOT NULL, label BLOB NOT NULL, offset_ms INTEGER NOT NULL,
    uncertainty_ms INTEGER NOT NULL, PRIMARY KEY (meter, read_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE writer_progress (
    persistence_id TEXT PRIMARY KEY, sequence_nr INTEGER NOT NULL, meter INTEGER NOT NULL REFERENCES meter (key), curve INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE retention (what TEXT PRIMARY KEY, deleted_before INTEGER NOT NULL) STRICT, WITHOUT ROWID;

INSERT INTO meter VALUES (1, 'm-34572', 'Europe/Madrid', 48304838, 7, 200511, 1772413200, 2);
INSERT INTO load_profile VALUES
    (1, 0, 1772413200, 0, x'0002024119', 48304838, 11, 190, 60, 1772413380, 17, 0, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 128, 128),
    (1, 0, 1772413200, 1, x'0002024119', 48304838, 11, 190, 60, 1772499780, 18, 0, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 128, 128),
    (1, 0, 1772416800, 0, x'0003024119', 48304838, 11, 123, 60, 1772416980, 21, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO current_value VALUES (1, 'power.active.total', 1.25, 'kW', 0, 1772416800, 1772416802);
INSERT INTO current_history VALUES (1, 'power.active.total', 1772416802, 1.25, 0, 1772416800);
INSERT INTO clock_check VALUES (1, 1772416802, x'00000003020319', -1500, 40);
INSERT INTO writer_progress VALUES ('profile-m-34572-hourly', 4, 1, 0);
INSERT INTO retention VALUES ('load_profile', 1262304000);
PRAGMA user_version = 1;
