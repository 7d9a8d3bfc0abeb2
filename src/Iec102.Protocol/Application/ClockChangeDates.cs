using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// The dates of the official clock changes, type 131 (protocol notes 4.3): 0-4 to summer time, 5-9 to winter time, type a.
/// </summary>
/// <param name="ToSummer">When summer time begins.</param>
/// <param name="ToWinter">When winter time begins.</param>
public readonly record struct ClockChangeDates(TimeTagA ToSummer, TimeTagA ToWinter)
{
    /// <summary>Reads an ASDU of type 131; false when it is of another type or does not have exactly 10 octets of data.</summary>
    public static bool TryRead(in Asdu asdu, out ClockChangeDates dates)
    {
        dates = default;
        if (asdu.Header.Type != TypeIdentification.ClockChangeDates || asdu.Data.Length != 2 * TimeTagA.Length)
            return false;
        dates = new ClockChangeDates(TimeTagA.Read(asdu.Data), TimeTagA.Read(asdu.Data[TimeTagA.Length..]));
        return true;
    }

    /// <summary>Writes an ASDU of type 131; sets type and N. Returns its length.</summary>
    public int Write(Span<byte> asdu, AsduHeader header)
    {
        (header with { Type = TypeIdentification.ClockChangeDates, Count = 1 }).Write(asdu);
        ToSummer.Write(asdu[AsduHeader.Length..]);
        ToWinter.Write(asdu[(AsduHeader.Length + TimeTagA.Length)..]);
        return AsduHeader.Length + 2 * TimeTagA.Length;
    }
}
