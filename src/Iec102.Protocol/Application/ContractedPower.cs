using System.Buffers.Binary;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// A contracted power, 5 octets in type 145 (protocol notes 4.10): 0 object, 1 power u32. The N powers of a frame are followed by one time
/// tag type a.
/// </summary>
/// <param name="ObjectAddress">21 to 29, probably the tariff periods 1 to 9.</param>
/// <param name="Power">The power, probably kW.</param>
public readonly record struct ContractedPower(byte ObjectAddress, uint Power)
{
    internal const int Length = 5;

    /// <summary>The most powers that fit in a frame, 48.</summary>
    public static int MaxPerFrame => (Asdu.MaxLength - AsduHeader.Length - TimeTagA.Length) / Length;

    /// <summary>
    /// Reads the N powers and the time of an ASDU of type 145; false when it is of another type or its length does not match N.
    /// </summary>
    public static bool TryReadAll(in Asdu asdu, out ContractedPower[] powers, out TimeTagA time)
    {
        (powers, time) = ([], default);
        var data = asdu.Data;
        if (asdu.Header.Type != TypeIdentification.ContractedPowers || data.Length != Length * asdu.Header.Count + TimeTagA.Length)
            return false;
        powers = new ContractedPower[asdu.Header.Count];
        for (var i = 0; i < powers.Length; i++)
            powers[i] = new ContractedPower(data[Length * i], BinaryPrimitives.ReadUInt32LittleEndian(data[(Length * i + 1)..]));
        time = TimeTagA.Read(data[(Length * powers.Length)..]);
        return true;
    }

    /// <summary>Writes an ASDU of type 145; sets type and N. Returns its length.</summary>
    /// <exception cref="ArgumentException">There are more powers than fit in a frame.</exception>
    public static int WriteAll(Span<byte> asdu, AsduHeader header, ReadOnlySpan<ContractedPower> powers, TimeTagA time)
    {
        if (powers.Length > MaxPerFrame)
            throw new ArgumentException($"A frame carries at most {MaxPerFrame} contracted powers, not {powers.Length}.", nameof(powers));
        (header with { Type = TypeIdentification.ContractedPowers, Count = (byte)powers.Length }).Write(asdu);
        var at = AsduHeader.Length;
        foreach (ref readonly var each in powers)
        {
            asdu[at] = each.ObjectAddress;
            BinaryPrimitives.WriteUInt32LittleEndian(asdu[(at + 1)..], each.Power);
            at += Length;
        }

        time.Write(asdu[at..]);
        return at + TimeTagA.Length;
    }
}
