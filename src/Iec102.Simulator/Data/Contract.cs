using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Simulator.Data;

/// <summary>
/// A tariff contract of a simulated meter (protocol notes 4.7 and 4.10). Contract I, record 134, has three periods: on working days period
/// 1 is the peak (18 to 22 h in winter, 11 to 15 h in summer), 2 the rest of the day from 8 h on, 3 the night; weekends and holidays are
/// period 3 throughout. Record 137 is the latent form of the same contract, not yet in force, with other powers. Contract II, record 135,
/// has two periods: 1 from 8 to 22 h on working days, 2 at all other times. Contract III is not active. Winter begins on 1 October, summer
/// on 1 April. Both contracts have been in force since <see cref="Since"/>.
/// </summary>
public sealed class Contract
{
    /// <summary>Record of contract III, which exists but is not active.</summary>
    internal const byte InactiveRecord = 136;

    /// <summary>The last contract record: latent contract III.</summary>
    internal const byte LastRecord = 139;

    /// <summary>The year that marks a date as one that recurs every year.</summary>
    private const int EveryYear = 2099;

    private static readonly (int Month, int Day)[] HolidayDates =
        [(1, 1), (1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25)];

    private static readonly byte[] WinterDay = Day((3, 8), (2, 10), (1, 4), (2, 2));
    private static readonly byte[] SummerDay = Day((3, 8), (2, 3), (1, 4), (2, 9));
    private static readonly byte[] FreeDay = Day((3, 24));

    private static readonly Contract First =
        new(134, 3, [new(FirstOf(4), 2, 3), new(FirstOf(10), 1, 3)], [WinterDay, SummerDay, FreeDay]);

    private static readonly Contract Second =
        new(135, 2, [new(FirstOf(1), 1, 2)], [Day((2, 8), (1, 14), (2, 2)), Day((2, 24))]);

    private static readonly Contract LatentFirst = new(137, First.PeriodCount, First.Seasons, First.DayTypes);

    private Contract(byte record, int periodCount, IReadOnlyList<Season> seasons, IReadOnlyList<byte[]> dayTypes) =>
        (Record, PeriodCount, Seasons, DayTypes) = (record, periodCount, seasons, dayTypes);

    /// <summary>The day on which the contracts came into force and their registers began to count.</summary>
    public static LocalDate Since { get; } = new(2023, 1, 1);

    /// <summary>The contract's record address.</summary>
    public byte Record { get; }

    /// <summary>How many tariff periods the contract has.</summary>
    public int PeriodCount { get; }

    /// <summary>Whether the contract counts energy; a latent contract does not count yet.</summary>
    public bool IsInForce => Record < InactiveRecord;

    /// <summary>The holidays, the same in every year.</summary>
    internal static TimeTagA[] Holidays { get; } = [.. HolidayDates.Select(date => Tag(date.Month, date.Day))];

    /// <summary>The seasons; the day types that they refer to are numbered from 1.</summary>
    internal IReadOnlyList<Season> Seasons { get; }

    /// <summary>For each day type the tariff period, from 1, of each hour.</summary>
    internal IReadOnlyList<byte[]> DayTypes { get; }

    /// <summary>The contract of a record; null when there is none.</summary>
    public static Contract? Of(byte record) => record switch { 134 => First, 135 => Second, 137 => LatentFirst, _ => null };

    /// <summary>The contracted power of a period in kW; a higher period has at least as much as a lower one.</summary>
    public uint PowerOf(uint serialNumber, int period) =>
        (uint)(200 + 10 * (Mix.Hash(serialNumber, Record, 0, 0) % 150 + (ulong)(period - 1) * (Mix.Hash(serialNumber, Record, 1, 0) % 20)));

    /// <summary>The tariff period in force at an instant, from 1.</summary>
    public int PeriodAt(Instant instant, DateTimeZone zone)
    {
        var local = instant.InZone(zone).LocalDateTime;
        return DayTypeOf(local.Date)[local.Hour];
    }

    /// <summary>Splits the civil days between two instants into stretches with one tariff period each, in order.</summary>
    public IEnumerable<(int Period, Instant From, Instant To)> Stretches(Instant from, Instant to, DateTimeZone zone)
    {
        for (var date = from.InZone(zone).Date; zone.AtStartOfDay(date).ToInstant() < to; date = date.PlusDays(1))
        {
            var hours = DayTypeOf(date);
            for (var (first, next) = (0, 0); first < hours.Length; first = next)
            {
                while (next < hours.Length && hours[next] == hours[first])
                    next++;
                var (begin, end) = (Instant.Max(At(date, first), from), Instant.Min(At(date, next), to));
                if (begin < end)
                    yield return (hours[first], begin, end);
            }
        }

        Instant At(LocalDate date, int hour) => zone.AtLeniently(date.AtMidnight().PlusHours(hour)).ToInstant();
    }

    private byte[] DayTypeOf(LocalDate date)
    {
        var season = Seasons.LastOrDefault(one => (one.Start.Month, one.Start.Day).CompareTo((date.Month, date.Day)) <= 0, Seasons[^1]);
        var isFree = date.DayOfWeek >= IsoDayOfWeek.Saturday || HolidayDates.Contains((date.Month, date.Day));
        return DayTypes[(isFree ? season.HolidayType : season.WorkingDayType) - 1];
    }

    private static TimeTagA FirstOf(int month) => Tag(month, 1);

    private static TimeTagA Tag(int month, int day) => new(new LocalDateTime(EveryYear, month, day, 0, 0), summerTime: false);

    private static byte[] Day(params (byte Period, int Hours)[] parts) =>
        [.. parts.SelectMany(part => Enumerable.Repeat(part.Period, part.Hours))];
}
