using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// An event of the meter, 9 octets in type 1 (protocol notes 4.5): 0 SPA; 1 SPQ (bits 1-7), SPI (bit 0); 2-8 time tag type b.
/// <see cref="EventText"/> tells what the numbers mean.
/// </summary>
/// <param name="Spa">SPA, the group of the event.</param>
/// <param name="Spq">SPQ, the number of the event in its group, 0 to 127.</param>
/// <param name="Spi">SPI, for events with a beginning and an end: 1 for begins or lost, 0 for ends or recovered.</param>
/// <param name="Time">When it happened.</param>
public readonly record struct MeterEvent(byte Spa, byte Spq, bool Spi, TimeTagB Time)
{
    private const int Length = 2 + TimeTagB.Length;

    private const int LargestSpq = 127;

    /// <summary>The most events that fit in a frame, 27.</summary>
    public static int MaxPerFrame => (Asdu.MaxLength - AsduHeader.Length) / Length;

    /// <summary>
    /// Reads the N events of an ASDU of type 1; false when it is of another type or does not have exactly 9 octets of data for each.
    /// </summary>
    public static bool TryReadAll(in Asdu asdu, out MeterEvent[] events)
    {
        events = [];
        var data = asdu.Data;
        if (asdu.Header.Type != TypeIdentification.Events || data.Length != Length * asdu.Header.Count)
            return false;
        events = new MeterEvent[asdu.Header.Count];
        for (var i = 0; i < events.Length; i++)
            events[i] = Read(data[(Length * i)..]);
        return true;
    }

    /// <summary>Writes an ASDU of type 1; sets type and N. Returns its length.</summary>
    /// <exception cref="ArgumentException">There are more events than fit in a frame.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An SPQ is greater than 127.</exception>
    public static int WriteAll(Span<byte> asdu, AsduHeader header, ReadOnlySpan<MeterEvent> events)
    {
        if (events.Length > MaxPerFrame)
            throw new ArgumentException($"A frame carries at most {MaxPerFrame} events, not {events.Length}.", nameof(events));
        (header with { Type = TypeIdentification.Events, Count = (byte)events.Length }).Write(asdu);
        var at = AsduHeader.Length;
        foreach (ref readonly var each in events)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(each.Spq, LargestSpq, nameof(events));
            asdu[at] = each.Spa;
            asdu[at + 1] = (byte)(each.Spq << 1 | (each.Spi ? 1 : 0));
            each.Time.Write(asdu[(at + 2)..]);
            at += Length;
        }

        return at;
    }

    private static MeterEvent Read(ReadOnlySpan<byte> octets) =>
        new(octets[0], (byte)(octets[1] >> 1), (octets[1] & 1) != 0, TimeTagB.Read(octets[2..]));
}
