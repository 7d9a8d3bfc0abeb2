using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Protocol.Tests;

/// <summary>Tariffs, contracts and configuration: octets made by hand after the layouts in the protocol notes, read and written.</summary>
public class ParameterTests
{
    private static readonly AsduHeader Header = new(default, 0, CauseOfTransmission.Request, 1, RecordAddress.Contract1);
    private static readonly TimeTagA July = new(new LocalDateTime(2024, 7, 1, 0, 0), summerTime: true);

    private delegate int Writing(Span<byte> asdu);

    [Fact]
    public void Stored_tariff_information_of_the_notes()
    {
        var asdu = Octets.AsduOf(Worked.StoredTariff);
        TariffInformation.TryReadAll(asdu, out var objects).ShouldBeTrue();
        TimeTagA july = TimeTagA.Read(Octets.Of("00 80 21 07 18")), august = TimeTagA.Read(Octets.Of("00 80 81 08 18"));
        var expected = new TariffInformation(
            20, new(100000, 5000), new(20000, 800), new(300, 12), new(0, Quality.Invalid), new(0, Quality.Invalid),
            new(84, new TimeTagA(new LocalDateTime(2024, 7, 18, 12, 0), summerTime: true)), new(0), july, august);
        objects.ShouldBe([expected]);
        ShouldWrite(asdu.Octets,
            written => TariffInformation.WriteAll(written, Header with { Type = TypeIdentification.StoredTariff }, [expected]));
    }

