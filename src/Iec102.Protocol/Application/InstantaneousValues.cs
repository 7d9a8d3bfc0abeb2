namespace Iec102.Protocol.Application;

/// <summary>
/// Instantaneous values, type 163 (protocol notes 4.6): N objects one after the other, each with address (1), values and time tag type a
/// (5); any subset of 192, 193 and 194 in any order.
/// </summary>
/// <param name="Totals">Object 192, 29 octets after the address.</param>
/// <param name="Powers">Object 193, 37 octets after the address.</param>
/// <param name="CurrentsAndVoltages">Object 194, 26 octets after the address.</param>
public readonly record struct InstantaneousValues(EnergyTotals? Totals, Powers? Powers, CurrentsAndVoltages? CurrentsAndVoltages)
{
    /// <summary>
    /// Reads an ASDU of type 163; false when it is of another type, an object is unknown or incomplete, or the number of objects is not N.
    /// If an object occurs twice, the later one counts.
    /// </summary>
    public static bool TryRead(in Asdu asdu, out InstantaneousValues values)
    {
        values = default;
        if (asdu.Header.Type != TypeIdentification.InstantaneousValues)
            return false;
        var read = default(InstantaneousValues);
        var data = asdu.Data;
        for (var remaining = asdu.Header.Count; remaining > 0; remaining--)
        {
            var length = data.IsEmpty ? 0 : ObjectLength(data[0]);
            if (length == 0 || length > data.Length)
                return false;
            read = read.With(data[0], data[1..length]);
            data = data[length..];
        }

        if (!data.IsEmpty)
            return false;
        values = read;
        return true;
    }

    /// <summary>
    /// Writes an ASDU of type 163 with the objects that are present, in ascending order; sets type and N. Returns its length.
    /// </summary>
    public int Write(Span<byte> asdu, AsduHeader header)
    {
        var at = AsduHeader.Length;
        byte count = 0;
        if (Totals is { } totals)
        {
            totals.Write(Begin(ObjectAddress.Totals, asdu, ref at));
            count++;
        }

        if (Powers is { } powers)
        {
            powers.Write(Begin(ObjectAddress.Powers, asdu, ref at));
            count++;
        }

        if (CurrentsAndVoltages is { } currents)
        {
            currents.Write(Begin(ObjectAddress.CurrentsAndVoltages, asdu, ref at));
            count++;
        }

        (header with { Type = TypeIdentification.InstantaneousValues, Count = count }).Write(asdu);
        return at;
    }

    /// <summary>The length of an object with its address: 30, 38 or 27; 0 for an unknown object.</summary>
    internal static int ObjectLength(byte objectAddress) => objectAddress switch
    {
        ObjectAddress.Totals => 1 + EnergyTotals.Length,
        ObjectAddress.Powers => 1 + Application.Powers.Length,
        ObjectAddress.CurrentsAndVoltages => 1 + Application.CurrentsAndVoltages.Length,
        _ => 0,
    };

    private InstantaneousValues With(byte objectAddress, ReadOnlySpan<byte> octets) => objectAddress switch
    {
        ObjectAddress.Totals => this with { Totals = EnergyTotals.Read(octets) },
        ObjectAddress.Powers => this with { Powers = Application.Powers.Read(octets) },
        _ => this with { CurrentsAndVoltages = Application.CurrentsAndVoltages.Read(octets) },
    };

    private static Span<byte> Begin(byte objectAddress, Span<byte> asdu, ref int at)
    {
        asdu[at] = objectAddress;
        var values = asdu[(at + 1)..];
        at += ObjectLength(objectAddress);
        return values;
    }
}
