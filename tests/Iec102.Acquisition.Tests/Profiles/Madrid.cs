using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>Times as they are written in Spain.</summary>
internal static class Madrid
{
    public static DateTimeZone Zone { get; } = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    /// <summary>An unambiguous civil time.</summary>
    public static Instant At(int year, int month, int day, int hour = 0, int minute = 0) =>
        new LocalDateTime(year, month, day, hour, minute).InZoneStrictly(Zone).ToInstant();

    /// <summary>The interval ends of a day: after its 00:00 up to 00:00 of the next.</summary>
    public static TimeRange Day(int year, int month, int day)
    {
        var from = At(year, month, day);
        return new TimeRange(from, new LocalDate(year, month, day).PlusDays(1).AtStartOfDayInZone(Zone).ToInstant());
    }

    public static TimeTagA Label(Instant instant, SummerTimeHabit habit = SummerTimeHabit.SuBit) => CivilTime.ToTagA(instant, Zone, habit);
}
