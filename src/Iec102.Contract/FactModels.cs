using System.Text.Json.Serialization;
using Iec102.Acquisition;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Storage.Exports;
using Iec102.Storage.Reading;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Contract;

/// <summary>An event in the API; its time is null when the meter's label is not a date.</summary>
public sealed record EventModel(int Record, string RecordName, int Spa, int Spq, int Spi, string Text, string? Time, string ReadAt)
{
    public static EventModel Of(StoredEvent stored, DateTimeZone zone, EventLanguage language) => new(
        stored.Record, EventText.OfRecord(stored.Record, language), stored.Event.Spa, stored.Event.Spq, stored.Event.Spi ? 1 : 0,
        EventText.Of(stored.Event, language), stored.Time is { } time ? TimeText.FormatMilliseconds(time, zone) : null,
        TimeText.Format(stored.ReadAt, zone));
}

// Here and below, what can be long is read from the database while it is written, so it can be enumerated only once.

/// <summary>The events of a meter.</summary>
public sealed record EventsModel(string Meter, IEnumerable<EventModel> Events)
{
    public static EventsModel Of(string meter, IEnumerable<StoredEvent> events, DateTimeZone zone, EventLanguage language) =>
        new(meter, events.Select(stored => EventModel.Of(stored, zone, language)));
}

/// <summary>An energy of a tariff period: the reading at its end, the energy during it, and the quality octet.</summary>
public sealed record TariffEnergyModel(uint Absolute, uint Increment, int Quality)
{
    public static TariffEnergyModel Of(TariffEnergy energy) => new(energy.Absolute, energy.Increment, (int)energy.Quality);
}

/// <summary>A value of a tariff period.</summary>
public sealed record TariffValueModel(uint Value, int Quality)
{
    public static TariffValueModel Of(TariffValue value) => new(value.Value, (int)value.Quality);
}

/// <summary>The maximum demand of a tariff period, kW.</summary>
public sealed record TariffMaximumModel(uint Value, string? Time, int Quality);

/// <summary>A tariff period; period 0 is the total. A time is null when the meter's label is not a date.</summary>
public sealed record TariffPeriodModel(
    int Period, string? Start, string? End, TariffEnergyModel Active, TariffEnergyModel Inductive, TariffEnergyModel Capacitive,
    TariffMaximumModel MaximumDemand, TariffValueModel Excess, TariffValueModel Reserve7, TariffValueModel Reserve8, string ReadAt)
{
    public static TariffPeriodModel Of(StoredTariff stored, DateTimeZone zone)
    {
        var (read, said) = (stored.Period, stored.Period.Information);
        return new TariffPeriodModel(
            said.ObjectAddress - ObjectAddress.TariffTotal, Iso(read.Start), Iso(read.End), TariffEnergyModel.Of(said.Active),
            TariffEnergyModel.Of(said.Inductive), TariffEnergyModel.Of(said.Capacitive),
            new TariffMaximumModel(said.MaximumDemand.Kilowatts, Iso(read.MaximumAt), (int)said.MaximumDemand.Quality),
            TariffValueModel.Of(said.Excess),
            TariffValueModel.Of(said.Reserve7), TariffValueModel.Of(said.Reserve8), TimeText.Format(stored.ReadAt, zone));

        string? Iso(Instant? time) => time is { } known ? TimeText.Format(known, zone) : null;
    }
}

/// <summary>The tariff information of a contract, 1 to 3.</summary>
public sealed record TariffContractModel(int Contract, IReadOnlyList<TariffPeriodModel> Current, IEnumerable<TariffPeriodModel> Closed)
{
    public static TariffContractModel Of(
        byte record, IEnumerable<StoredTariff> current, IEnumerable<StoredTariff> closed, DateTimeZone zone) => new(
        record - RecordAddress.Contract1 + 1, [.. current.Select(stored => TariffPeriodModel.Of(stored, zone))],
        closed.Select(stored => TariffPeriodModel.Of(stored, zone)));
}

/// <summary>The tariff information of a meter; a contract of which nothing is known is left out.</summary>
public sealed record TariffModel(
    string Meter, IReadOnlyDictionary<string, string> Units, IEnumerable<TariffContractModel> Contracts)
{
    // The excess has none: some meters give it in kW, others a figure computed from it (protocol notes 4.7).
    private static readonly Dictionary<string, string> UnitsByName = new()
    {
        ["active"] = "kWh",
        ["inductive"] = "kvarh",
        ["capacitive"] = "kvarh",
        ["maximumDemand"] = "kW",
    };

    private static readonly byte[] Records = [RecordAddress.Contract1, RecordAddress.Contract1 + 1, RecordAddress.Contract1 + 2];

    /// <summary>What is stored, with the closed periods that ended in a range.</summary>
    public static TariffModel Of(ReadingsStore store, string meter, TimeRange range, DateTimeZone zone) => new(
        meter, UnitsByName,
        from record in Records
        let current = store.CurrentTariff(meter, record)
        let closed = store.ClosedTariff(meter, record, range)
        where current.Count > 0 || closed.Any()
        select TariffContractModel.Of(record, current, closed, zone));

    /// <summary>What was read just now.</summary>
    public static TariffModel Of(string meter, IEnumerable<StoredTariff> periods, DateTimeZone zone) => new(
        meter, UnitsByName,
        periods.GroupBy(stored => stored.Record).Select(contract => TariffContractModel.Of(
            contract.Key, contract.Where(stored => !stored.IsClosed), contract.Where(stored => stored.IsClosed), zone)));
}

