using Iec102.Protocol.Application;


namespace Iec102.Simulator.Meters;

/// <summary>Types 100, 141, 156, 162, 182 and 185 (protocol notes 4.3, 4.6, 4.8 and 4.9): one ASDU each, pattern A.</summary>
internal static class ConfigurationAnswers
{
    private const byte HourlyMinutes = 60;

    public static IAnswer To(in Asdu request, MeterMoment meter)
    {
        switch (request.Header.Type)
        {
            case TypeIdentification.ReadDeviceIdentification:
                return MeterMoment.One((asdu, header) => ConfigurationData.Identification(meter.Options).Write(asdu, header), request);
            case TypeIdentification.ReadInstantaneousValues:
                return Instantaneous(request, meter);
            case TypeIdentification.ReadFurtherConfiguration:
                return Further(request, meter);
            case var _ when !MeterMoment.IsBare(request):
                return meter.Refuse(request, CauseOfTransmission.TypeNotAvailable);
            case TypeIdentification.ReadConfiguration:
                return MeterMoment.One(
                    (asdu, header) => ConfigurationData.Registrar(meter.Options, meter.Behaviour).Write(asdu, header), request);
            case TypeIdentification.ReadClockChangeDates:
                return MeterMoment.One(
                    (asdu, header) => ConfigurationData.ClockChanges(meter.Clock, meter.Options.Zone).Write(asdu, header), request);
            default:
                var point = PointOf(request.Header.PointAddress, meter.Options);
                return MeterMoment.One((asdu, header) => point.Write(asdu, header), request);
        }
    }

    private static SingleAnswer Instantaneous(in Asdu request, MeterMoment meter)
    {
        if (!MeterMoment.TryReadObjects(request, ObjectAddress.Totals, ObjectAddress.CurrentsAndVoltages, out var wanted))
            return meter.Refuse(request, CauseOfTransmission.ObjectNotAvailable);
        var all = meter.Data.InstantaneousAt(meter.Clock, meter.Calendar.LabelOf(meter.Clock));
        var values = new InstantaneousValues(
            wanted.Contains(ObjectAddress.Totals) ? all.Totals : null,
            wanted.Contains(ObjectAddress.Powers) ? all.Powers : null,
            wanted.Contains(ObjectAddress.CurrentsAndVoltages) ? all.CurrentsAndVoltages : null);
        return MeterMoment.One((asdu, header) => values.Write(asdu, header), request);
    }

    private static SingleAnswer Further(in Asdu request, MeterMoment meter) =>
        MeterMoment.TryReadObjects(request, ObjectAddress.Battery, ObjectAddress.ClosingByButton, out var wanted)
            ? MeterMoment.One(
                (asdu, header) => ConfigurationData.Further(wanted, meter.Options, meter.Behaviour).Write(asdu, header), request)
            : meter.Refuse(request, CauseOfTransmission.ObjectNotAvailable);

    /// <summary>The access key is not disclosed: 0 is sent instead.</summary>
    private static PointParameters PointOf(ushort point, MeterOptions options) =>
        new(options.LinkAddress, (byte)options.Points.Count, point, new Masked<uint>(0), HourlyMinutes, (ushort)options.HistoryDays);
}
