using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// Holidays of a contract, type 148 (protocol notes 4.10): N time tags type a, one after the other. Year 2099 stands for every year.
/// </summary>
public static class Holidays
{
    /// <summary>The most dates that fit in a frame, 49.</summary>
    public static int MaxPerFrame => (Asdu.MaxLength - AsduHeader.Length) / TimeTagA.Length;

    /// <summary>
    /// Reads the N dates of an ASDU of type 148; false when it is of another type or does not have exactly 5 octets of data for each.
    /// </summary>
    public static bool TryRead(in Asdu asdu, out TimeTagA[] dates)
    {
        dates = [];
        var data = asdu.Data;
        if (asdu.Header.Type != TypeIdentification.Holidays || data.Length != TimeTagA.Length * asdu.Header.Count)
            return false;
        dates = new TimeTagA[asdu.Header.Count];
        for (var i = 0; i < dates.Length; i++)
            dates[i] = TimeTagA.Read(data[(TimeTagA.Length * i)..]);
        return true;
    }

    /// <summary>Writes an ASDU of type 148; sets type and N. Returns its length.</summary>
    /// <exception cref="ArgumentException">There are more dates than fit in a frame.</exception>
    public static int Write(Span<byte> asdu, AsduHeader header, ReadOnlySpan<TimeTagA> dates)
    {
        if (dates.Length > MaxPerFrame)
            throw new ArgumentException($"A frame carries at most {MaxPerFrame} dates, not {dates.Length}.", nameof(dates));
        (header with { Type = TypeIdentification.Holidays, Count = (byte)dates.Length }).Write(asdu);
        var at = AsduHeader.Length;
        foreach (var date in dates)
        {
            date.Write(asdu[at..]);
            at += TimeTagA.Length;
        }

        return at;
    }
}
