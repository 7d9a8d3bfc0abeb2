using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Protocol.Tests;

/// <summary>
/// The answers in the protocol notes have the stated meaning when they are read, and the same octets when they are written.
/// </summary>
public class WorkedAnswerTests
{
    private static readonly AsduHeader Header = new(default, 0, CauseOfTransmission.Request, 1, RecordAddress.Default);
    private static readonly TimeTagA QuarterPastTen = TimeTagA.Read(Octets.Of("0f 8a 2f 07 18"));

    [Theory]
    [InlineData(Worked.Hour1, 1, 1234u, 56u, 7u)]
    [InlineData(Worked.Hour2, 2, 1180u, 51u, 9u)]
    public void Increments_of_an_hour(string worked, int hour, uint aPlus, uint reactive1, uint reactive4)
    {
        var asdu = Octets.AsduOf(worked);
        TotalsCodec.CountRows(asdu).ShouldBe(1);
        TotalsCodec.TryReadRow(asdu, 0, out var row).ShouldBeTrue();
        var expected = Row(At(15, hour), aPlus, 0, reactive1, 0, 0, reactive4);
        expected.Set(7, 0, Quality.Invalid);
        expected.Set(8, 0, Quality.Invalid);
        row.ShouldBe(expected);
        row.Count.ShouldBe(8);

        var written = new byte[Asdu.MaxLength];
        var header = Header with { Type = TypeIdentification.IncrementalTotals, RecordAddress = RecordAddress.LoadCurve1 };
        Octets.Hex(written.AsSpan(0, TotalsCodec.WriteTotals(written, header, expected))).ShouldBe(Octets.Hex(asdu.Octets));
    }

    [Fact]
    public void Blocks_of_two_hours()
    {
        var asdu = Octets.AsduOf(Worked.Blocks);
        TotalsCodec.CountRows(asdu).ShouldBe(2);
        TotalsRow[] expected = [Row(At(15, 1), 1234, 0, 56, 0, 0, 7), Row(At(15, 2), 1180, 0, 51, 0, 0, 9)];
        for (var i = 0; i < 2; i++)
        {
            TotalsCodec.TryReadRow(asdu, i, out var row).ShouldBeTrue();
            row.ShouldBe(expected[i]);
        }

        TotalsCodec.TryReadRow(asdu, 2, out _).ShouldBeFalse();
        var written = new byte[Asdu.MaxLength];
        var header = Header with { Type = TypeIdentification.IncrementalTotalBlocks, RecordAddress = RecordAddress.LoadCurve1 };
        var length = TotalsCodec.WriteBlocks(written, header, ObjectAddress.BlockOf6, expected);
        Octets.Hex(written.AsSpan(0, length)).ShouldBe(Octets.Hex(asdu.Octets));
    }

    [Fact]
    public void A_daily_closing()
    {
        var asdu = Octets.AsduOf(Worked.DailyClosing);
        TotalsCodec.TryReadRow(asdu, 0, out var row).ShouldBeTrue();
        var expected = Row(At(15, 0), 12345678, 0, 234567, 0, 0, 3456);
        expected.Set(7, 0, Quality.Invalid);
        expected.Set(8, 0, Quality.Invalid);
        row.ShouldBe(expected);
        var written = new byte[Asdu.MaxLength];
        var header = Header with { Type = TypeIdentification.IntegratedTotals, RecordAddress = RecordAddress.DailyTotals1 };
        Octets.Hex(written.AsSpan(0, TotalsCodec.WriteTotals(written, header, expected))).ShouldBe(Octets.Hex(asdu.Octets));
    }

    [Fact]
    public void The_clock()
    {
        var asdu = Octets.AsduOf(Worked.Clock);
        MeterClock.TryRead(asdu, out var clock).ShouldBeTrue();
        var expected = new MeterClock(new TimeTagB(new LocalDateTime(2024, 3, 27, 10, 15, 30, 250), summerTime: false));
        clock.ShouldBe(expected);
        var written = new byte[Asdu.MaxLength];
        Octets.Hex(written.AsSpan(0, expected.Write(written, Header))).ShouldBe(Octets.Hex(asdu.Octets));
    }

    [Fact]
    public void The_device_identification()
    {
        var asdu = Octets.AsduOf(Worked.Identification);
        DeviceIdentification.TryRead(asdu, out var identification).ShouldBeTrue();
        var expected = new DeviceIdentification(2002, 4, 66, 12345678);
        identification.ShouldBe(expected);
        var written = new byte[Asdu.MaxLength];
        Octets.Hex(written.AsSpan(0, expected.Write(written, Header))).ShouldBe(Octets.Hex(asdu.Octets));
    }

    [Fact]
    public void Instantaneous_values_of_all_three_objects()
    {
        var asdu = Octets.AsduOf(Worked.Instantaneous);
        InstantaneousValues.TryRead(asdu, out var values).ShouldBeTrue();
        var expected = new InstantaneousValues(
            new EnergyTotals(new(255842), new(0), new(45465), new(0), new(0), new(2822), QuarterPastTen),
            new Powers(new(120, 40, 949), new(41, 13, 953), new(40, 14, 944), new(39, 13, 949), QuarterPastTen),
            new CurrentsAndVoltages(new(25, 2310), new(24, 2305), new(23, 2321), QuarterPastTen));
        values.ShouldBe(expected);
        var written = new byte[Asdu.MaxLength];
        Octets.Hex(written.AsSpan(0, expected.Write(written, Header))).ShouldBe(Octets.Hex(asdu.Octets));
    }