/// <summary>A daily closing; a register is null when it was not delivered.</summary>
public sealed record ClosingModel(
    string At, uint? APlus, uint? AMinus, uint? R1, uint? R2, uint? R3, uint? R4, uint? Res1, uint? Res2, IReadOnlyList<int?> Quality,
    bool Derived, string ReadAt)
{
    public static ClosingModel Of(StoredInterval closing, DateTimeZone zone)
    {
        var row = closing.Row;
        return new ClosingModel(
            TimeText.Format(closing.End, zone), Register(1), Register(2), Register(3), Register(4), Register(5), Register(6), Register(7),
            Register(8),
            Enumerable.Range(1, 8).Select(address => row.Has(address) ? (int?)row.GetQuality(address) : null).ToList(), closing.IsDerived,
            TimeText.Format(closing.ReceivedAt, zone));

        uint? Register(int address) => row.Has(address) ? row.GetValue(address) : null;
    }
}

/// <summary>The daily closings of a meter: absolute registers at midnight.</summary>
public sealed record ClosingsModel(string Meter, IReadOnlyDictionary<string, string> Units, IEnumerable<ClosingModel> Closings)
{
    public static ClosingsModel Of(string meter, IEnumerable<StoredInterval> closings, DateTimeZone zone) =>
        new(meter, EnergyUnits.ByName, closings.Select(closing => ClosingModel.Of(closing, zone)));
}

/// <summary>A clock check; the drift since the check before it is null where there is nothing to compare with.</summary>
public sealed record ClockCheckModel(
    string Time, string MeterTime, double OffsetSeconds, double UncertaintySeconds, double? DriftSecondsPerDay);

/// <summary>An attempt to set a meter's clock.</summary>
public sealed record ClockWriteModel(string Time, double OffsetBeforeSeconds, string Written, string Outcome, string? Error);

/// <summary>What is known about a meter's clock; labels are civil times as on the wire.</summary>
public sealed record ClockModel(string Meter, IEnumerable<ClockCheckModel> Checks, IEnumerable<ClockWriteModel> Writes)
{
    /// <summary>When checks follow each other sooner than this, their uncertainty outweighs the drift.</summary>
    private static readonly Duration LeastBetween = Duration.FromMinutes(10);

    /// <summary>From how many seconds on the offset is a problem, clock.alarm.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AlarmSeconds { get; init; }

    /// <summary>Whether the clock of the server that reads the meter is known to be synchronised: no other is set from it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ServerClockSynchronised { get; init; }

    /// <summary>Checks and writes by time; the writes are enumerated twice.</summary>
    public static ClockModel Of(
        string meter, IEnumerable<ClockReading> checks, IEnumerable<ClockWritten> writes, DateTimeZone zone) => new(
        meter, Checked(checks, writes, zone),
        writes.Select(write => new ClockWriteModel(
            TimeText.Format(write.ReadAt, zone), Seconds(write.OffsetBefore), write.Written.ToString(), Names.Of(write.Outcome),
            write.Error)));

    private static IEnumerable<ClockCheckModel> Checked(
        IEnumerable<ClockReading> checks, IEnumerable<ClockWritten> writes, DateTimeZone zone)
    {
        using var changes = writes.Where(write => write.Outcome != ClockWriteOutcome.Refused).GetEnumerator();
        var isChange = changes.MoveNext();
        ClockReading? before = null;
        foreach (var check in checks)
        {
            // Whether the clock may have been set between the two checks.
            var set = false;
            for (; isChange && changes.Current.ReadAt <= check.ReadAt; isChange = changes.MoveNext())
                set |= changes.Current.ReadAt > before?.ReadAt;
            yield return new ClockCheckModel(
                TimeText.Format(check.ReadAt, zone), check.Tag.ToString(), Seconds(check.Offset), Seconds(check.Uncertainty),
                before is null || set ? null : Drift(before, check));
            before = check;
        }
    }

    /// <summary>By how much the clock gains in a day; null when the checks follow each other too soon.</summary>
    private static double? Drift(ClockReading before, ClockReading check)
    {
        var between = check.ReadAt - before.ReadAt;
        return between < LeastBetween ? null : Math.Round((check.Offset - before.Offset).TotalSeconds / between.TotalDays, 3) + 0.0;
    }

    // Adding zero avoids -0 for a small negative figure.
    private static double Seconds(Duration duration) => Math.Round(duration.TotalSeconds, 3) + 0.0;
}