    [Fact]
    public void Three_objects_of_tariff_information_fit_in_a_frame()
    {
        TariffInformation.TryReadAll(Octets.AsduOf(Worked.StoredTariff), out var one).ShouldBeTrue();
        TariffInformation[] three = [one[0], one[0] with { ObjectAddress = 21 }, one[0] with { ObjectAddress = 22 }];
        var written = new byte[Asdu.MaxLength];
        var header = Header with { Type = TypeIdentification.CurrentTariff };
        var length = TariffInformation.WriteAll(written, header, three);
        length.ShouldBe(6 + 3 * 63);
        TariffInformation.TryReadAll(Octets.Asdu(written.AsSpan(0, length)), out var read).ShouldBeTrue();
        read.ShouldBe(three);
        TariffInformation.TryReadAll(Octets.Asdu(written.AsSpan(0, length - 1)), out _).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => TariffInformation.WriteAll(written, header, [.. three, one[0]]));
        Should.Throw<ArgumentException>(() => TariffInformation.WriteAll(written, header with { Type = TypeIdentification.Events }, three));
    }

    [Fact]
    public void Dates_of_the_clock_changes()
    {
        var octets = Octets.Of("83 01 05 01 00 86 00 02 ff 03 18 00 83 fb 0a 18");
        ClockChangeDates.TryRead(Octets.Asdu(octets), out var dates).ShouldBeTrue();
        dates.ToString().ShouldContain("2024-03-31 02:00 W");
        dates.ToWinter.ToString().ShouldBe("2024-10-27 03:00 S");
        ShouldWrite(octets, written => dates.Write(written, Header));
        ClockChangeDates.TryRead(Octets.Asdu(octets.AsSpan(..^1)), out _).ShouldBeFalse();
    }

    [Fact]
    public void Point_parameters_with_a_key_that_is_not_shown()
    {
        var octets = Full(129, "58 1b 02 03 00 d1 c2 b3 a4 3c 5a 00");
        PointParameters.TryRead(Octets.Asdu(octets), out var parameters).ShouldBeTrue();
        parameters.ShouldBe(new PointParameters(7000, 2, 3, new Masked<uint>(0xA4B3C2D1), 60, 90));
        parameters.Key.Reveal().ShouldBe(0xA4B3C2D1);
        ShouldWrite(octets, written => parameters.Write(written, Header));
        parameters.ToString().ShouldContain("Key = **");
        parameters.ToString().ShouldNotContain("2763244241");
        PointParameters.TryRead(Octets.Asdu(octets.AsSpan(..^1)), out _).ShouldBeFalse();
    }

    [Fact]
    public void The_configuration_of_a_registrar()
    {
        var octets = Full(142, Configuration);
        RegistrarConfiguration.TryRead(Octets.Asdu(octets), out var read).ShouldBeTrue();
        var expected = new RegistrarConfiguration
        {
            Manufacturer = 7,
            Model = "ZX",
            Firmware = 9,
            SerialNumber = 12345678,
            StandardYear = 2002,
            StandardMonth = 4,
            ProtocolDate = July,
            BatteryPercent = 98,
            Port1 = new PortFormat(6, 8),
            Port1StartMode = 255,
            Modem = new Masked<string>("AT+CPIN=4711"),
            Port2 = new PortFormat(12, 7),
            OpticalPort = new PortFormat(255, 13),
            Ratios = new TransformerRatios(1100000, 1100, 2000, 50),
            Period1Minutes = 60,
            Period2Minutes = 15,
            Contract1 = ContractState.Active,
            Contract2 = ContractState.Inactive,
            Contract3 = ContractState.None,
        };
        read.ShouldBe(expected);
        (read.Port1.Baud, read.Port1.Line).ShouldBe((9600, "8E1"));
        (read.Port2.Baud, read.Port2.Line).ShouldBe((115200, "8N1"));
        (read.OpticalPort.Baud, read.OpticalPort.Line).ShouldBe((null, null));
        ShouldWrite(octets, written => expected.Write(written, Header));
        read.ToString().ShouldNotContain("4711");
        read.Modem.Reveal().ShouldBe("AT+CPIN=4711");
        RegistrarConfiguration.TryRead(Octets.Asdu(octets.AsSpan(..^1)), out _).ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => (expected with { Model = "ZXY" }).Write(new byte[Asdu.MaxLength], Header));
        Should.Throw<ArgumentOutOfRangeException>(
            () => (expected with { StandardYear = 2016 }).Write(new byte[Asdu.MaxLength], Header));
    }

    [Fact]
    public void Contracted_powers()
    {
        var octets = Octets.Of("91 02 05 01 00 86 15 e8 03 00 00 16 d0 07 00 00 00 80 21 07 18");
        ContractedPower.TryReadAll(Octets.Asdu(octets), out var powers, out var time).ShouldBeTrue();
        powers.ShouldBe([new(21, 1000), new(22, 2000)]);
        time.ShouldBe(July);
        ShouldWrite(octets, written => ContractedPower.WriteAll(written, Header, [new(21, 1000), new(22, 2000)], July));
        octets[1] = 3;
        ContractedPower.TryReadAll(Octets.Asdu(octets), out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Holidays_of_a_contract()
    {
        var octets = Octets.Of("94 02 05 01 00 86 00 00 01 01 63 00 80 21 07 18");
        Holidays.TryRead(Octets.Asdu(octets), out var dates).ShouldBeTrue();
        dates.Select(date => (date.Year, date.Month, date.Day)).ShouldBe([(2099, 1, 1), (2024, 7, 1)]);
        ShouldWrite(octets, written => Holidays.Write(written, Header, dates));
        octets[1] = 1;
        Holidays.TryRead(Octets.Asdu(octets), out _).ShouldBeFalse();
    }

    [Fact]
    public void Seasons_and_current_periods()
    {
        var octets = Octets.Of($"97 02 05 01 00 86 {Seasons} c5 03 02 01 00 80 21 07 18");
        ContractObjects.TryRead(Octets.Asdu(octets), out var objects).ShouldBeTrue();
        var table = objects.Seasons.ShouldNotBeNull();
        (table.Sense, table.Type, table.Time).ShouldBe(((byte)1, (byte)2, July));
        table.Seasons.Select(season => (season.Start.Month, season.WorkingDayType, season.HolidayType))
            .ShouldBe([(1, (byte)1, (byte)2), (6, (byte)2, (byte)2)]);
        table.DayTypes.Count.ShouldBe(2);
        table.DayTypes[0].ShouldBe([.. Enumerable.Repeat((byte)6, 8), 2, 1, .. Enumerable.Repeat((byte)3, 14)]);
        table.DayTypes[1].ShouldAllBe(period => period == 6);
        objects.CurrentPeriods.ShouldBe(new CurrentPeriods(3, 2, 1, July));
        objects.Raw.ShouldBeNull();
        ShouldWrite(octets, written => objects.Write(written, Header));
        for (var length = AsduHeader.Length; length < octets.Length; length++)
            ContractObjects.TryRead(Octets.Asdu(octets.AsSpan(..length)), out _).ShouldBeFalse();
        var wrong = objects with { Seasons = table with { Seasons = [new Season(July, 16, 1)] } };
        Should.Throw<ArgumentOutOfRangeException>(() => wrong.Write(new byte[Asdu.MaxLength], Header));
    }

    [Fact]
    public void Contract_objects_of_unknown_layout_stay_octets()
    {
        var octets = Octets.Of("97 03 05 01 00 86 c5 03 02 01 00 80 21 07 18 c3 01 02 03 c4 05");
        ContractObjects.TryRead(Octets.Asdu(octets), out var objects).ShouldBeTrue();
        objects.CurrentPeriods.ShouldNotBeNull();
        var raw = objects.Raw.ShouldNotBeNull();
        (raw.Count, raw.FirstAddress).ShouldBe(((byte)2, (byte)195));
        Octets.Hex(raw.Octets).ShouldBe("c3 01 02 03 c4 05");
        ShouldWrite(octets, written => objects.Write(written, Header));
    }

    [Fact]
    public void All_objects_of_the_further_configuration()
    {
        var octets = Octets.Of($"9d 0a 05 01 00 86 {FurtherObjects}");
        FurtherConfiguration.TryRead(Octets.Asdu(octets), out var read).ShouldBeTrue();
        var expected = new FurtherConfiguration
        {
            BatteryPercent = 97,
            AutomaticClockChange = OnOff.On,
            MinutesBetweenClosings = 30,
            Alarms = new AlarmSwitches(OnOff.On, OnOff.Off),
            VoltageFaults = new VoltageFaults(OnOff.Off, OnOff.On, OnOff.Off),
            CurvePeriods = new CurvePeriods(60, 15),
            Ratios = new TransformerRatios(1100000, 1100, 2000, 50),
            ClockReference = ClockReference.Quartz,
            Program = "PROGRAM 1",
            ClosingByButton = OnOff.Off,
        };
        read.ShouldBe(expected);
        ShouldWrite(octets, written => expected.Write(written, Header));
        for (var length = AsduHeader.Length; length < octets.Length; length++)
            FurtherConfiguration.TryRead(Octets.Asdu(octets.AsSpan(..length)), out _).ShouldBeFalse();
    }

    [Fact]
    public void Further_objects_of_unknown_layout_stay_octets_and_only_two_bits_of_a_switch_count()
    {
        FurtherConfiguration.TryRead(Octets.Asdu(Octets.Of("9d 02 05 01 00 00 c1 fe ca 01 02")), out var read).ShouldBeTrue();
        read.AutomaticClockChange.ShouldBe(OnOff.On);
        Octets.Hex(read.Raw.ShouldNotBeNull().Octets).ShouldBe("ca 01 02");
        ShouldWrite(Octets.Of("9d 02 05 01 00 86 c1 02 ca 01 02"), written => read.Write(written, Header));
        FurtherConfiguration.TryRead(Octets.Asdu(Octets.Of("9d 01 05 01 00 00 c1 fe ca")), out _).ShouldBeFalse();
    }

    /// <summary>Data of 142 without the reserved octets, made for this test.</summary>
    internal const string Configuration =
        "07 5a 58 09 4e 61 bc 00 24 00 80 21 07 18 62 06 08 ff 41 54 2b 43 50 49 4e 3d 34 37 31 31 00 00 00 00 00 00 00 00 0c 07 ff 0d "
        + "e0 c8 10 00 4c 04 00 00 d0 07 00 00 32 00 00 00 3c 0f 00 06";

    /// <summary>Object 193 with two seasons and two day types, made for this test.</summary>
    internal const string Seasons =
        "c1 01 02 02 00 00 01 01 63 21 00 00 01 06 63 22 "
        + "02 66 66 66 66 12 33 33 33 33 33 33 33 66 66 66 66 66 66 66 66 66 66 66 66 00 80 21 07 18";

    /// <summary>Objects 192 to 201, made for this test.</summary>
    internal const string FurtherObjects =
        "c0 61 c1 02 c2 1e c3 02 01 c4 01 02 01 c5 3c 0f c6 e0 c8 10 00 4c 04 00 00 d0 07 00 00 32 00 00 00 c7 02 "
        + "c8 50 52 4f 47 52 41 4d 20 31 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 c9 01";

    /// <summary>An ASDU with 246 octets of data; the first ones are given, the rest are zero.</summary>
    internal static byte[] Full(byte type, string data)
    {
        var asdu = new byte[AsduHeader.Length + 246];
        (Header with { Type = (TypeIdentification)type, Count = 1 }).Write(asdu);
        Octets.Of(data).CopyTo(asdu, AsduHeader.Length);
        return asdu;
    }

    private static void ShouldWrite(ReadOnlySpan<byte> octets, Writing write)
    {
        var written = new byte[Asdu.MaxLength];
        written.AsSpan().Fill(0xEE);
        Octets.Hex(written.AsSpan(0, write(written))).ShouldBe(Octets.Hex(octets));
    }
}
