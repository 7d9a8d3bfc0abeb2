using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Storage.Reading;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Server.Contract;

/// <summary>An event in the API; its time is null when the meter's label is not a date.</summary>
internal sealed record EventModel(int Record, string RecordName, int Spa, int Spq, int Spi, string Text, string? Time, string ReadAt)
{
    public static EventModel Of(StoredEvent stored, DateTimeZone zone, EventLanguage language) => new(
        stored.Record, EventText.OfRecord(stored.Record, language), stored.Event.Spa, stored.Event.Spq, stored.Event.Spi ? 1 : 0,
        EventText.Of(stored.Event, language), stored.Time is { } time ? TimeText.FormatMilliseconds(time, zone) : null,
        TimeText.Format(stored.ReadAt, zone));
}

/// <summary>The events of a meter.</summary>
internal sealed record EventsModel(string Meter, IReadOnlyList<EventModel> Events)
{
    public static EventsModel Of(string meter, IEnumerable<StoredEvent> events, DateTimeZone zone, EventLanguage language) =>
        new(meter, events.Select(stored => EventModel.Of(stored, zone, language)).ToList());
}

/// <summary>An energy of a tariff period: the reading at its end, the energy during it, and the quality octet.</summary>
internal sealed record TariffEnergyModel(uint Absolute, uint Increment, int Quality)
{
    public static TariffEnergyModel Of(TariffEnergy energy) => new(energy.Absolute, energy.Increment, (int)energy.Quality);
}

/// <summary>A value of a tariff period.</summary>
internal sealed record TariffValueModel(uint Value, int Quality)
{
    public static TariffValueModel Of(TariffValue value) => new(value.Value, (int)value.Quality);
}

/// <summary>The maximum demand of a tariff period, kW.</summary>
internal sealed record TariffMaximumModel(uint Value, string? Time, int Quality);

/// <summary>A tariff period; period 0 is the total. A time is null when the meter's label is not a date.</summary>
internal sealed record TariffPeriodModel(
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
internal sealed record TariffContractModel(int Contract, IReadOnlyList<TariffPeriodModel> Current, IReadOnlyList<TariffPeriodModel> Closed);

/// <summary>The tariff information of a meter.</summary>
internal sealed record TariffModel(string Meter, IReadOnlyList<TariffContractModel> Contracts)
{
    public static TariffModel Of(string meter, IEnumerable<StoredTariff> periods, DateTimeZone zone) => new(
        meter,
        periods.GroupBy(stored => stored.Record).Select(contract => new TariffContractModel(
            contract.Key - RecordAddress.Contract1 + 1,
            contract.Where(stored => !stored.IsClosed).Select(stored => TariffPeriodModel.Of(stored, zone)).ToList(),
            contract.Where(stored => stored.IsClosed).Select(stored => TariffPeriodModel.Of(stored, zone)).ToList())).ToList());
}

/// <summary>A daily closing; a register is null when it was not delivered.</summary>
internal sealed record ClosingModel(
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
internal sealed record ClosingsModel(string Meter, IReadOnlyList<ClosingModel> Closings)
{
    public static ClosingsModel Of(string meter, IEnumerable<StoredInterval> closings, DateTimeZone zone) =>
        new(meter, closings.Select(closing => ClosingModel.Of(closing, zone)).ToList());
}

/// <summary>A clock check; the drift since the check before it is null where there is nothing to compare with.</summary>
internal sealed record ClockCheckModel(
    string Time, string MeterTime, double OffsetSeconds, double UncertaintySeconds, double? DriftSecondsPerDay);

/// <summary>An attempt to set a meter's clock.</summary>
internal sealed record ClockWriteModel(string Time, double OffsetBeforeSeconds, string Written, string Outcome, string? Error);

/// <summary>What is known about a meter's clock; labels are civil times as on the wire.</summary>
internal sealed record ClockModel(string Meter, IReadOnlyList<ClockCheckModel> Checks, IReadOnlyList<ClockWriteModel> Writes)
{
    /// <summary>When checks follow each other sooner than this, their uncertainty outweighs the drift.</summary>
    private static readonly Duration LeastBetween = Duration.FromMinutes(10);

    public static ClockModel Of(
        string meter, IReadOnlyList<ClockReading> checks, IReadOnlyList<ClockWritten> writes, DateTimeZone zone) => new(
        meter,
        checks.Select((check, i) => new ClockCheckModel(
            TimeText.Format(check.ReadAt, zone), check.Tag.ToString(), Seconds(check.Offset), Seconds(check.Uncertainty),
            i == 0 ? null : Drift(checks[i - 1], check, writes))).ToList(),
        writes.Select(write => new ClockWriteModel(
            TimeText.Format(write.ReadAt, zone), Seconds(write.OffsetBefore), write.Written.ToString(), Names.Of(write.Outcome),
            write.Error)).ToList());

    /// <summary>By how much the clock gains in a day; null when it may have been set between the two checks.</summary>
    private static double? Drift(ClockReading before, ClockReading check, IReadOnlyList<ClockWritten> writes)
    {
        var between = check.ReadAt - before.ReadAt;
        var set = writes.Any(
            write => write.Outcome != ClockWriteOutcome.Refused && write.ReadAt > before.ReadAt && write.ReadAt <= check.ReadAt);
        return set || between < LeastBetween ? null : Math.Round((check.Offset - before.Offset).TotalSeconds / between.TotalDays, 3) + 0.0;
    }

    // Adding zero avoids -0 for a small negative figure.
    private static double Seconds(Duration duration) => Math.Round(duration.TotalSeconds, 3) + 0.0;
}