    [Theory]
    [InlineData("78 00 00 28 00 00 b5 03", 120, 40, 949, false, false)]
    [InlineData("23 00 00 0c 00 00 b2 0f", 35, 12, 946, true, true)]
    public void Powers_take_their_signs_from_two_bits(string octets, int active, int reactive, int factor, bool export, bool quadrant34)
    {
        var group = new PowerGroup(active, reactive, factor, export, quadrant34);
        PowerGroup.Read(Octets.Of(octets)).ShouldBe(group);
        var written = new byte[PowerGroup.Length];
        group.Write(written);
        Octets.Hex(written).ShouldBe(octets);
    }

    [Theory]
    [InlineData("19 00 00 06 09 00 00", 25, 2310, false)]
    [InlineData("00 00 00 00 00 00 80", 0, 0, true)]
    public void Currents_and_voltages_are_in_tenths(string octets, int current, int voltage, bool invalid)
    {
        var phase = new PhaseValues(current, voltage, invalid);
        PhaseValues.Read(Octets.Of(octets)).ShouldBe(phase);
        var written = new byte[PhaseValues.Length];
        phase.Write(written);
        Octets.Hex(written).ShouldBe(octets);
    }

    [Fact]
    public void An_invalid_total()
    {
        var register = new EnergyRegister(255842, IsInvalid: true);
        EnergyRegister.Read(Octets.Of("62 e7 03 80")).ShouldBe(register);
        var written = new byte[EnergyRegister.Length];
        register.Write(written);
        Octets.Hex(written).ShouldBe("62 e7 03 80");
    }

    [Theory]
    [InlineData("24 42 c6 12 e1 02", 2002, 4, 66, 48304838u)]
    [InlineData("04 fb a2 97 42 24", 2000, 4, 251, 608343970u)]
    public void Identifications_of_the_notes(string data, int year, int month, byte manufacturer, uint serial)
    {
        var asdu = new byte[AsduHeader.Length + 6];
        var length = new DeviceIdentification(year, month, manufacturer, serial).Write(asdu, Header);
        Octets.Hex(asdu.AsSpan(AsduHeader.Length..length)).ShouldBe(data);
    }

    [Theory]
    [InlineData(Worked.RequestLinkStatus, PrimaryFunction.RequestLinkStatus, null)]
    [InlineData(Worked.ResetRemoteLink, PrimaryFunction.ResetRemoteLink, null)]
    [InlineData(Worked.Poll0, PrimaryFunction.RequestClass2, false)]
    [InlineData(Worked.Poll1, PrimaryFunction.RequestClass2, true)]
    public void Fixed_frames_of_the_master(string worked, PrimaryFunction function, bool? frameCountBit)
    {
        var control = Octets.Frame(worked).Control;
        control.IsPrimary.ShouldBeTrue();
        control.Primary.ShouldBe(function);
        control.FrameCountValid.ShouldBe(frameCountBit.HasValue);
        control.FrameCountBit.ShouldBe(frameCountBit ?? false);
        var written = new byte[Frame.FixedLength];
        FrameWriter.WriteFixed(
            written, frameCountBit is { } bit ? ControlField.OfMaster(function, bit) : ControlField.OfMaster(function), 1);
        Octets.Hex(written).ShouldBe(worked);
    }

    [Theory]
    [InlineData(Worked.LinkStatus, SecondaryFunction.LinkStatus, false)]
    [InlineData(Worked.Ack, SecondaryFunction.Acknowledge, false)]
    [InlineData(Worked.NoData, SecondaryFunction.NoData, false)]
    [InlineData(Worked.Nack, SecondaryFunction.NotAccepted, false)]
    [InlineData(Worked.AckBufferFull, SecondaryFunction.Acknowledge, true)]
    public void Fixed_frames_of_the_meter(string worked, SecondaryFunction function, bool dataFlowControl)
    {
        var control = Octets.Frame(worked).Control;
        control.IsPrimary.ShouldBeFalse();
        control.Secondary.ShouldBe(function);
        control.DataFlowControl.ShouldBe(dataFlowControl);
        control.AccessDemand.ShouldBeFalse();
        var written = new byte[Frame.FixedLength];
        FrameWriter.WriteFixed(written, ControlField.OfMeter(function, dataFlowControl), 1);
        Octets.Hex(written).ShouldBe(worked);
    }

    [Fact]
    public void The_header_of_a_refused_login_says_negative()
    {
        var header = Octets.AsduOf(Worked.LoginRefused).Header;
        header.ShouldBe(new AsduHeader(TypeIdentification.Login, 1, CauseOfTransmission.ActivationConfirmation, 1, 0, IsNegative: true));
        var written = new byte[AsduHeader.Length];
        header.Write(written);
        Octets.Hex(written).ShouldBe("b7 01 47 01 00 00");
        AsduHeader.Read(Octets.Of("b7 81 c7 01 00 00")).ShouldBe(header with { IsTest = true }, "SQ is not part of N");
    }

    private static TimeTagA At(int day, int hour) => TimeTagA.Read([0, (byte)(0x80 | hour), (byte)(0x20 | day), 7, 24]);

    private static TotalsRow Row(TimeTagA time, params ReadOnlySpan<uint> values)
    {
        var row = new TotalsRow { Time = time };
        for (var i = 0; i < values.Length; i++)
            row.Set(i + 1, values[i], Quality.None);
        return row;
    }
}
