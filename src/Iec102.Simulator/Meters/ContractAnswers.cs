using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;


namespace Iec102.Simulator.Meters;

/// <summary>
/// Types 144, 147 and 150 (protocol notes 4.10): contracted powers, holidays, and of the contract objects the seasons (193) and the periods
/// in force (197). The other objects have no known layout and are refused with cause 17. Records 136, 138 and 139 exist but are empty:
/// cause 13.
/// </summary>
internal static class ContractAnswers
{
    /// <summary>The sense of a season table.</summary>
    private const byte Import = 1;
    private const byte Annual = 2;

    public static IAnswer To(in Asdu request, MeterMoment meter)
    {
        byte[]? wanted = null;
        var isObjects = request.Header.Type == TypeIdentification.ReadContractObjects;
        if (!isObjects && !MeterMoment.IsBare(request))
            return meter.Refuse(request, CauseOfTransmission.TypeNotAvailable);
        if (Contract.Of(request.Header.RecordAddress) is not { } contract)
        {
            var isEmpty = IsEmpty(request.Header.RecordAddress);
            return meter.Refuse(request, isEmpty ? CauseOfTransmission.RecordNotAvailable : CauseOfTransmission.RecordNotKnown);
        }
        if (isObjects && (!MeterMoment.TryReadObjects(request, ObjectAddress.Seasons, ObjectAddress.CurrentPeriods, out wanted)
            || wanted.AsSpan().ContainsAnyExcept(ObjectAddress.Seasons, ObjectAddress.CurrentPeriods)))
            return meter.Refuse(request, CauseOfTransmission.ObjectNotAvailable);

        var now = meter.Calendar.LabelOf(meter.Clock);
        switch (request.Header.Type)
        {
            case TypeIdentification.ReadContractedPowers:
                var powers = Enumerable.Range(1, contract.PeriodCount)
                    .Select(period => new ContractedPower(
                        (byte)(ObjectAddress.TariffTotal + period), contract.PowerOf(meter.Options.SerialNumber, period)));
                return MeterMoment.One((asdu, header) => ContractedPower.WriteAll(asdu, header, powers.ToArray(), now), request);
            case TypeIdentification.ReadHolidays:
                return MeterMoment.One((asdu, header) => Holidays.Write(asdu, header, Contract.Holidays), request);
            default:
                var objects = new ContractObjects(
                    wanted!.Contains(ObjectAddress.Seasons)
                        ? new SeasonTable(Import, Annual, contract.Seasons, contract.DayTypes, now)
                        : null,
                    wanted!.Contains(ObjectAddress.CurrentPeriods) ? InForce(meter, now) : null, null);
                return MeterMoment.One((asdu, header) => objects.Write(asdu, header), request);
        }
    }

    private static bool IsEmpty(byte record) => record is >= RecordAddress.Contract1 and <= Contract.LastRecord;

    private static CurrentPeriods InForce(MeterMoment meter, TimeTagA now)
    {
        return new CurrentPeriods(PeriodOf(RecordAddress.Contract1), PeriodOf(RecordAddress.Contract1 + 1), 0, now);

        byte PeriodOf(byte record) => (byte)Contract.Of(record)!.PeriodAt(meter.Clock, meter.Options.Zone);
    }
}
