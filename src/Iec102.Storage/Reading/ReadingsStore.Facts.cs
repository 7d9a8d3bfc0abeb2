using Iec102.Acquisition;
using Iec102.Acquisition.Readings;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Storage;

/// <content>What meters tell beside curves and current values.</content>
public sealed partial class ReadingsStore
{
    /// <summary>The events of a meter, by time; one whose label is no date counts as of when it was read first.</summary>
    public IReadOnlyList<StoredEvent> Events(string meter, TimeRange range) => Query(
        $"""
        SELECT record, spa, spq, spi, label, time_ms, ordinal, serial_number, read_at FROM event
        WHERE {OfMeter} AND coalesce(time_ms, 1000 * read_at) > @from AND coalesce(time_ms, 1000 * read_at) <= @to
        ORDER BY coalesce(time_ms, 1000 * read_at), record, spa, spq, spi, label, ordinal
        """,
        row => new StoredEvent(
            row.GetByte(0), new MeterEvent(row.GetByte(1), row.GetByte(2), row.GetBoolean(3), TimeTagB.Read(row.GetFieldValue<byte[]>(4))),
            row.IsDBNull(5) ? null : Instant.FromUnixTimeMilliseconds(row.GetInt64(5)), row.GetInt32(6), (uint)row.GetInt64(7), ReadInstant(row, 8)),
        ("@meter", meter), ("@from", range.From.ToUnixTimeMilliseconds()), ("@to", range.To.ToUnixTimeMilliseconds()));

    /// <summary>The current tariff periods of a meter, and the closed ones whose end lies in the range, by contract, end and period.</summary>
    public IReadOnlyList<StoredTariff> Tariff(string meter, TimeRange closed) => Query(
        $"""
        SELECT {TariffColumns.Names}, record, closed, serial_number, read_at FROM tariff
        WHERE {OfMeter} AND (closed = 0 OR coalesce(end_utc, read_at) > @from AND coalesce(end_utc, read_at) <= @to)
        ORDER BY record, closed, coalesce(end_utc, read_at), object
        """,
        row => new StoredTariff(
            row.GetByte(TariffColumns.Count), row.GetBoolean(TariffColumns.Count + 1), TariffColumns.Read(row), (uint)row.GetInt64(TariffColumns.Count + 2),
            ReadInstant(row, TariffColumns.Count + 3)),
        ("@meter", meter), ("@from", Seconds(closed.From)), ("@to", Seconds(closed.To)));

    /// <summary>The daily closings of a meter, by time.</summary>
    public IReadOnlyList<StoredInterval> Closings(string meter, TimeRange range) => Query(
        $"SELECT {LoadProfileColumns.NamesOfClosing} FROM closing WHERE {OfMeter} AND at_utc > @from AND at_utc <= @to ORDER BY at_utc",
        LoadProfileColumns.Read,
        ("@meter", meter), ("@from", Seconds(range.From)), ("@to", Seconds(range.To)));

    /// <summary>The newest answers that tell how a meter is set up, given by the meter whose serial number is recorded, by type, record and part.</summary>
    public IReadOnlyList<StoredConfiguration> Configuration(string meter) => Query(
        $"{StoredConfiguration.SelectNewest} ORDER BY type, record, part",
        StoredConfiguration.Read,
        ("@meter", meter), ("@serial", (long)(Meter(meter)?.Identification?.SerialNumber ?? 0)));

    /// <summary>Every answer that was different from the one before it, by time.</summary>
    public IReadOnlyList<StoredConfiguration> ConfigurationHistory(string meter) => Query(
        $"SELECT {StoredConfiguration.Columns} FROM meter_configuration c WHERE {OfMeter} ORDER BY first_read_at, type, record, part",
        StoredConfiguration.Read,
        ("@meter", meter));

    /// <summary>Every attempt to set a meter's clock, by time.</summary>
    public IReadOnlyList<ClockWritten> ClockWrites(string meter, TimeRange range) => Query(
        $"""
        SELECT ended_ms, offset_before_ms, written, outcome, error, serial_number FROM clock_write
        WHERE {OfMeter} AND ended_ms > @from AND ended_ms <= @to ORDER BY ended_ms
        """,
        row => new ClockWritten(
            meter, (uint)row.GetInt64(5), Instant.FromUnixTimeMilliseconds(row.GetInt64(0)), Duration.FromMilliseconds(row.GetInt64(1)),
            TimeTagB.Read(row.GetFieldValue<byte[]>(2)), (ClockWriteOutcome)row.GetInt32(3), row.IsDBNull(4) ? null : row.GetString(4)),
        ("@meter", meter), ("@from", range.From.ToUnixTimeMilliseconds()), ("@to", range.To.ToUnixTimeMilliseconds()));
}
