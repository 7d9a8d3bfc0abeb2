using System.Buffers.Binary;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// An energy in tariff information, 9 octets: 0 absolute u32, 4 increment of the period u32, 8 quality (protocol notes 4.7).
/// </summary>
/// <param name="Absolute">Reading at the end of the period, kWh or kvarh.</param>
/// <param name="Increment">Energy of the period, kWh or kvarh.</param>
/// <param name="Quality">Quality.</param>
public readonly record struct TariffEnergy(uint Absolute, uint Increment, Quality Quality = Quality.None)
{
    internal const int Length = 9;

    internal static TariffEnergy Read(ReadOnlySpan<byte> octets) =>
        new(BinaryPrimitives.ReadUInt32LittleEndian(octets), BinaryPrimitives.ReadUInt32LittleEndian(octets[4..]), (Quality)octets[8]);

    internal void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Absolute);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Increment);
        destination[8] = (byte)Quality;
    }
}

/// <summary>A value in tariff information, 5 octets: 0 value u32, 4 quality (protocol notes 4.7).</summary>
/// <param name="Value">The value.</param>
/// <param name="Quality">Quality.</param>
public readonly record struct TariffValue(uint Value, Quality Quality = Quality.None)
{
    internal const int Length = 5;

    internal static TariffValue Read(ReadOnlySpan<byte> octets) => new(BinaryPrimitives.ReadUInt32LittleEndian(octets), (Quality)octets[4]);

    internal void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Value);
        destination[4] = (byte)Quality;
    }
}

/// <summary>A maximum demand, 10 octets: 0 value u32, 4 time tag type a, 9 quality (protocol notes 4.7).</summary>
/// <param name="Kilowatts">The maximum, kW.</param>
/// <param name="Time">When it was reached.</param>
/// <param name="Quality">Quality.</param>
public readonly record struct TariffMaximum(uint Kilowatts, TimeTagA Time, Quality Quality = Quality.None)
{
    internal const int Length = 10;

    internal static TariffMaximum Read(ReadOnlySpan<byte> octets) =>
        new(BinaryPrimitives.ReadUInt32LittleEndian(octets), TimeTagA.Read(octets[4..]), (Quality)octets[9]);

    internal void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Kilowatts);
        Time.Write(destination[4..]);
        destination[9] = (byte)Quality;
    }
}

/// <summary>
/// Tariff information of a contract for one tariff period, 63 octets in types 135 (current) and 136 (stored) (protocol notes 4.7). The
/// record address names the contract: 134, 135, 136.
/// </summary>
/// <param name="ObjectAddress">0: 20 for the total of all periods, 21 to 29 for periods 1 to 9.</param>
/// <param name="Active">1: active energy, kWh.</param>
/// <param name="Inductive">10: inductive reactive energy, kvarh.</param>
/// <param name="Capacitive">19: capacitive reactive energy, kvarh.</param>
/// <param name="Reserve7">28: reserve.</param>
/// <param name="Reserve8">33: reserve.</param>
/// <param name="MaximumDemand">38: maximum demand.</param>
/// <param name="Excess">48: excess over the contracted power, kW or a figure computed from it.</param>
/// <param name="From">53: beginning of the billing period.</param>
/// <param name="To">58: end of the billing period.</param>
public readonly record struct TariffInformation(
    byte ObjectAddress, TariffEnergy Active, TariffEnergy Inductive, TariffEnergy Capacitive, TariffValue Reserve7, TariffValue Reserve8,
    TariffMaximum MaximumDemand, TariffValue Excess, TimeTagA From, TimeTagA To)
{
    internal const int Length = 63;

    /// <summary>The most objects that fit in a frame, 3.</summary>
    public static int MaxPerFrame => (Asdu.MaxLength - AsduHeader.Length) / Length;

    /// <summary>
    /// Reads the N objects of an ASDU of type 135 or 136; false when it is of another type or does not have exactly 63 octets of data for
    /// each.
    /// </summary>
    public static bool TryReadAll(in Asdu asdu, out TariffInformation[] objects)
    {
        objects = [];
        var data = asdu.Data;
        if (asdu.Header.Type is not (TypeIdentification.CurrentTariff or TypeIdentification.StoredTariff)
            || data.Length != Length * asdu.Header.Count)
            return false;
        objects = new TariffInformation[asdu.Header.Count];
        for (var i = 0; i < objects.Length; i++)
            objects[i] = Read(data[(Length * i)..]);
        return true;
    }

    /// <summary>Writes an ASDU of type 135 or 136; sets N. Returns its length.</summary>
    /// <exception cref="ArgumentException">The header has another type, or there are more objects than fit in a frame.</exception>
    public static int WriteAll(Span<byte> asdu, AsduHeader header, ReadOnlySpan<TariffInformation> objects)
    {
        if (header.Type is not (TypeIdentification.CurrentTariff or TypeIdentification.StoredTariff))
            throw new ArgumentException($"Tariff information is written as type 135 or 136, not {(byte)header.Type}.", nameof(header));
        if (objects.Length > MaxPerFrame)
            throw new ArgumentException(
                $"A frame carries at most {MaxPerFrame} objects of tariff information, not {objects.Length}.", nameof(objects));
        (header with { Count = (byte)objects.Length }).Write(asdu);
        var at = AsduHeader.Length;
        foreach (ref readonly var each in objects)
        {
            each.Write(asdu[at..]);
            at += Length;
        }

        return at;
    }

    private static TariffInformation Read(ReadOnlySpan<byte> octets) => new(
        octets[0], TariffEnergy.Read(octets[1..]), TariffEnergy.Read(octets[10..]),
        TariffEnergy.Read(octets[19..]), TariffValue.Read(octets[28..]),
        TariffValue.Read(octets[33..]), TariffMaximum.Read(octets[38..]), TariffValue.Read(octets[48..]),
        TimeTagA.Read(octets[53..]), TimeTagA.Read(octets[58..]));

    private void Write(Span<byte> destination)
    {
        destination[0] = ObjectAddress;
        Active.Write(destination[1..]);
        Inductive.Write(destination[10..]);
        Capacitive.Write(destination[19..]);
        Reserve7.Write(destination[28..]);
        Reserve8.Write(destination[33..]);
        MaximumDemand.Write(destination[38..]);
        Excess.Write(destination[48..]);
        From.Write(destination[53..]);
        To.Write(destination[58..]);
    }
}
