using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// A time of the meter's clock (protocol notes 4.3): 0-6 time tag type b, both in the answer, type 72, and in the command that sets the
/// clock, type 181.
/// </summary>
/// <param name="Time">The time.</param>
public readonly record struct MeterClock(TimeTagB Time)
{
    /// <summary>Reads an ASDU of type 72 or 181; false when it is of another type or does not have exactly 7 octets of data.</summary>
    public static bool TryRead(in Asdu asdu, out MeterClock clock)
    {
        clock = default;
        if (asdu.Header.Type is not (TypeIdentification.CurrentTime or TypeIdentification.SetClock) || asdu.Data.Length != TimeTagB.Length)
            return false;
        clock = new MeterClock(TimeTagB.Read(asdu.Data));
        return true;
    }

    /// <summary>Writes an ASDU of type 72; sets type and N. Returns its length.</summary>
    public int Write(Span<byte> asdu, AsduHeader header)
    {
        (header with { Type = TypeIdentification.CurrentTime, Count = 1 }).Write(asdu);
        Time.Write(asdu[AsduHeader.Length..]);
        return AsduHeader.Length + TimeTagB.Length;
    }
}
