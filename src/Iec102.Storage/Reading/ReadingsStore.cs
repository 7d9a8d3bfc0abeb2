using System.Data.Common;
using Iec102.Acquisition;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Storage.Schema;
using Iec102.Storage.Sql;
using NodaTime;

namespace Iec102.Storage.Reading;

/// <summary>
/// Reads the readings, in the server's process or in another one, and whether or not a server is writing them. It has no state: each call
/// opens its own connection. Every failure is a <see cref="StorageException"/>. What can be long is read in pages while it is enumerated,
/// each page in a transaction of its own: memory stays bounded, and a slow consumer does not keep the database's log from being emptied.
/// </summary>
public sealed class ReadingsStore
{
    private const int PageSize = 2000;

    private const string MeterColumns =
        "id, time_zone, manufacturer, serial_number, standard, read_at, summer_time, name, site, group_name, tags, cups, meter_number";

    private const string EventColumns = "record, spa, spq, spi, label, time_ms, ordinal, serial_number, read_at";

    // The order of the index event_by_time, which ends with the columns of the primary key.
    private const string EventOrder = "coalesce(time_ms, 1000 * read_at), record, spa, spq, spi, label, ordinal";

    private const string OfMeter = "meter = (SELECT key FROM meter WHERE id = @meter)";

    private const string SelectCurves = $"""
        SELECT {MeterColumns}, p.curve,
            (SELECT end_utc FROM load_profile l WHERE l.meter = p.meter AND l.curve = p.curve ORDER BY end_utc LIMIT 1),
            (SELECT end_utc FROM load_profile l WHERE l.meter = p.meter AND l.curve = p.curve ORDER BY end_utc DESC LIMIT 1)
        FROM (SELECT DISTINCT meter, curve FROM writer_progress) p JOIN meter m ON m.key = p.meter ORDER BY id, p.curve
        """;

    private static readonly string SelectIntervals = $"""
        SELECT {LoadProfileColumns.Names} FROM load_profile l
        WHERE {OfMeter} AND curve = @curve AND (end_utc, revision) > (@after, @revision) AND end_utc <= @to
            AND (@all OR NOT EXISTS (
                SELECT 1 FROM load_profile n
                WHERE n.meter = l.meter AND n.curve = l.curve AND n.end_utc = l.end_utc AND n.revision > l.revision))
        ORDER BY end_utc, revision LIMIT @page
        """;

    private static readonly string SelectTariff =
        $"SELECT {TariffColumns.Names}, record, closed, serial_number, read_at FROM tariff WHERE {OfMeter} AND record = @record";

    private const string SelectHistory = $"""
        SELECT read_at, value, quality, meter_time FROM current_history
        WHERE {OfMeter} AND signal = @signal AND read_at > @after AND read_at <= @to ORDER BY read_at LIMIT @page
        """;

    // CROSS JOIN keeps the order of the tables: for each step the history is looked up by its key, instead of every row of the history
    // being looked up among the steps.
    private const string SelectSteps = $"""
        WITH RECURSIVE step (step_end) AS (SELECT @first UNION ALL SELECT step_end + @step FROM step WHERE step_end + @step <= @last)
        SELECT read_at, value, quality, meter_time, step_end FROM step CROSS JOIN current_history
        WHERE {OfMeter} AND signal = @signal
            AND read_at = (SELECT max(read_at) FROM current_history WHERE {OfMeter} AND signal = @signal AND read_at <= step_end)
        ORDER BY step_end
        """;

    private readonly ReadingsDatabase _database;

    /// <summary>Creates the store.</summary>
    /// <param name="database">Where the readings are.</param>
    public ReadingsStore(ReadingsDatabase database) => _database = database;

    /// <summary>All meters of which anything is stored, by id.</summary>
    public IReadOnlyList<StoredMeter> Meters() => Query($"SELECT {MeterColumns} FROM meter ORDER BY id", ReadMeter);

    /// <summary>What is stored of a meter itself; null when there is nothing.</summary>
    public StoredMeter? Meter(string id) =>
        Query($"SELECT {MeterColumns} FROM meter WHERE id = @id", ReadMeter, ("@id", id)).SingleOrDefault();

