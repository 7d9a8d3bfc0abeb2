using System.Buffers.Binary;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// A request of the master: the ASDU to send and the pattern of its answer. The static methods make each request of the REE profile whose
/// layout is known (protocol notes 4.2 to 4.10).
/// </summary>
public sealed class Request
{
    private readonly byte[] _asdu;

    private Request(byte[] asdu, Conversation conversation)
    {
        _asdu = asdu;
        Header = AsduHeader.Read(asdu);
        Pattern = conversation.Pattern;
        AnswerType = conversation.AnswerType;
    }

    /// <summary>The header of the ASDU.</summary>
    public AsduHeader Header { get; }

    /// <summary>The whole ASDU.</summary>
    public ReadOnlySpan<byte> Asdu => _asdu;

    /// <summary>The pattern of the answer.</summary>
    public ConversationPattern Pattern { get; }

    /// <summary>The type of the frames that bring the data.</summary>
    public TypeIdentification AnswerType { get; }

    /// <summary>Whether an ASDU brings data of this request: the type of its answer, its point and its record.</summary>
    public bool IsAnsweredBy(AsduHeader answer) =>
        answer.Type == AnswerType && answer.PointAddress == Header.PointAddress && answer.RecordAddress == Header.RecordAddress
            && !answer.IsTest;

    /// <summary>Makes a request from octets; null when they are not an ASDU or the conversation of its type is not known.</summary>
    public static Request? FromAsdu(ReadOnlySpan<byte> asdu) =>
        asdu.Length is >= AsduHeader.Length and <= Application.Asdu.MaxLength
            && Conversation.Of((TypeIdentification)asdu[0]) is { } conversation
            ? new Request(asdu.ToArray(), conversation)
            : null;

    /// <summary>
    /// Makes a request that is passed on unchanged for another master, even when the conversation of its type is not known
    /// (<see cref="ConversationPattern.Unknown"/>).
    /// </summary>
    public static Request Unchanged(in Asdu asdu) => new(
        asdu.Octets.ToArray(), Conversation.Of(asdu.Header.Type) ?? new Conversation(ConversationPattern.Unknown, asdu.Header.Type));

    /// <summary>183: begins a session. Data: 0-3 access key.</summary>
    public static Request Login(ushort point, uint key)
    {
        Span<byte> data = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(data, key);
        return Make(TypeIdentification.Login, 1, CauseOfTransmission.Activation, point, RecordAddress.Default, data);
    }

    /// <summary>187: ends the session. No data, N = 0.</summary>
    public static Request EndSession(ushort point) =>
        Make(TypeIdentification.EndSession, 0, CauseOfTransmission.Activation, point, RecordAddress.Default, []);

    /// <summary>100: reads the device identification. No data, N = 0.</summary>
    public static Request ReadDeviceIdentification(ushort point) =>
        Make(TypeIdentification.ReadDeviceIdentification, 0, CauseOfTransmission.Request, point, RecordAddress.Default, []);

    /// <summary>103: reads the clock. No data, N = 0.</summary>
    public static Request ReadCurrentTime(ushort point) =>
        Make(TypeIdentification.ReadCurrentTime, 0, CauseOfTransmission.Request, point, RecordAddress.Default, []);

    /// <summary>122: reads absolute totals. Data: 0 first object, 1 last object, 2-6 from, 7-11 to.</summary>
    public static Request ReadIntegratedTotals(ushort point, byte record, byte firstObject, byte lastObject, TimeTagA from, TimeTagA to) =>
        ReadTotals(TypeIdentification.ReadIntegratedTotals, point, record, firstObject, lastObject, from, to);

    /// <summary>123: reads increments. Data: 0 first object, 1 last object, 2-6 from, 7-11 to.</summary>
    public static Request ReadIncrementalTotals(ushort point, byte record, byte firstObject, byte lastObject, TimeTagA from, TimeTagA to) =>
        ReadTotals(TypeIdentification.ReadIncrementalTotals, point, record, firstObject, lastObject, from, to);

    /// <summary>189: reads absolute totals in blocks. Data: 0 block object (9, 10, 11), 1-5 from, 6-10 to.</summary>
    public static Request ReadIntegratedTotalBlocks(ushort point, byte record, byte blockObject, TimeTagA from, TimeTagA to) =>
        ReadBlocks(TypeIdentification.ReadIntegratedTotalBlocks, point, record, blockObject, from, to);

    /// <summary>190: reads increments in blocks. Data: 0 block object (9, 10, 11), 1-5 from, 6-10 to.</summary>
    public static Request ReadIncrementalTotalBlocks(ushort point, byte record, byte blockObject, TimeTagA from, TimeTagA to) =>
        ReadBlocks(TypeIdentification.ReadIncrementalTotalBlocks, point, record, blockObject, from, to);

    /// <summary>162: reads instantaneous values. Data: one octet for each requested object (192, 193, 194), N = their number.</summary>
    public static Request ReadInstantaneousValues(ushort point, ReadOnlySpan<byte> objects) =>
        Make(
            TypeIdentification.ReadInstantaneousValues, (byte)objects.Length, CauseOfTransmission.Request,
            point, RecordAddress.Default, objects);

