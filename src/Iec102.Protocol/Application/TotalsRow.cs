using System.Numerics;
using System.Runtime.CompilerServices;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// Up to eight integrated totals of one instant (protocol notes 2.4 and 4.4): the contents of one frame of type 8 or 11 or of one block of
/// type 139 or 140. Values are whole kWh (objects 1 and 2) and kvarh (objects 3 to 6), as on the wire. It is a value type without
/// references, so a copy is independent.
/// </summary>
public struct TotalsRow : IEquatable<TotalsRow>
{
    private Values _values;
    private Qualities _qualities;

    /// <summary>The end of the interval (increments) or the instant of the reading (absolute totals).</summary>
    public TimeTagA Time { get; set; }

    /// <summary>Which objects are present: bit k set means object k + 1.</summary>
    public byte Objects { get; private set; }

    /// <summary>How many objects are present.</summary>
    public readonly int Count => BitOperations.PopCount(Objects);

    /// <summary>Whether the object, 1 to 8, is present; false for any other address.</summary>
    public readonly bool Has(int objectAddress) => IsTotal(objectAddress) && (Objects & (1 << (objectAddress - 1))) != 0;

    /// <summary>The value of an object, 1 to 8; 0 when it is not present.</summary>
    public readonly uint GetValue(int objectAddress) => _values[Index(objectAddress)];

    /// <summary>The quality of an object, 1 to 8; <see cref="Quality.None"/> when it is not present.</summary>
    public readonly Quality GetQuality(int objectAddress) => _qualities[Index(objectAddress)];

    /// <summary>Sets an object, 1 to 8, which is then present.</summary>
    public void Set(int objectAddress, uint value, Quality quality)
    {
        var index = Index(objectAddress);
        _values[index] = value;
        _qualities[index] = quality;
        Objects |= (byte)(1 << index);
    }

    /// <summary>This row with the objects of another frame of the same instant; where both have an object, it is the other's.</summary>
    public readonly TotalsRow With(in TotalsRow other)
    {
        var both = this;
        for (var address = ObjectAddress.FirstTotal; address <= ObjectAddress.LastTotal; address++)
        {
            if (other.Has(address))
                both.Set(address, other.GetValue(address), other.GetQuality(address));
        }

        return both;
    }

    /// <summary>Whether time (all five octets), objects, values and qualities are the same.</summary>
    public readonly bool Equals(TotalsRow other) =>
        Time == other.Time && Objects == other.Objects
        && ((ReadOnlySpan<uint>)_values).SequenceEqual(other._values)
        && ((ReadOnlySpan<Quality>)_qualities).SequenceEqual(other._qualities);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is TotalsRow other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Time, Objects, _values[0], _values[1], _values[2], _qualities[0]);

    /// <summary>Whether all members are equal.</summary>
    public static bool operator ==(TotalsRow left, TotalsRow right) => left.Equals(right);

    /// <summary>Whether any member differs.</summary>
    public static bool operator !=(TotalsRow left, TotalsRow right) => !left.Equals(right);

    internal static bool IsTotal(int objectAddress) => objectAddress is >= ObjectAddress.FirstTotal and <= ObjectAddress.LastTotal;

    private static int Index(int objectAddress) => IsTotal(objectAddress)
        ? objectAddress - ObjectAddress.FirstTotal
        : throw new ArgumentOutOfRangeException(nameof(objectAddress), objectAddress, "Totals have the object addresses 1 to 8.");

    [InlineArray(ObjectAddress.LastTotal)]
    private struct Values
    {
        private uint _first;
    }

    [InlineArray(ObjectAddress.LastTotal)]
    private struct Qualities
    {
        private Quality _first;
    }
}
