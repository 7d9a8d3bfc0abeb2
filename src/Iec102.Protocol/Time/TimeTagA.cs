using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Iec102.Protocol.Time;

/// <summary>
/// Time tag type a, 5 octets, to the minute (protocol notes 3.1): 0 minute (bits 0-5), TIS (6), IV (7); 1 hour (0-4), RES1 (5-6), SU (7); 2
/// day of month (0-4), day of week (5-7, Monday = 1); 3 month (0-3), ETI (4-5), PTI (6-7); 4 year less 2000 (0-6), RES2 (7). The fields are
/// kept as sent; only <see cref="TryGetLocal"/> rejects a date that does not exist.
/// </summary>
public readonly record struct TimeTagA
{
    /// <summary>Length in octets.</summary>
    public const int Length = 5;

    private readonly byte _minute;
    private readonly byte _hour;
    private readonly byte _day;
    private readonly byte _month;
    private readonly byte _year;

    private TimeTagA(ReadOnlySpan<byte> octets) =>
        (_minute, _hour, _day, _month, _year) = (octets[0], octets[1], octets[2], octets[3], octets[4]);

    /// <summary>Makes a tag for a civil time; the day of the week is filled in.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The year is not 2000 to 2099.</exception>
    public TimeTagA(LocalDateTime local, bool summerTime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(local.Year, 2000, nameof(local));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(local.Year, 2099, nameof(local));
        _minute = (byte)local.Minute;
        _hour = (byte)(local.Hour | (summerTime ? 0x80 : 0));
        _day = (byte)(local.Day | ((int)local.DayOfWeek << 5));
        _month = (byte)local.Month;
        _year = (byte)(local.Year - 2000);
    }

    /// <summary>Minute, 0 to 59.</summary>
    public int Minute => _minute & 0x3F;

    /// <summary>TIS, the tariff information switch.</summary>
    public bool TariffInformation => (_minute & 0x40) != 0;

    /// <summary>IV: the time is invalid.</summary>
    public bool IsInvalid => (_minute & 0x80) != 0;

    /// <summary>Hour, 0 to 23.</summary>
    public int Hour => _hour & 0x1F;

    /// <summary>SU: summer time was in force.</summary>
    public bool SummerTime => (_hour & 0x80) != 0;

    /// <summary>Day of the month, 1 to 31.</summary>
    public int Day => _day & 0x1F;

    /// <summary>Day of the week, 1 = Monday to 7 = Sunday, 0 = not given. Not reliable.</summary>
    public int DayOfWeek => _day >> 5;

    /// <summary>Month, 1 to 12.</summary>
    public int Month => _month & 0x0F;

    /// <summary>Year, 2000 to 2127; 2099 stands for "every year" in static tables.</summary>
    public int Year => 2000 + (_year & 0x7F);

    /// <summary>Whether all five octets are zero, which is how the meter says "never".</summary>
    public bool IsEmpty => (_minute | _hour | _day | _month | _year) == 0;

    /// <summary>Reads the tag at the front of at least 5 octets.</summary>
    public static TimeTagA Read(ReadOnlySpan<byte> octets) => new(octets);

    /// <summary>Writes the 5 octets exactly as they were read.</summary>
    public void Write(Span<byte> destination) =>
        (destination[0], destination[1], destination[2], destination[3], destination[4]) = (_minute, _hour, _day, _month, _year);

    /// <summary>The label as a date and time; false when that date or time does not exist.</summary>
    public bool TryGetLocal([NotNullWhen(true)] out LocalDateTime? local)
    {
        local = Month is >= 1 and <= 12 && Day >= 1 && Day <= CalendarSystem.Iso.GetDaysInMonth(Year, Month) && Hour <= 23 && Minute <= 59
            ? new LocalDateTime(Year, Month, Day, Hour, Minute)
            : null;
        return local is not null;
    }

    /// <summary>Whether both name the same minute, whatever their flags, day of week and tariff bits.</summary>
    public bool IsSameLabel(TimeTagA other) =>
        Minute == other.Minute && Hour == other.Hour && Day == other.Day && Month == other.Month && Year == other.Year;

    /// <summary>
    /// The tag as text, such as 2024-07-15 01:00 S: S for summer time, W for winter time, followed by ? for an invalid time.
    /// </summary>
    public override string ToString() => IsEmpty
        ? "never"
        : $"{Year:0000}-{Month:00}-{Day:00} {Hour:00}:{Minute:00} {(SummerTime ? 'S' : 'W')}{(IsInvalid ? "?" : "")}";
}
