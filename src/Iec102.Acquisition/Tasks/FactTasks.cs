using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>Makes the tasks that read everything from a meter besides current values and curves.</summary>
/// <param name="meter">The meter.</param>
/// <param name="progress">Up to where its facts are stored.</param>
/// <param name="wanted">
/// The range in which somebody wants events, closings and closed tariff periods; null to read them onwards from what is stored.
/// </param>
internal sealed class FactTasks(MeterConfiguration meter, IReadOnlyList<FactProgress> progress, TimeRange? wanted = null)
{
    private static readonly byte[] FurtherObjects =
    [
        ObjectAddress.Battery, ObjectAddress.AutomaticClockChange, ObjectAddress.MinutesBetweenClosings, ObjectAddress.Alarms,
        ObjectAddress.VoltageFaults, ObjectAddress.CurvePeriods, ObjectAddress.Ratios, ObjectAddress.ClockReference, ObjectAddress.Program,
        ObjectAddress.ClosingByButton,
    ];

    private static readonly byte[] ContractObjects = [ObjectAddress.Seasons, ObjectAddress.CurrentPeriods];

    /// <summary>The records of contracts I, II and III.</summary>
    public static IReadOnlyList<byte> Contracts { get; } =
        [RecordAddress.Contract1, RecordAddress.Contract1 + 1, RecordAddress.Contract1 + 2];

    /// <summary>Model, firmware, periods, ports: type 141.</summary>
    public FactTask Registrar() =>
        new ConfigurationTask(meter.Id, "its configuration", TypeIdentification.ReadConfiguration, null, Request.ReadConfiguration);

    /// <summary>Battery, alarms, ratios and the like: type 156.</summary>
    public FactTask Further() =>
        new ObjectsTask(meter.Id, "its further configuration", TypeIdentification.ReadFurtherConfiguration, null, FurtherObjects);

    /// <summary>The dates of the clock changes, type 185.</summary>
    public FactTask ClockChanges() => new ConfigurationTask(
        meter.Id, "the dates of its clock changes", TypeIdentification.ReadClockChangeDates, null, Request.ReadClockChangeDates);

    /// <summary>The measurement point, type 182.</summary>
    public FactTask Parameters() => new ConfigurationTask(
        meter.Id, "the parameters of its measurement point", TypeIdentification.ReadPointParameters, null, Request.ReadPointParameters);

    /// <summary>The events of a record, type 102.</summary>
    public FactTask Events(byte record) =>
        new EventsTask(meter.Id, record, Duration.FromTimeSpan(meter.EventsEvery), ReadTo(FactKind.Events, record), wanted);

    /// <summary>The registers at midnight, type 122.</summary>
    public FactTask Closings(byte record = RecordAddress.DailyTotals1) => new ClosingsTask(
        meter, ReadTo(FactKind.Closings, record), ReadTo(FactKind.Closings, RecordAddress.LoadCurve1), record, wanted);

    /// <summary>The tariff period of a contract that is running, type 133.</summary>
    public FactTask CurrentTariff(byte contract) => new CurrentTariffTask(meter.Id, contract);

    /// <summary>The closed tariff periods of a contract, type 134.</summary>
    public FactTask ClosedTariff(byte contract) =>
        new ClosedTariffTask(meter.Id, contract, ReadTo(FactKind.ClosedTariff, contract), wanted);

    /// <summary>The contracted powers, type 144.</summary>
    public FactTask Powers(byte contract) => new ConfigurationTask(
        meter.Id, $"the contracted powers of {ContractName.Of(contract)}", TypeIdentification.ReadContractedPowers, contract,
        point => Request.ReadContractedPowers(point, contract));

    /// <summary>The holidays, type 147.</summary>
    public FactTask Holidays(byte contract) => new ConfigurationTask(
        meter.Id, $"the holidays of {ContractName.Of(contract)}", TypeIdentification.ReadHolidays, contract,
        point => Request.ReadHolidays(point, contract));

    /// <summary>The seasons, type 150.</summary>
    public FactTask Seasons(byte contract) => new ObjectsTask(
        meter.Id, $"the seasons of {ContractName.Of(contract)}", TypeIdentification.ReadContractObjects, contract, ContractObjects);

    private Instant? ReadTo(FactKind kind, byte record) =>
        progress.FirstOrDefault(known => known.Kind == kind && known.Record == record)?.ReadTo;
}
