using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>Answers of meters, as octets.</summary>
internal static class MeterAnswers
{
    public static readonly byte[] EventRecords = [52, 53, 54, 55, 128, 129, 130, 131, 132, 133];

    private delegate int Writer(Span<byte> asdu, AsduHeader header);

    public static byte[] Identification(uint serial) =>
        Write(TypeIdentification.DeviceIdentification, 0, new DeviceIdentification(2002, 4, 66, serial).Write);

    public static byte[] Clock(Instant time, DateTimeZone zone) =>
        Write(TypeIdentification.CurrentTime, 0, new MeterClock(CivilTime.ToTagB(time, zone)).Write);

    public static byte[] Registrar(
        byte firmware = 77, byte period1 = 60, byte period2 = 0, ContractState contract1 = default, ContractState contract2 = default,
        TransformerRatios ratios = default) =>
        Write(TypeIdentification.Configuration, 0, new RegistrarConfiguration
        {
            Model = "KA",
            Firmware = firmware,
            SerialNumber = 48304838,
            Modem = new Masked<string>("AT+CPIN=4711"),
            Period1Minutes = period1,
            Period2Minutes = period2,
            Contract1 = contract1,
            Contract2 = contract2,
            Ratios = ratios,
        }.Write);

    public static byte[] Further(FurtherConfiguration configuration) =>
        Write(TypeIdentification.FurtherConfiguration, 0, configuration.Write);

    public static byte[] PointParameters(uint key) =>
        Write(TypeIdentification.PointParameters, 0, new PointParameters(34572, 1, 1, new Masked<uint>(key), 60, 180).Write);

    /// <summary>One answer of each configuration type that every meter gives; the meter has no contract.</summary>
    public static IReadOnlyList<byte[]> SetUp(byte period2) =>
    [
        Registrar(period2: period2),
        Further(new FurtherConfiguration { BatteryPercent = 90 }),
        PointParameters(1),
        Write(TypeIdentification.ClockChangeDates, 0, default(ClockChangeDates).Write),
    ];

    /// <summary>A meter whose facts and configuration have all been read so recently that none is due for a month.</summary>
    public static KnownIdentity Everything(string meter, uint? serial, Instant now)
    {
        var read = now + Duration.FromDays(30);
        return new KnownIdentity(
            meter, serial, null, [.. SetUp(period2: 15).Select(answer => new ConfigurationRead(meter, serial ?? 0, read, answer))],
            [
                .. EventRecords.Select(record => new FactProgress(FactKind.Events, record, read)),
                new FactProgress(FactKind.Closings, 21, read),
            ]);
    }

    public static byte[] Events(byte record, params MeterEvent[] events) =>
        Write(TypeIdentification.Events, record, (asdu, header) => MeterEvent.WriteAll(asdu, header, events));

    public static MeterEvent Event(byte spa, byte spq, Instant time, DateTimeZone zone, bool spi = false) =>
        new(spa, spq, spi, CivilTime.ToTagB(time, zone));

    public static byte[] Totals(byte record, Instant at, uint register, DateTimeZone zone)
    {
        var row = new TotalsRow { Time = CivilTime.ToTagA(at, zone) };
        for (var address = 1; address <= 8; address++)
            row.Set(address, register, default);
        return Write(TypeIdentification.IntegratedTotals, record, (asdu, header) => TotalsCodec.WriteTotals(asdu, header, row));
    }

    public static byte[] Tariff(TypeIdentification type, byte record, byte period, Instant from, Instant to, DateTimeZone zone) =>
        Write(type, record, (asdu, header) => TariffInformation.WriteAll(
            asdu, header,
            [new TariffInformation { ObjectAddress = period, From = CivilTime.ToTagA(from, zone), To = CivilTime.ToTagA(to, zone) }]));

    public static byte[] Instantaneous(InstantaneousValues values) => Write(TypeIdentification.InstantaneousValues, 0, values.Write);

    private static byte[] Write(TypeIdentification type, byte record, Writer write)
    {
        var asdu = new byte[Asdu.MaxLength];
        return asdu[..write(asdu, new AsduHeader(type, 1, CauseOfTransmission.Request, 1, record))];
    }
}
