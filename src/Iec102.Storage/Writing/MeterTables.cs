using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Meters;
using Iec102.Protocol.Time;
using Iec102.Storage.Databases;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>
/// Stores what is known of the meters themselves: identity, labels, summer time habit, time zone, clock checks and current values.
/// </summary>
internal sealed class MeterTables(WritingSession session)
{
    private readonly Dictionary<string, long> _keys = new(StringComparer.Ordinal);

    private readonly string _setIdentity =
        $"""
        UPDATE meter SET serial_number = @serial, manufacturer = @manufacturer, standard = @standard, read_at = @read
        WHERE key = @meter {(session.MayBeStale ? "AND (read_at IS NULL OR read_at <= @read)" : "")}
        """;

    private readonly string _setValue =
        $"""
        INSERT INTO current_value (meter, signal, value, unit, quality, meter_time, read_at, primary_value)
        VALUES (@meter, @signal, @value, @unit, @quality, @time, @read, @primary)
        ON CONFLICT (meter, signal) DO UPDATE SET value = excluded.value, unit = excluded.unit, quality = excluded.quality,
            meter_time = excluded.meter_time, read_at = excluded.read_at, primary_value = excluded.primary_value
        {(session.MayBeStale ? "WHERE current_value.read_at <= excluded.read_at" : "")}
        """;

    /// <summary>
    /// The numbers that stand for meters in the other tables; a new meter gets one here. They never change, so each is looked up once.
    /// </summary>
    public IReadOnlyDictionary<string, long> Keys(IEnumerable<string> meters)
    {
        var unknown = meters.Where(meter => !_keys.ContainsKey(meter)).Distinct().Order(StringComparer.Ordinal).ToList();
        foreach (var meter in unknown)
            session.Execute("INSERT INTO meter (id) VALUES (@id) ON CONFLICT (id) DO NOTHING", ("@id", meter));
        var found = session.Query(
            "SELECT key FROM meter WHERE id = @id", unknown.Select(meter => ((string, object?)[])[("@id", meter)]), row => row.GetInt64(0));
        foreach (var (meter, key) in unknown.Zip(found))
            _keys.Add(meter, key.Single());
        return _keys;
    }

    /// <summary>Stores everything that a batch has about one meter, except its intervals and facts.</summary>
    public void Store(string meter, WriteBatch batch, IEnumerable<(CurrentValue Value, bool KeepHistory)> values)
    {
        var key = _keys[meter];
        if (batch.Zones.TryGetValue(meter, out var zone))
            session.Execute("UPDATE meter SET time_zone = @zone WHERE key = @meter", ("@meter", key), ("@zone", zone.ZoneId));
        if (batch.Labels.TryGetValue(meter, out var labels))
            Store(key, labels);
        if (batch.Identities.TryGetValue(meter, out var identity))
            Store(key, identity);
        if (batch.Habits.TryGetValue(meter, out var habit))
            session.Execute("UPDATE meter SET summer_time = @habit WHERE key = @meter", ("@meter", key), ("@habit", (long)habit.Habit));
        if (batch.ClockChecks.TryGetValue(meter, out var check))
            Store(key, check);
        foreach (var (value, keepHistory) in values)
            Store(key, value, keepHistory);
    }

    /// <summary>The serial number and the summer time habit that are recorded for each of some meters.</summary>
    public IEnumerable<(uint? SerialNumber, SummerTimeHabit? Habit)> Identities(IEnumerable<string> meters) => session.Query(
            "SELECT serial_number, summer_time FROM meter WHERE id = @id", meters.Select(meter => ((string, object?)[])[("@id", meter)]),
            row => (
                row.IsDBNull(0) ? null : (uint?)row.GetInt64(0), row.IsDBNull(1) ? null : (SummerTimeHabit?)row.GetInt32(1)))
        .Select(found => found.SingleOrDefault());

    private void Store(long key, StoreIdentity message) => session.Execute(
        _setIdentity,
        ("@meter", key),
        ("@serial", (long)message.Identification.SerialNumber),
        ("@manufacturer", (long)message.Identification.Manufacturer),
        ("@standard", message.Identification.StandardYear * 100L + message.Identification.StandardMonth),
        ("@read", message.ReadAt.ToUnixTimeSeconds()));

    private void Store(long key, StoreMeterLabels message)
    {
        var labels = message.Labels;
        session.Execute(
            """
            UPDATE meter SET name = @name, site = @site, group_name = @group, tags = @tags, cups = @cups, meter_number = @number
            WHERE key = @meter
            """,
            ("@meter", key), ("@name", labels.Name), ("@site", labels.Site), ("@group", labels.Group),
            ("@tags", labels.Tags.Count == 0 ? null : string.Join(' ', labels.Tags)), ("@cups", labels.Cups),
            ("@number", labels.MeterNumber));
    }

    private void Store(long key, StoreClockCheck message) => session.Execute(
        """
        INSERT INTO clock_check (meter, read_at, label, offset_ms, uncertainty_ms)
        VALUES (@meter, @read, @label, @offset, @uncertainty)
        ON CONFLICT (meter, read_at) DO UPDATE SET
            label = excluded.label, offset_ms = excluded.offset_ms, uncertainty_ms = excluded.uncertainty_ms
        """,
        ("@meter", key),
        ("@read", message.Reading.ReadAt.ToUnixTimeSeconds()),
        ("@label", LabelOctets.Of(message.Reading.Tag)),
        ("@offset", Milliseconds(message.Reading.Offset)),
        ("@uncertainty", Milliseconds(message.Reading.Uncertainty)));

    private void Store(long key, CurrentValue value, bool keepHistory)
    {
        ReadOnlySpan<(string, object?)> parameters =
        [
            ("@meter", key), ("@signal", value.Id), ("@value", value.Value), ("@quality", (long)value.Quality),
            ("@time", value.MeterTime?.ToUnixTimeSeconds()), ("@read", value.ReadAt.ToUnixTimeSeconds()),
        ];
        session.Execute(_setValue, [.. parameters, ("@unit", value.Unit), ("@primary", value.PrimaryValue)]);
        if (keepHistory)
        {
            session.Execute(
                """
                INSERT INTO current_history (meter, signal, read_at, value, quality, meter_time)
                VALUES (@meter, @signal, @read, @value, @quality, @time)
                ON CONFLICT (meter, signal, read_at) DO UPDATE SET
                    value = excluded.value, quality = excluded.quality, meter_time = excluded.meter_time
                """,
                parameters);
        }
    }

    private static long Milliseconds(Duration duration) => (long)Math.Round(duration.TotalMilliseconds);
}
