using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Meters;
using Iec102.Protocol.Time;
using Iec102.Storage.Sql;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>
/// Stores what is known of the meters themselves: identity, labels, summer time habit, time zone, clock checks and current values.
/// </summary>
internal sealed class MeterTables(StatementCache statements)
{
    /// <summary>The number that stands for a meter in the other tables; a new meter gets one here.</summary>
    public long KeyOf(string meter) =>
        statements.Prepared("SELECT key FROM meter WHERE id = @id", ("@id", meter)).ExecuteScalar() as long?
        ?? (long)statements.Prepared("INSERT INTO meter (id) VALUES (@id) RETURNING key", ("@id", meter)).ExecuteScalar()!;

    public void Store(StoreIdentity message) => statements.Execute(
        "UPDATE meter SET serial_number = @serial, manufacturer = @manufacturer, standard = @standard, read_at = @read WHERE key = @meter",
        ("@meter", KeyOf(message.Meter)),
        ("@serial", (long)message.Identification.SerialNumber),
        ("@manufacturer", (long)message.Identification.Manufacturer),
        ("@standard", message.Identification.StandardYear * 100L + message.Identification.StandardMonth),
        ("@read", message.ReadAt.ToUnixTimeSeconds()));

    public void Store(StoreHabit message) =>
        statements.Execute(
            "UPDATE meter SET summer_time = @habit WHERE key = @meter", ("@meter", KeyOf(message.Meter)), ("@habit", (long)message.Habit));

    public void Store(StoreMeterZone message) =>
        statements.Execute(
            "UPDATE meter SET time_zone = @zone WHERE key = @meter", ("@meter", KeyOf(message.Meter)), ("@zone", message.ZoneId));

    public void Store(StoreMeterLabels message)
    {
        var labels = message.Labels;
        statements.Execute(
            """
            UPDATE meter SET name = @name, site = @site, group_name = @group, tags = @tags, cups = @cups, meter_number = @number
            WHERE key = @meter
            """,
            ("@meter", KeyOf(message.Meter)), ("@name", labels.Name), ("@site", labels.Site), ("@group", labels.Group),
            ("@tags", labels.Tags.Count == 0 ? null : string.Join(' ', labels.Tags)), ("@cups", labels.Cups),
            ("@number", labels.MeterNumber));
    }

    public void Store(StoreClockCheck message)
    {
        var label = new byte[TimeTagB.Length];
        message.Reading.Tag.Write(label);
        statements.Execute(
            """
            INSERT INTO clock_check (meter, read_at, label, offset_ms, uncertainty_ms)
            VALUES (@meter, @read, @label, @offset, @uncertainty)
            ON CONFLICT (meter, read_at) DO UPDATE SET
                label = excluded.label, offset_ms = excluded.offset_ms, uncertainty_ms = excluded.uncertainty_ms
            """,
            ("@meter", KeyOf(message.Meter)),
            ("@read", message.Reading.ReadAt.ToUnixTimeSeconds()),
            ("@label", label),
            ("@offset", Milliseconds(message.Reading.Offset)),
            ("@uncertainty", Milliseconds(message.Reading.Uncertainty)));
    }

    public void Store(string meter, CurrentValue value, bool keepHistory)
    {
        var key = KeyOf(meter);
        ReadOnlySpan<(string, object?)> parameters =
        [
            ("@meter", key), ("@signal", value.Id), ("@value", value.Value), ("@quality", (long)value.Quality),
            ("@time", value.MeterTime?.ToUnixTimeSeconds()), ("@read", value.ReadAt.ToUnixTimeSeconds()),
        ];
        statements.Execute(
            """
            INSERT INTO current_value (meter, signal, value, unit, quality, meter_time, read_at, primary_value)
            VALUES (@meter, @signal, @value, @unit, @quality, @time, @read, @primary)
            ON CONFLICT (meter, signal) DO UPDATE SET value = excluded.value, unit = excluded.unit, quality = excluded.quality,
                meter_time = excluded.meter_time, read_at = excluded.read_at, primary_value = excluded.primary_value
            """,
            [.. parameters, ("@unit", value.Unit), ("@primary", value.PrimaryValue)]);
        if (keepHistory)
        {
            statements.Execute(
                """
                INSERT INTO current_history (meter, signal, read_at, value, quality, meter_time)
                VALUES (@meter, @signal, @read, @value, @quality, @time)
                ON CONFLICT (meter, signal, read_at) DO UPDATE SET
                    value = excluded.value, quality = excluded.quality, meter_time = excluded.meter_time
                """,
                parameters);
        }
    }

    /// <summary>The serial number and the summer time habit that are recorded for a meter.</summary>
    public (uint? SerialNumber, SummerTimeHabit? Habit) Identity(string meter)
    {
        using var row = statements.Prepared("SELECT serial_number, summer_time FROM meter WHERE id = @id", ("@id", meter)).ExecuteReader();
        return row.Read()
            ? (row.IsDBNull(0) ? null : (uint)row.GetInt64(0), row.IsDBNull(1) ? null : (SummerTimeHabit)row.GetInt32(1))
            : (null, null);
    }

    private static long Milliseconds(Duration duration) => (long)Math.Round(duration.TotalMilliseconds);
}
