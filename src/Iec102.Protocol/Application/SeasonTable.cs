using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>A season, 6 octets: 0-4 the beginning, type a; 5 the day types (protocol notes 4.10).</summary>
/// <param name="Start">First day of the season; year 2099 stands for every year.</param>
/// <param name="WorkingDayType">5, low nibble: the day type of working days.</param>
/// <param name="HolidayType">5, high nibble: the day type of holidays.</param>
public readonly record struct Season(TimeTagA Start, byte WorkingDayType, byte HolidayType)
{
    internal const int Length = 6;
}

/// <summary>
/// Seasons of a contract, object 193 of type 151 (protocol notes 4.10), after the address: 0 sense, 1 type, 2 S = number of seasons, 3 S
/// seasons of 6 octets; then D = number of day types, D day types of 12 octets (24 nibbles, hour 0 in the low nibble of the first); then a
/// time tag type a.
/// </summary>
/// <param name="Sense">1: import; any other value: export.</param>
/// <param name="Type">2: annual; any other value: by winter and summer.</param>
/// <param name="Seasons">The seasons, in the order of the table.</param>
/// <param name="DayTypes">The day types from 1 up: the tariff period (0 to 15) of each of the 24 hours.</param>
/// <param name="Time">A time, probably that of the reading.</param>
public sealed record SeasonTable(
    byte Sense, byte Type, IReadOnlyList<Season> Seasons, IReadOnlyList<IReadOnlyList<byte>> DayTypes, TimeTagA Time)
{
    /// <summary>The number of hours in a day type.</summary>
    internal const int Hours = 24;

    /// <summary>Length of a day type in octets.</summary>
    internal const int DayTypeLength = Hours / 2;

    /// <summary>Offset of the first season.</summary>
    internal const int SeasonsOffset = 3;

    private const int LargestNibble = 15;

    /// <summary>The length of the table at the front of the data, without the object's address; 0 when it is incomplete.</summary>
    internal static int LengthIn(ReadOnlySpan<byte> data)
    {
        if (data.Length < SeasonsOffset)
            return 0;
        var dayTypes = SeasonsOffset + Season.Length * data[2];
        if (data.Length <= dayTypes)
            return 0;
        var length = dayTypes + 1 + DayTypeLength * data[dayTypes] + TimeTagA.Length;
        return length <= data.Length ? length : 0;
    }

    /// <summary>Reads a table that is known to be complete.</summary>
    internal static SeasonTable Read(ReadOnlySpan<byte> octets)
    {
        var seasons = new Season[octets[2]];
        for (var i = 0; i < seasons.Length; i++)
            seasons[i] = ReadSeason(octets[(SeasonsOffset + Season.Length * i)..]);
        var rest = octets[(SeasonsOffset + Season.Length * seasons.Length)..];
        var dayTypes = new IReadOnlyList<byte>[rest[0]];
        for (var i = 0; i < dayTypes.Length; i++)
            dayTypes[i] = ReadDayType(rest[(1 + DayTypeLength * i)..]);
        return new SeasonTable(octets[0], octets[1], seasons, dayTypes, TimeTagA.Read(rest[(1 + DayTypeLength * dayTypes.Length)..]));
    }

    internal static Season ReadSeason(ReadOnlySpan<byte> octets) =>
        new(TimeTagA.Read(octets), (byte)(octets[5] & 0x0F), (byte)(octets[5] >> 4));

    internal static byte[] ReadDayType(ReadOnlySpan<byte> octets)
    {
        var periods = new byte[Hours];
        for (var hour = 0; hour < Hours; hour++)
            periods[hour] = (byte)(octets[hour / 2] >> (hour % 2 * 4) & 0x0F);
        return periods;
    }

    /// <summary>Writes the table; returns its length.</summary>
    internal int Write(Span<byte> destination)
    {
        (destination[0], destination[1], destination[2]) = (Sense, Type, checked((byte)Seasons.Count));
        var at = SeasonsOffset;
        foreach (var season in Seasons)
        {
            season.Start.Write(destination[at..]);
            destination[at + TimeTagA.Length] = Nibbles(season.WorkingDayType, season.HolidayType);
            at += Season.Length;
        }

        destination[at++] = checked((byte)DayTypes.Count);
        foreach (var periods in DayTypes)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(periods.Count, Hours);
            for (var hour = 0; hour < Hours; hour += 2)
                destination[at++] = Nibbles(periods[hour], periods[hour + 1]);
        }

        Time.Write(destination[at..]);
        return at + TimeTagA.Length;
    }

    private static byte Nibbles(byte low, byte high)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(low, LargestNibble);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(high, LargestNibble);
        return (byte)(high << 4 | low);
    }
}
