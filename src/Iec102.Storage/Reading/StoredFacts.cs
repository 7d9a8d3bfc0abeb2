using System.Data.Common;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Storage.Reading;

/// <summary>An event of a meter.</summary>
/// <param name="Record">The record it was read from.</param>
/// <param name="Event">The event as on the wire.</param>
/// <param name="Time">The instant of its label; null when the label is not a date.</param>
/// <param name="Ordinal">Its number, from 0, among equal events of one answer.</param>
/// <param name="SerialNumber">The meter that reported it.</param>
/// <param name="ReadAt">When it was first read.</param>
public sealed record StoredEvent(byte Record, MeterEvent Event, Instant? Time, int Ordinal, uint SerialNumber, Instant ReadAt)
{
    /// <summary>The events of one answer.</summary>
    public static IEnumerable<StoredEvent> Of(EventsRead read) =>
        read.Events.Select(one => new StoredEvent(read.Record, one.Event, one.Time, one.Ordinal, read.SerialNumber, read.ReadAt));
}

/// <summary>A tariff period of a contract.</summary>
/// <param name="Record">The record: 134, 135 and 136 are contracts I, II and III.</param>
/// <param name="IsClosed">False for the current billing period.</param>
/// <param name="Period">What the meter sent.</param>
/// <param name="SerialNumber">The meter that sent it.</param>
/// <param name="ReadAt">When these values were first read; for the current period, when they were last read.</param>
public sealed record StoredTariff(byte Record, bool IsClosed, TariffPeriodRead Period, uint SerialNumber, Instant ReadAt)
{
    /// <summary>The periods of one answer.</summary>
    public static IEnumerable<StoredTariff> Of(TariffRead read) =>
        read.Periods.Select(period => new StoredTariff(read.Record, read.IsClosed, period, read.SerialNumber, read.ReadAt));
}

/// <summary>An answer about the settings of a meter, and the time during which it stayed the same.</summary>
/// <param name="Type">The type identification: 129, 131, 142, 145, 148, 151 or 157.</param>
/// <param name="Record">The record that was requested.</param>
/// <param name="Part">The first object of the part for types 151 and 157, which are read in parts; otherwise 0.</param>
/// <param name="FirstReadAt">When it was first read.</param>
/// <param name="LastReadAt">When it was last read.</param>
/// <param name="SerialNumber">The meter that sent it.</param>
/// <param name="Asdu">The answer as it was last read, with its header; secrets are set to zero.</param>
public sealed record StoredConfiguration(
    TypeIdentification Type, byte Record, byte Part, Instant FirstReadAt, Instant LastReadAt, uint SerialNumber, byte[] Asdu)
{
    internal const string Columns = "type, record, part, first_read_at, last_read_at, c.serial_number, asdu";

    /// <summary>Selects the newest answer of each type, record and part from the meter with the given serial number.</summary>
    internal const string SelectNewest = $"""
        SELECT {Columns} FROM meter_configuration c JOIN meter m ON m.key = c.meter
        WHERE id = @meter AND c.serial_number = @serial AND first_read_at = (
            SELECT max(first_read_at) FROM meter_configuration n
            WHERE n.meter = c.meter AND n.type = c.type AND n.record = c.record AND n.part = c.part AND n.serial_number = c.serial_number)
        """;

    /// <summary>Makes the record of an answer that was read just now.</summary>
    public static StoredConfiguration Of(ConfigurationRead read)
    {
        var header = AsduHeader.Read(read.Asdu);
        var inParts = header.Type is TypeIdentification.ContractObjects or TypeIdentification.FurtherConfiguration
            && read.Asdu.Length > AsduHeader.Length;
        return new StoredConfiguration(
            header.Type, header.RecordAddress, inParts ? read.Asdu[AsduHeader.Length] : (byte)0, read.ReadAt, read.ReadAt,
            read.SerialNumber, read.Asdu);
    }

    internal static StoredConfiguration Read(DbDataReader row) => new(
        (TypeIdentification)row.GetByte(0), row.GetByte(1), row.GetByte(2), Instant.FromUnixTimeSeconds(row.GetInt64(3)),
        Instant.FromUnixTimeSeconds(row.GetInt64(4)), (uint)row.GetInt64(5), row.GetFieldValue<byte[]>(6));

    /// <summary>
    /// Whether two answers differ only in the times of reading and in the tariff period in force, which is not a setting.
    /// </summary>
    internal bool SaysTheSameAs(StoredConfiguration other) => Lasting().SequenceEqual(other.Lasting());

    private ReadOnlySpan<byte> Lasting()
    {
        if (!Protocol.Application.Asdu.TryRead(Asdu, out var asdu))
            return Asdu;
        if (ContractedPower.TryReadAll(asdu, out _, out _))
            return Asdu.AsSpan(..^TimeTagA.Length);
        if (!ContractObjects.TryRead(asdu, out var objects))
            return Asdu;
        var lasting = new byte[Asdu.Length];
        var untimed = objects.Seasons is { } seasons ? seasons with { Time = default } : (SeasonTable?)null;
        var written = (objects with { Seasons = untimed, CurrentPeriods = null }).Write(lasting, asdu.Header);
        return lasting.AsSpan(..written);
    }
}
