using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Server.Tests.Api;

/// <summary>Answers in which a meter gives its configuration.</summary>
internal static class Configurations
{
    private delegate int Write(Span<byte> asdu, AsduHeader header);

    private static readonly TimeTagA Time = new(new LocalDateTime(2024, 7, 15, 12, 0), true);
    private static readonly TransformerRatios Ratios = new(175_000, 1_100, 1_000, 50);

    public static byte[][] All =>
    [
        Asdu(0, (asdu, header) => new RegistrarConfiguration
        {
            Manufacturer = 66, Model = "KA", Firmware = 77, SerialNumber = ToldServer.Serial, StandardYear = 2002, StandardMonth = 4,
            BatteryPercent = 38,
            ProtocolDate = Time, Port1 = new PortFormat(6, 8), OpticalPort = new PortFormat(6, 7), Ratios = Ratios, Period1Minutes = 60,
            Period2Minutes = 15,
            Contract1 = ContractState.Active, Contract2 = ContractState.Inactive,
        }.Write(asdu, header)),
        Asdu(
            0,
            (asdu, header) => new FurtherConfiguration { BatteryPercent = 37, AutomaticClockChange = OnOff.On, Program = "PRG-1" }
                .Write(asdu, header)),
        Asdu(
            0,
            (asdu, header) => new FurtherConfiguration { CurvePeriods = new CurvePeriods(60, 15), ClosingByButton = OnOff.Off }
                .Write(asdu, header)),
        Asdu(0, (asdu, header) => new PointParameters(1, 1, 1, new Masked<uint>(0), 60, 180).Write(asdu, header)),
        Asdu(0, (asdu, header) => new ClockChangeDates(
            new TimeTagA(new LocalDateTime(2024, 3, 31, 2, 0), false),
            new TimeTagA(new LocalDateTime(2024, 10, 27, 3, 0), true)).Write(asdu, header)),
        Powers(50),
        Asdu(134, (asdu, header) => Holidays.Write(
            asdu, header,
            [new TimeTagA(new LocalDateTime(2024, 8, 15, 0, 0), true), new TimeTagA(new LocalDateTime(2099, 12, 25, 0, 0), false)])),
        Asdu(137, (asdu, header) => new ContractObjects(
            new SeasonTable(1, 2, [new Season(new TimeTagA(new LocalDateTime(2099, 1, 1, 0, 0), false), 1, 2)], [Hours(3), Hours(6)], Time),
            null, null).Write(asdu, header)),
        Asdu(134, (asdu, header) => new ContractObjects(null, new CurrentPeriods(2, 3, 0, Time), null).Write(asdu, header)),
        Asdu(134, (asdu, header) => new ContractObjects(null, null, new RawObjects(1, (byte[])[192, 0xAB, 0xCD])).Write(asdu, header)),
    ];

    public static byte[] Powers(uint power) =>
        Asdu(
            134,
            (asdu, header) =>
                ContractedPower.WriteAll(asdu, header, [new ContractedPower(21, power), new ContractedPower(22, power + 5)], Time));

    private static byte[] Hours(byte period) => [.. Enumerable.Repeat(period, 24)];

    private static byte[] Asdu(byte record, Write write)
    {
        var asdu = new byte[Protocol.Application.Asdu.MaxLength];
        return asdu[..write(asdu, new AsduHeader(default, 0, CauseOfTransmission.Request, 1, record))];
    }
}
