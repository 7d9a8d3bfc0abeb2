using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>Instants given in the civil time of Spain.</summary>
internal static class Madrid
{
    public static DateTimeZone Zone { get; } = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    /// <summary>The instant of an unambiguous civil time.</summary>
    public static Instant At(int year, int month, int day, int hour = 0, int minute = 0) =>
        new LocalDateTime(year, month, day, hour, minute).InZoneStrictly(Zone).ToInstant();

    /// <summary>The interval ends that belong to a day: after its own midnight, up to and including the next.</summary>
    public static TimeRange Day(int year, int month, int day)
    {
        var from = At(year, month, day);
        return new TimeRange(from, new LocalDate(year, month, day).PlusDays(1).AtStartOfDayInZone(Zone).ToInstant());
    }

    public static TimeTagA Label(Instant instant, SummerTimeHabit habit = SummerTimeHabit.SuBit) => CivilTime.ToTagA(instant, Zone, habit);
}