    /// <summary>181: sets the clock. Data: 0-6 time tag type b.</summary>
    public static Request SetClock(ushort point, TimeTagB time)
    {
        Span<byte> data = stackalloc byte[TimeTagB.Length];
        time.Write(data);
        return Make(TypeIdentification.SetClock, 1, CauseOfTransmission.Activation, point, RecordAddress.Default, data);
    }

    /// <summary>102: reads the events of a record. Data: 0-4 from, 5-9 to; N = 0.</summary>
    public static Request ReadEventsInRange(ushort point, byte record, TimeTagA from, TimeTagA to) =>
        ReadRange(TypeIdentification.ReadEventsInRange, 0, point, record, from, to);

    /// <summary>133: reads the current tariff information of a contract (record 134 to 136). No data, N = 0.</summary>
    public static Request ReadCurrentTariff(ushort point, byte record) =>
        Make(TypeIdentification.ReadCurrentTariff, 0, CauseOfTransmission.Activation, point, record, []);

    /// <summary>134: reads the stored tariff information of a contract (record 134 to 136). Data: 0-4 from, 5-9 to; N = 1.</summary>
    public static Request ReadStoredTariff(ushort point, byte record, TimeTagA from, TimeTagA to) =>
        ReadRange(TypeIdentification.ReadStoredTariff, 1, point, record, from, to);

    /// <summary>141: reads the registrar's configuration. No data, N = 0.</summary>
    public static Request ReadConfiguration(ushort point) =>
        Make(TypeIdentification.ReadConfiguration, 0, CauseOfTransmission.Request, point, RecordAddress.Default, []);

    /// <summary>144: reads the contracted powers of a contract (record 134 to 136, latent 137 to 139). No data, N = 0.</summary>
    public static Request ReadContractedPowers(ushort point, byte record) =>
        Make(TypeIdentification.ReadContractedPowers, 0, CauseOfTransmission.Request, point, record, []);

    /// <summary>147: reads the holidays of a contract. No data, N = 0.</summary>
    public static Request ReadHolidays(ushort point, byte record) =>
        Make(TypeIdentification.ReadHolidays, 0, CauseOfTransmission.Request, point, record, []);

    /// <summary>150: reads contract objects (record 134 to 139). Data: one octet for each requested object, N = their number.</summary>
    public static Request ReadContractObjects(ushort point, byte record, ReadOnlySpan<byte> objects) =>
        Make(TypeIdentification.ReadContractObjects, (byte)objects.Length, CauseOfTransmission.Request, point, record, objects);

    /// <summary>156: reads further configuration. Data: one octet for each requested object (192 to 201), N = their number.</summary>
    public static Request ReadFurtherConfiguration(ushort point, ReadOnlySpan<byte> objects) =>
        Make(
            TypeIdentification.ReadFurtherConfiguration, (byte)objects.Length, CauseOfTransmission.Request,
            point, RecordAddress.Default, objects);

    /// <summary>182: reads the parameters of the measurement point. No data, N = 0.</summary>
    public static Request ReadPointParameters(ushort point) =>
        Make(TypeIdentification.ReadPointParameters, 0, CauseOfTransmission.Request, point, RecordAddress.Default, []);

    /// <summary>185: reads the dates of the official clock changes. No data, N = 0.</summary>
    public static Request ReadClockChangeDates(ushort point) =>
        Make(TypeIdentification.ReadClockChangeDates, 0, CauseOfTransmission.Request, point, RecordAddress.Default, []);

    /// <summary>Type and addresses, but never the data, which may be an access key.</summary>
    public override string ToString() => $"{(byte)Header.Type} point {Header.PointAddress} record {Header.RecordAddress}";

    private static Request ReadTotals(
        TypeIdentification type, ushort point, byte record, byte firstObject, byte lastObject, TimeTagA from, TimeTagA to)
    {
        Span<byte> data = stackalloc byte[2 + 2 * TimeTagA.Length];
        data[0] = firstObject;
        data[1] = lastObject;
        from.Write(data[2..]);
        to.Write(data[7..]);
        return Make(type, 1, CauseOfTransmission.Activation, point, record, data);
    }

    private static Request ReadBlocks(TypeIdentification type, ushort point, byte record, byte blockObject, TimeTagA from, TimeTagA to)
    {
        Span<byte> data = stackalloc byte[1 + 2 * TimeTagA.Length];
        data[0] = blockObject;
        from.Write(data[1..]);
        to.Write(data[6..]);
        return Make(type, 1, CauseOfTransmission.Activation, point, record, data);
    }

    private static Request ReadRange(TypeIdentification type, byte count, ushort point, byte record, TimeTagA from, TimeTagA to)
    {
        Span<byte> data = stackalloc byte[2 * TimeTagA.Length];
        from.Write(data);
        to.Write(data[TimeTagA.Length..]);
        return Make(type, count, CauseOfTransmission.Activation, point, record, data);
    }

    private static Request Make(
        TypeIdentification type, byte count, CauseOfTransmission cause, ushort point, byte record, ReadOnlySpan<byte> data)
    {
        var asdu = new byte[AsduHeader.Length + data.Length];
        new AsduHeader(type, count, cause, point, record).Write(asdu);
        data.CopyTo(asdu.AsSpan(AsduHeader.Length));
        return new Request(asdu, Conversation.Of(type)!.Value);
    }
}
