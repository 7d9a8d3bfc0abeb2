using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Storage.Writing;
using NodaTime;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

/// <summary>Short ways to make facts.</summary>
internal static class Facts
{
    private const byte Contract1 = RecordAddress.Contract1;

    public static MeterEvent Event(byte spa, byte spq, Instant at, bool spi = false) =>
        new(spa, spq, spi, CivilTime.ToTagB(at, DateTimeZone.Utc));

    public static EventRead Told(MeterEvent said, int ordinal = 0) =>
        new(said, CivilTime.ToInstant(said.Time, DateTimeZone.Utc, SummerTimeHabit.SuBit), ordinal);

    public static EventsRead Events(int readAtHour, params EventRead[] events) => EventsOf(52, readAtHour, events);

    public static EventsRead EventsOf(byte record, int readAtHour, params EventRead[] events) =>
        new("m-1", Serial, Hour(readAtHour), record, Hour(readAtHour), events);

    /// <summary>A tariff period with the given active energy; all other values are derived from it.</summary>
    public static TariffPeriodRead Period(byte address, Instant start, Instant end, uint active)
    {
        var maximumAt = start + Duration.FromHours(5);
        var information = new TariffInformation(
            address, new TariffEnergy(active, active / 2, Quality.Overflow), new TariffEnergy(active + 1, active + 2),
            new TariffEnergy(active + 3, active + 4),
            new TariffValue(7, Quality.Invalid), new TariffValue(8, Quality.Invalid),
            new TariffMaximum(active + 5, Label(maximumAt), Quality.ParametersChanged),
            new TariffValue(9), Label(start), Label(end));
        return new TariffPeriodRead(information, start, end, maximumAt);
    }

    public static TariffRead Tariff(bool closed, int readAtHour, params TariffPeriodRead[] periods) =>
        new("m-1", Serial, Hour(readAtHour), Contract1, closed, Hour(readAtHour), periods);

    public static ClosingsRead Closings(int readAtHour, bool derived, params RecordedInterval[] closings) =>
        new("m-1", Serial, Hour(readAtHour), derived, Hour(readAtHour), closings);

    public static RecordedInterval Closing(int day, params uint?[] registers) => new(Hour(24 * day), Row(Hour(24 * day), registers));

    public static ConfigurationRead Powers(int readAtHour, uint power, uint serial = Serial)
    {
        var asdu = new byte[Asdu.MaxLength];
        var length = ContractedPower.WriteAll(
            asdu, new AsduHeader(default, 0, CauseOfTransmission.Request, 1, Contract1), [new(21, power)], Label(Hour(readAtHour)));
        return new ConfigurationRead("m-1", serial, Hour(readAtHour), asdu[..length]);
    }

    public static ConfigurationRead Further(int readAtHour, FurtherConfiguration said)
    {
        var asdu = new byte[Asdu.MaxLength];
        var length = said.Write(asdu, new AsduHeader(default, 0, CauseOfTransmission.Request, 1, 0));
        return new ConfigurationRead("m-1", Serial, Hour(readAtHour), asdu[..length]);
    }

    /// <summary>The season table and the period in force in one answer; both carry the time of the reading.</summary>
    public static ConfigurationRead Seasons(int readAtHour, byte periodOfDay, byte current)
    {
        var asdu = new byte[Asdu.MaxLength];
        var table = new SeasonTable(
            1, 2, [new Season(Label(Day), 1, 1)], [Enumerable.Repeat(periodOfDay, 24).ToList()], Label(Hour(readAtHour)));
        var length = new ContractObjects(table, new CurrentPeriods(current, 0, 0, Label(Hour(readAtHour))), null)
            .Write(asdu, new AsduHeader(default, 0, CauseOfTransmission.Request, 1, Contract1));
        return new ConfigurationRead("m-1", Serial, Hour(readAtHour), asdu[..length]);
    }

    public static ClockWritten ClockWrite(int hour, ClockWriteOutcome outcome, string? error = null) =>
        new("m-1", Serial, Hour(hour), Duration.FromMilliseconds(-90_250), CivilTime.ToTagB(Hour(hour), DateTimeZone.Utc), outcome, error);

    public static WriteBatch BatchOf(params MeterFact[] facts) => Of(queue =>
    {
        foreach (var fact in facts)
            queue.Add(fact);
    });

    private static TimeTagA Label(Instant at) => CivilTime.ToTagA(at, DateTimeZone.Utc);
}
