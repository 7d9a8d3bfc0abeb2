using System.Diagnostics.CodeAnalysis;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>Tariff periods in force, object 197 of type 151, 8 octets after the address (protocol notes 4.10).</summary>
/// <param name="Contract1">0: period of contract I.</param>
/// <param name="Contract2">1: period of contract II.</param>
/// <param name="Contract3">2: period of contract III.</param>
/// <param name="Time">3-7: when they were read.</param>
public readonly record struct CurrentPeriods(byte Contract1, byte Contract2, byte Contract3, TimeTagA Time)
{
    internal const int Length = 3 + TimeTagA.Length;

    internal static CurrentPeriods Read(ReadOnlySpan<byte> octets) => new(octets[0], octets[1], octets[2], TimeTagA.Read(octets[3..]));

    internal void Write(Span<byte> destination)
    {
        (destination[0], destination[1], destination[2]) = (Contract1, Contract2, Contract3);
        Time.Write(destination[3..]);
    }
}

/// <summary>
/// Contract and tariff objects, type 151 (protocol notes 4.10): N objects one after the other, each with address (1) and content.
/// </summary>
/// <param name="Seasons">Object 193.</param>
/// <param name="CurrentPeriods">Object 197.</param>
/// <param name="Raw">Everything from the first object of unknown layout on, such as 192, 195 and 196; null when there is none.</param>
public sealed record ContractObjects(SeasonTable? Seasons, CurrentPeriods? CurrentPeriods, RawObjects? Raw)
{
    /// <summary>
    /// Reads an ASDU of type 151; false when it is of another type, an object is incomplete, or the number of objects is not N. If an
    /// object occurs twice, the later one counts.
    /// </summary>
    public static bool TryRead(in Asdu asdu, [NotNullWhen(true)] out ContractObjects? objects)
    {
        objects = null;
        if (asdu.Header.Type != TypeIdentification.ContractObjects)
            return false;
        var read = new ContractObjects(null, null, null);
        var data = asdu.Data;
        for (var remaining = asdu.Header.Count; remaining > 0 && read.Raw is null; remaining--)
        {
            var length = ObjectLength(data);
            if (length == 0)
                return false;
            read = read.With(data[..length], remaining);
            data = data[length..];
        }

        objects = data.IsEmpty ? read : null;
        return objects is not null;
    }

    /// <summary>
    /// Writes an ASDU of type 151 with the objects that are present: 193, 197 and then the raw ones; sets type and N. Returns its length.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A season or day type has a number above 15, or a day type does not have 24
    /// hours.</exception>
    public int Write(Span<byte> asdu, AsduHeader header)
    {
        var at = AsduHeader.Length;
        byte count = 0;
        if (Seasons is not null)
        {
            asdu[at++] = ObjectAddress.Seasons;
            at += Seasons.Write(asdu[at..]);
            count++;
        }

        if (CurrentPeriods is { } periods)
        {
            asdu[at++] = ObjectAddress.CurrentPeriods;
            periods.Write(asdu[at..]);
            at += Application.CurrentPeriods.Length;
            count++;
        }

        if (Raw is not null)
        {
            Raw.Octets.Span.CopyTo(asdu[at..]);
            at += Raw.Octets.Length;
            count += Raw.Count;
        }

        (header with { Type = TypeIdentification.ContractObjects, Count = count }).Write(asdu);
        return at;
    }

    /// <summary>
    /// The length of the object at the front, with its address; all remaining octets for an unknown object, 0 when a known one is
    /// incomplete.
    /// </summary>
    internal static int ObjectLength(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return 0;
        switch (data[0])
        {
            case ObjectAddress.Seasons:
                return SeasonTable.LengthIn(data[1..]) is var length and > 0 ? 1 + length : 0;
            case ObjectAddress.CurrentPeriods:
                return data.Length > Application.CurrentPeriods.Length ? 1 + Application.CurrentPeriods.Length : 0;
            default:
                return data.Length;
        }
    }

    private ContractObjects With(ReadOnlySpan<byte> octets, byte remaining) => octets[0] switch
    {
        ObjectAddress.Seasons => this with { Seasons = SeasonTable.Read(octets[1..]) },
        ObjectAddress.CurrentPeriods => this with { CurrentPeriods = Application.CurrentPeriods.Read(octets[1..]) },
        _ => this with { Raw = new RawObjects(remaining, octets.ToArray()) },
    };
}