    /// <summary>All curves with at least one interval, by meter and curve.</summary>
    public IReadOnlyList<StoredCurve> Curves() => Query(SelectCurves, ReadCurve).OfType<StoredCurve>().ToList();

    /// <summary>The intervals of a range, by end and revision.</summary>
    /// <param name="meter">The meter's id; an unknown meter has no intervals.</param>
    /// <param name="curve">The curve.</param>
    /// <param name="range">The range in which the intervals end.</param>
    /// <param name="allRevisions">Whether to return every revision, instead of only the newest.</param>
    public IEnumerable<StoredInterval> Intervals(string meter, Curve curve, TimeRange range, bool allRevisions = false) =>
        // Limits and interval ends are whole seconds. The range excludes its first instant, so reading begins after every revision of the
        // interval that ends there.
        Pages(
            SelectIntervals, LoadProfileColumns.Read,
            [("@meter", meter), ("@curve", (long)curve), ("@to", Seconds(range.To)), ("@all", allRevisions)],
            [("@after", Seconds(range.From)), ("@revision", (long)int.MaxValue)],
            last => [("@after", Seconds(last.End)), ("@revision", last.Revision)]);

    /// <summary>How many intervals of a range are stored; each counts once, however many revisions it has.</summary>
    public int Count(string meter, Curve curve, TimeRange range) => Query(
        $"SELECT count(DISTINCT end_utc) FROM load_profile WHERE {OfMeter} AND curve = @curve AND end_utc > @from AND end_utc <= @to",
        row => row.GetInt32(0),
        ("@meter", meter), ("@curve", (long)curve), ("@from", Seconds(range.From)), ("@to", Seconds(range.To))).Single();

    /// <summary>
    /// How many rows are stored of a range of a recorded curve, or of the daily closings (null), of each meter of which there are any.
    /// Every revision counts, so the number grows with whatever is stored.
    /// </summary>
    public IReadOnlyDictionary<string, long> Rows(Curve? curve, TimeRange range) => Query(
            curve is null
                ? "SELECT id, (SELECT count(*) FROM closing c WHERE c.meter = m.key AND at_utc > @from AND at_utc <= @to) FROM meter m"
                : "SELECT id, (SELECT count(*) FROM load_profile l WHERE l.meter = m.key AND curve = @curve AND end_utc > @from "
                    + "AND end_utc <= @to) FROM meter m",
            row => (Meter: row.GetString(0), Rows: row.GetInt64(1)),
            [
                .. curve is null ? [] : new[] { ("@curve", (object?)(long)curve) },
                ("@from", Seconds(range.From)), ("@to", Seconds(range.To)),
            ])
        .Where(one => one.Rows > 0).ToDictionary(one => one.Meter, one => one.Rows);

    /// <summary>The ends of the intervals of a range that were read again with another result, in order.</summary>
    public IReadOnlyList<Instant> Revised(string meter, Curve curve, TimeRange range) => Query(
        $"""
        SELECT DISTINCT end_utc FROM load_profile
        WHERE {OfMeter} AND curve = @curve AND end_utc > @from AND end_utc <= @to AND revision > 0 ORDER BY end_utc
        """,
        row => Instant.FromUnixTimeSeconds(row.GetInt64(0)),
        ("@meter", meter), ("@curve", (long)curve), ("@from", Seconds(range.From)), ("@to", Seconds(range.To)));

    /// <summary>The last current values of every meter, or of one, by its id; the live state starts with them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<CurrentValue>> CurrentValues(string? meter = null) => Query(
            $"""
            SELECT id, signal, value, unit, quality, meter_time, v.read_at, primary_value
            FROM current_value v JOIN meter m ON m.key = v.meter {(meter is null ? "" : "WHERE id = @meter")} ORDER BY id, signal
            """,
            row => (Meter: row.GetString(0), Value: new CurrentValue(
                row.GetString(1), NullableDouble(row, 2), row.GetString(3), (ValueQuality)row.GetInt32(4), NullableInstant(row, 5),
                ReadInstant(row, 6),
                NullableDouble(row, 7))),
            meter is null ? [] : [("@meter", meter)])
        .GroupBy(row => row.Meter, row => row.Value)
        .ToDictionary(group => group.Key, IReadOnlyList<CurrentValue> (group) => group.ToList());

    /// <summary>The ids of the signals of a meter for which current values are stored.</summary>
    public IReadOnlyList<string> Signals(string meter) =>
        Query($"SELECT signal FROM current_value WHERE {OfMeter} ORDER BY signal", row => row.GetString(0), ("@meter", meter));

    /// <summary>The values of a signal that were kept as history, by time.</summary>
    public IEnumerable<StoredCurrentValue> CurrentHistory(string meter, string signal, TimeRange range) => Pages(
        SelectHistory, ReadHistory, [("@meter", meter), ("@signal", signal), ("@to", Seconds(range.To))],
        [("@after", Seconds(range.From))], last => [("@after", Seconds(last.ReadAt))]);

    /// <summary>
    /// For each step of a range the last value of a signal that was kept at or before the step's end, by time. Steps that
    /// end before the first kept value are left out.
    /// </summary>
    /// <param name="meter">The meter's id.</param>
    /// <param name="signal">The signal's id.</param>
    /// <param name="range">The first step begins where the range begins; a step that would end after the range is left out.</param>
    /// <param name="step">The length of a step, in whole seconds and at least one second.</param>
    public IEnumerable<(Instant StepEnd, StoredCurrentValue Value)> CurrentHistory(
        string meter, string signal, TimeRange range, Duration step)
    {
        var (seconds, end) = ((long)step.TotalSeconds, Seconds(range.To));
        for (var first = Seconds(range.From) + seconds; first <= end; first += PageSize * seconds)
        {
            var page = Query(
                SelectSteps, row => (ReadInstant(row, 4), ReadHistory(row)), ("@meter", meter), ("@signal", signal), ("@first", first),
                ("@step", seconds), ("@last", Math.Min(end, first + (PageSize - 1) * seconds)));
            foreach (var value in page)
                yield return value;
        }
    }

    /// <summary>The clock checks of a meter, by time.</summary>
    public IEnumerable<ClockReading> ClockChecks(string meter, TimeRange range) => Pages(
        $"""
        SELECT label, offset_ms, uncertainty_ms, read_at FROM clock_check
        WHERE {OfMeter} AND read_at > @after AND read_at <= @to ORDER BY read_at LIMIT @page
        """,
        row => new ClockReading(
            TimeTagB.Read(row.GetFieldValue<byte[]>(0)), Duration.FromMilliseconds(row.GetInt64(1)),
            Duration.FromMilliseconds(row.GetInt64(2)),
            ReadInstant(row, 3)),
        [("@meter", meter), ("@to", Seconds(range.To))], [("@after", Seconds(range.From))], last => [("@after", Seconds(last.ReadAt))]);

    /// <summary>The events of a meter, by time. An event whose label is not a date has the time at which it was first read.</summary>
    public IEnumerable<StoredEvent> Events(string meter, TimeRange range) => Pages(
        $"""
        SELECT {EventColumns} FROM event
        WHERE {OfMeter} AND coalesce(time_ms, 1000 * read_at) >= @after AND coalesce(time_ms, 1000 * read_at) <= @to
            AND ({EventOrder}) > (@after, @record, @spa, @spq, @spi, @label, @ordinal)
        ORDER BY {EventOrder} LIMIT @page
        """,
        row => new StoredEvent(
            row.GetByte(0),
            new MeterEvent(row.GetByte(1), row.GetByte(2), row.GetInt64(3) != 0, TimeTagB.Read(row.GetFieldValue<byte[]>(4))),
            row.IsDBNull(5) ? null : Instant.FromUnixTimeMilliseconds(row.GetInt64(5)), row.GetInt32(6), (uint)row.GetInt64(7),
            ReadInstant(row, 8)),
        [("@meter", meter), ("@to", range.To.ToUnixTimeMilliseconds())],
        // No record is above 255, so that this is behind every event of the instant that the range excludes.
        PlaceOf(range.From.ToUnixTimeMilliseconds(), 256, default, 0),
        last => PlaceOf((last.Time ?? last.ReadAt).ToUnixTimeMilliseconds(), last.Record, last.Event, last.Ordinal));

    /// <summary>The current tariff periods of a contract, by end and period.</summary>
    /// <param name="meter">The meter's id.</param>
    /// <param name="record">The record of the contract, 134 to 136.</param>
    public IReadOnlyList<StoredTariff> CurrentTariff(string meter, byte record) => Query(
        $"{SelectTariff} AND closed = 0 ORDER BY coalesce(end_utc, read_at), object", ReadTariff,
        ("@meter", meter), ("@record", record));

    /// <summary>The closed tariff periods of a contract whose end lies in the range, by end and period.</summary>
    public IEnumerable<StoredTariff> ClosedTariff(string meter, byte record, TimeRange range) => Pages(
        $"""
        {SelectTariff} AND closed = 1 AND coalesce(end_utc, read_at) <= @to
            AND (coalesce(end_utc, read_at), object, start_label, end_label) > (@after, @object, @start, @end)
        ORDER BY coalesce(end_utc, read_at), object, start_label, end_label LIMIT @page
        """,
        ReadTariff, [("@meter", meter), ("@record", record), ("@to", Seconds(range.To))],
        // No object is above 255, so that this is behind every period that ends at the instant that the range excludes.
        [("@after", Seconds(range.From)), ("@object", 256), ("@start", null), ("@end", null)],
        last => [
            ("@after", Seconds(last.Period.End ?? last.ReadAt)), ("@object", last.Period.Information.ObjectAddress),
            ("@start", LabelOctets.Of(last.Period.Information.From)), ("@end", LabelOctets.Of(last.Period.Information.To)),
        ]);

    /// <summary>The daily closings of a meter, by time.</summary>
    public IEnumerable<StoredInterval> Closings(string meter, TimeRange range) => Pages(
        $"""
        SELECT {LoadProfileColumns.NamesOfClosing} FROM closing
        WHERE {OfMeter} AND at_utc > @after AND at_utc <= @to ORDER BY at_utc LIMIT @page
        """,
        LoadProfileColumns.Read,
        [("@meter", meter), ("@to", Seconds(range.To))], [("@after", Seconds(range.From))], last => [("@after", Seconds(last.End))]);

    /// <summary>
    /// The newest answers about the settings of a meter, by type, record and part; only those of the device whose serial number is
    /// recorded.
    /// </summary>
    public IReadOnlyList<StoredConfiguration> Configuration(string meter) => Query(
        $"{StoredConfiguration.SelectNewest} ORDER BY type, record, part",
        StoredConfiguration.Read,
        ("@meter", meter), ("@serial", (long)(Meter(meter)?.Identification?.SerialNumber ?? 0)));

    /// <summary>Every answer about the settings of a meter that differed from the one before it, by time.</summary>
    public IEnumerable<StoredConfiguration> ConfigurationHistory(string meter) => Pages(
        $"""
        SELECT {StoredConfiguration.Columns} FROM meter_configuration c
        WHERE {OfMeter} AND (first_read_at, type, record, part) > (@after, @type, @record, @part)
        ORDER BY first_read_at, type, record, part LIMIT @page
        """,
        StoredConfiguration.Read, [("@meter", meter)], [("@after", long.MinValue), ("@type", 0), ("@record", 0), ("@part", 0)],
        last => [("@after", Seconds(last.FirstReadAt)), ("@type", (long)last.Type), ("@record", last.Record), ("@part", last.Part)]);

    /// <summary>Every attempt to set a meter's clock, by time.</summary>
    public IEnumerable<ClockWritten> ClockWrites(string meter, TimeRange range) => Pages(
        $"""
        SELECT ended_ms, offset_before_ms, written, outcome, error, serial_number FROM clock_write
        WHERE {OfMeter} AND ended_ms > @after AND ended_ms <= @to ORDER BY ended_ms LIMIT @page
        """,
        row => new ClockWritten(
            meter, (uint)row.GetInt64(5), Instant.FromUnixTimeMilliseconds(row.GetInt64(0)), Duration.FromMilliseconds(row.GetInt64(1)),
            TimeTagB.Read(row.GetFieldValue<byte[]>(2)), (ClockWriteOutcome)row.GetInt32(3), row.IsDBNull(4) ? null : row.GetString(4)),
        [("@meter", meter), ("@to", range.To.ToUnixTimeMilliseconds())], [("@after", range.From.ToUnixTimeMilliseconds())],
        last => [("@after", last.ReadAt.ToUnixTimeMilliseconds())]);

    /// <summary>The newest lines of the audit log in a range, the newest first.</summary>
    /// <param name="range">The range.</param>
    /// <param name="limit">The most lines.</param>
    /// <param name="ofFleetFile">Only what was changed in the fleet file, by whomever, or was not applied.</param>
    public IReadOnlyList<AuditEntry> Audit(TimeRange range, int limit, bool ofFleetFile = false) => Query(
        $"""
        SELECT {AuditColumns.Names} FROM audit WHERE at_us > @after AND at_us <= @to {(ofFleetFile ? AuditColumns.OfFleetFile : "")}
        ORDER BY at_us DESC, node DESC, who DESC, address DESC, action DESC LIMIT @limit
        """,
        AuditColumns.Read,
        ("@after", AuditColumns.Microseconds(range.From)), ("@to", AuditColumns.Microseconds(range.To)), ("@limit", limit));

    private static (string, object?)[] PlaceOf(long time, int record, MeterEvent behind, int ordinal) =>
    [
        ("@after", time), ("@record", record), ("@spa", behind.Spa), ("@spq", behind.Spq), ("@spi", behind.Spi ? 1L : 0L),
        ("@label", LabelOctets.Of(behind.Time)), ("@ordinal", ordinal),
    ];

    /// <summary>The rows of a statement, which are read in pages while they are enumerated.</summary>
    /// <param name="sql">Selects the rows behind a place, in order, at most @page of them.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="parameters">The parameters that stay the same.</param>
    /// <param name="begin">The place where the first page begins, as parameters.</param>
    /// <param name="behind">The place behind a row.</param>
    private IEnumerable<T> Pages<T>(
        string sql, Func<DbDataReader, T> read, (string, object?)[] parameters, (string, object?)[] begin,
        Func<T, (string, object?)[]> behind)
    {
        var place = begin;
        List<T> page;
        do
        {
            page = Query(sql, read, [.. parameters, .. place, ("@page", PageSize)]);
            foreach (var one in page)
                yield return one;
            if (page.Count > 0)
                place = behind(page[^1]);
        }
        while (page.Count == PageSize);
    }

    private List<T> Query<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var given = parameters.ToArray();
        return _database.Explain(() => _database.Read(connection => connection.Query(sql, read, given)));
    }

    private static StoredTariff ReadTariff(DbDataReader row) => new(
        row.GetByte(TariffColumns.Count), row.GetInt64(TariffColumns.Count + 1) != 0, TariffColumns.Read(row),
        (uint)row.GetInt64(TariffColumns.Count + 2), ReadInstant(row, TariffColumns.Count + 3));

    private static StoredCurrentValue ReadHistory(DbDataReader row) =>
        new(ReadInstant(row, 0), NullableDouble(row, 1), (ValueQuality)row.GetInt32(2), NullableInstant(row, 3));

    private static StoredMeter ReadMeter(DbDataReader row) => new(
        row.GetString(0), NullableText(row, 1), ReadIdentification(row), NullableInstant(row, 5),
        row.IsDBNull(6) ? null : (SummerTimeHabit)row.GetInt32(6))
    {
        Labels = new MeterLabels
        {
            Name = NullableText(row, 7),
            Site = NullableText(row, 8),
            Group = NullableText(row, 9),
            Tags = [.. NullableText(row, 10)?.Split(' ') ?? []],
            Cups = NullableText(row, 11),
            MeterNumber = NullableText(row, 12),
        },
    };

    private static DeviceIdentification? ReadIdentification(DbDataReader row) => row.IsDBNull(3)
        ? null
        : new DeviceIdentification(row.GetInt32(4) / 100, row.GetInt32(4) % 100, row.GetByte(2), (uint)row.GetInt64(3));

    private static StoredCurve? ReadCurve(DbDataReader row) =>
        row.IsDBNull(14) ? null : new StoredCurve(ReadMeter(row), (Curve)row.GetInt32(13), ReadInstant(row, 14), ReadInstant(row, 15));

    private static string? NullableText(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static double? NullableDouble(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    private static Instant? NullableInstant(DbDataReader row, int column) => row.IsDBNull(column) ? null : ReadInstant(row, column);

    private static Instant ReadInstant(DbDataReader row, int column) => Instant.FromUnixTimeSeconds(row.GetInt64(column));

    private static long Seconds(Instant instant) => instant.ToUnixTimeSeconds();
}
