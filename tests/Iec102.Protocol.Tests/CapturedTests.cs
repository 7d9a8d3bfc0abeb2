using System.Globalization;
using System.Text.RegularExpressions;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Testing;
using Xunit.Abstractions;

namespace Iec102.Protocol.Tests;

/// <summary>The octets of real meters and programs are decoded to the numbers, dates and causes in the text beside them.</summary>
public partial class CapturedTests(ITestOutputHelper output)
{
    [Fact]
    public void Captured_frames_say_what_is_written_beside_them()
    {
        Promise.Report("Captures", "octets of real meters", Captured.Note);
        var facts = 0;
        foreach (var captured in Captured.Frames)
        {
            var frame = Octets.Frame(captured.Octets);
            var meaning = new Meaning(captured.Meaning);
            var (control, linkAddress) = (frame.Control, frame.LinkAddress);
            control.IsPrimary.ShouldBe(captured.Direction == "master->meter");
            meaning.Number(@"link address (\d+)|\((\d+) = 0x", value => linkAddress.ShouldBe((ushort)value));
            meaning.Number(@"FCB=(\d)", value => control.FrameCountBit.ShouldBe(value == 1));
            if (frame.Format == FrameFormat.Fixed)
                meaning.Number(@"^FC(\d+)", value => control.FunctionCode.ShouldBe((byte)value));
            else
                CheckAsdu(Octets.Asdu(frame.Asdu), meaning);
            meaning.Facts.ShouldBeGreaterThan(0, captured.Meaning);
            facts += meaning.Facts;
        }

        output.WriteLine($"{facts} facts compared");
    }

    [Fact]
    public void Captured_frames_are_made_again_from_what_was_read()
    {
        foreach (var captured in Captured.Frames)
        {
            var frame = Octets.Frame(captured.Octets);
            var written = new byte[Frame.MaxLength];
            var length = frame.Format == FrameFormat.Fixed
                ? FrameWriter.WriteFixed(written, frame.Control, frame.LinkAddress)
                : FrameWriter.WriteVariable(written, frame.Control, frame.LinkAddress, Rewritten(Octets.Asdu(frame.Asdu)));
            Octets.Hex(written.AsSpan(0, length)).ShouldBe(Octets.Hex(captured.Octets));
        }
    }

    [Fact]
    public void Captured_data_says_what_is_written_beside_it()
    {
        foreach (var captured in Captured.Data)
        {
            var asdu = Octets.Asdu(captured.Asdu);
            Octets.Hex(Rewritten(asdu)).ShouldBe(Octets.Hex(asdu.Octets));
            var meaning = new Meaning($"{captured.Type} {captured.Meaning}");
            CheckAsdu(asdu, meaning);
            switch (captured.Type)
            {
                case 11:
                    TotalsCodec.TryReadRow(asdu, 0, out var row).ShouldBeTrue();
                    row.Count.ShouldBe(8);
                    meaning.Time(0).ShouldBe(row.Time.ToString()[..16]);
                    row.Time.SummerTime.ShouldBe(captured.Meaning.Contains("summer"));
                    break;
                case 72 or 181:
                    // The text says only that this is a time. It is Wednesday, 18 July 2018, which the meter sent as a Tuesday.
                    MeterClock.TryRead(asdu, out var clock).ShouldBeTrue();
                    clock.Time.TryGetLocal(out var local).ShouldBeTrue();
                    local.Value.Year.ShouldBe(2018);
                    break;
            }
        }
    }

    private static void CheckAsdu(in Asdu octets, Meaning meaning)
    {
        var (header, asdu) = (octets.Header, octets.Octets.ToArray());
        meaning.Number(@"^(\d+) ", value => ((long)header.Type).ShouldBe(value));
        meaning.Number(@"record (\d+)", value => ((long)header.RecordAddress).ShouldBe(value));
        meaning.Number(@"N=(\d+)", value => ((long)header.Count).ShouldBe(value));
        meaning.Number(@"cause (\d+)", value => ((long)header.Cause).ShouldBe(value));
        meaning.Says("activation confirmation", () => header.Cause.ShouldBe(CauseOfTransmission.ActivationConfirmation));
        meaning.Says("activation termination", () => header.Cause.ShouldBe(CauseOfTransmission.ActivationTermination));
        meaning.Says(", activation,", () => header.Cause.ShouldBe(CauseOfTransmission.Activation));
        header.IsNegative.ShouldBeFalse();
        meaning.Number(@"access key (\d+)", value =>
        {
            AccessKey.TryRead(Octets.Asdu(asdu), out var key).ShouldBeTrue();
            ((long)key).ShouldBe(value);
        });
        if (TotalsRequest.TryRead(Octets.Asdu(asdu), out var request))
            CheckRequest(request, meaning);
        else if (TotalsCodec.CountRows(Octets.Asdu(asdu)) == 1)
            CheckTotals(asdu, meaning);
        else if (InstantaneousValues.TryRead(Octets.Asdu(asdu), out var values))
            CheckInstantaneous(values, meaning);
        else if (DeviceIdentification.TryRead(Octets.Asdu(asdu), out var identification))
        {
            meaning.Number(@"standard (\d+)/", value => ((long)identification.StandardMonth).ShouldBe(value));
            meaning.Number(@"standard \d+/(\d+)", value => ((long)identification.StandardYear).ShouldBe(value));
            meaning.Number(@"manufacturer (\d+)", value => ((long)identification.Manufacturer).ShouldBe(value));
            meaning.Number(@"serial (\d+)", value => ((long)identification.SerialNumber).ShouldBe(value));
        }
        else if (TimeRangeRequest.TryRead(Octets.Asdu(asdu), out var range))
        {
            range.From.ToString()[..16].ShouldBe(meaning.Time(0));
            range.To.ToString()[..16].ShouldBe(meaning.Time(1));
        }
        else if (TariffInformation.TryReadAll(Octets.Asdu(asdu), out var tariffs))
            CheckTariff(tariffs.ShouldHaveSingleItem(), meaning);
        else if (ContractObjects.TryRead(Octets.Asdu(asdu), out var objects))
        {
            meaning.Number(@", (\d+) seasons", value => ((long)objects.Seasons.ShouldNotBeNull().Seasons.Count).ShouldBe(value));
            meaning.Number(@"(\d+) day types", value => ((long)objects.Seasons.ShouldNotBeNull().DayTypes.Count).ShouldBe(value));
        }
        else if (header.Type is TypeIdentification.ReadContractObjects or TypeIdentification.ReadFurtherConfiguration)
        {
            var listed = asdu[AsduHeader.Length..];
            meaning.Number(@"objects? (\d+)", value => ((long)listed[0]).ShouldBe(value));
            meaning.Number(@"and (\d+)", value => ((long)listed[1]).ShouldBe(value));
            listed.Length.ShouldBe(header.Count);
        }
        else if (header.Type == TypeIdentification.ReadInstantaneousValues)
            meaning.Says($"object{(header.Count > 1 ? "s" : "")} {string.Join(',', asdu[AsduHeader.Length..])}", () => { }).ShouldBeTrue();
    }

    private static void CheckRequest(TotalsRequest request, Meaning meaning)
    {
        meaning.Number(@"objects? (\d+)", value => ((long)request.FirstObject).ShouldBe(value));
        meaning.Number(@"objects \d+\.\.(\d+)|object (\d+)", value => ((long)request.LastObject).ShouldBe(value));
        if (meaning.Time(1) is { } to)
        {
            request.From.ToString()[..16].ShouldBe(meaning.Time(0));
            request.To.ToString()[..16].ShouldBe(to);
        }

        meaning.Says("IV bit set in both", () => (request.From.IsInvalid && request.To.IsInvalid).ShouldBeTrue());
        meaning.Number(@"end tag was day (\d+)", value =>
        {
            // Day 32 does not fit into five bits: it was sent as day 0 with a carry into the day of the week.
            (request.To.DayOfWeek * 32 + request.To.Day).ShouldBe((int)value);
            request.To.TryGetLocal(out _).ShouldBeFalse();
        });
    }

    private static void CheckTariff(TariffInformation tariff, Meaning meaning)
    {
        meaning.Number(@"object (\d+)", value => ((long)tariff.ObjectAddress).ShouldBe(value));
        if (meaning.Numbers(@"A (\d+)/(\d+) kWh, Ri (\d+)/(\d+), Rc (\d+)/(\d+), max (\d+) at") is { } values)
        {
            decimal[] read =
            [
                tariff.Active.Absolute, tariff.Active.Increment, tariff.Inductive.Absolute, tariff.Inductive.Increment,
                tariff.Capacitive.Absolute, tariff.Capacitive.Increment, tariff.MaximumDemand.Kilowatts,
            ];
            read.ShouldBe(values);
            tariff.MaximumDemand.Time.ToString()[..16].ShouldBe(meaning.Time(0));
            tariff.From.ToString()[..16].ShouldBe(meaning.Time(1));
            tariff.To.ToString()[..16].ShouldBe(meaning.Time(2));
        }

        meaning.Says("excess 0 (invalid flag)", () => tariff.Excess.ShouldBe(new TariffValue(0, Quality.Invalid)));
        meaning.Says(
            "July 2018", () => (tariff.From.ToString(), tariff.To.ToString()).ShouldBe(("2018-07-01 00:00 S", "2018-08-01 00:00 S")));
    }

    private static void CheckTotals(byte[] asdu, Meaning meaning)
    {
        TotalsCodec.TryReadRow(Octets.Asdu(asdu), 0, out var row).ShouldBeTrue();
        CheckRegisters(meaning, address => row.GetValue(address));
        meaning.Number(@"quality (\d\d)", value => ((long)row.GetQuality(1)).ShouldBe(value));
        meaning.Says("reserves invalid", () => (row.GetQuality(7) & row.GetQuality(8)).ShouldBe(Quality.Invalid));
        row.Time.ToString()[..16].ShouldBe(meaning.Time(0));
        meaning.Says("summer", () => row.Time.SummerTime.ShouldBeTrue());
        meaning.Number(@"SU(\d)", value => row.Time.SummerTime.ShouldBe(value == 1));
        meaning.Number(@"dow(\d)", value => ((long)row.Time.DayOfWeek).ShouldBe(value));
    }

    private static void CheckInstantaneous(InstantaneousValues values, Meaning meaning)
    {
        var totals = values.Totals.ShouldNotBeNull();
        totals.Time.ToString().ShouldBe($"{meaning.Time(0)} S");
        EnergyRegister[] registers =
        [
            totals.ActiveImport, totals.ActiveExport,
            totals.ReactiveQuadrant1, totals.ReactiveQuadrant2, totals.ReactiveQuadrant3, totals.ReactiveQuadrant4,
        ];
        registers.ShouldAllBe(register => !register.IsInvalid);
        CheckRegisters(meaning, address => registers[address - 1].Value);
        if (meaning.Numbers(@"totals (\d+)/(\d+)/(\d+)/(\d+)/(\d+)/(\d+)") is { } list)
            registers.Select(register => (decimal)register.Value).ShouldBe(list);
        if (values.Powers is not { } powers)
            return;

        PowerGroup[] groups = [powers.Total, powers.Phase1, powers.Phase2, powers.Phase3];
        groups.Select(group => new[] { group.ActiveKilowatts, group.ReactiveKilovars, group.PowerFactorThousandths / 1000m })
            .SelectMany(group => group)
            .ShouldBe(meaning.Numbers(
                @"total (\d+) kW (\d+) kvar pf ([\d.]+), "
                + @"phases (\d+)/(\d+)/([\d.]+), (\d+)/(\d+)/([\d.]+), (\d+)/(\d+)/([\d.]+), import"));
        groups.ShouldAllBe(group => !group.IsExport && !group.IsInvalid);
        var currents = values.CurrentsAndVoltages.ShouldNotBeNull();
        PhaseValues[] phases = [currents.Phase1, currents.Phase2, currents.Phase3];
        phases.Select(phase => new[] { phase.CurrentTenths / 10m, phase.VoltageTenths / 10m }).SelectMany(phase => phase).ShouldBe(
            meaning.Numbers(@"([\d.]+) A ([\d.]+) V, ([\d.]+) A ([\d.]+) V, ([\d.]+) A ([\d.]+) V"));
    }

    private static void CheckRegisters(Meaning meaning, Func<int, uint> value)
    {
        string[] names = [@"A\+", "A-", "Q1", "Q2", "Q3", "Q4"];
        for (var i = 0; i < names.Length; i++)
        {
            var address = i + 1;
            meaning.Number($@"{names[i]} (\d+)", expected => ((long)value(address)).ShouldBe(expected));
        }
    }

    /// <summary>The ASDU written again from the values read from it, where its type has a codec.</summary>
    private static byte[] Rewritten(in Asdu asdu)
    {
        var written = new byte[Asdu.MaxLength];
        if (InstantaneousValues.TryRead(asdu, out var values))
            return written[..values.Write(written, asdu.Header)];
        if (DeviceIdentification.TryRead(asdu, out var identification))
            return written[..identification.Write(written, asdu.Header)];
        if (asdu.Header.Type == TypeIdentification.CurrentTime && MeterClock.TryRead(asdu, out var clock))
            return written[..clock.Write(written, asdu.Header)];
        if (TariffInformation.TryReadAll(asdu, out var tariffs))
            return written[..TariffInformation.WriteAll(written, asdu.Header, tariffs)];
        if (ContractObjects.TryRead(asdu, out var objects))
            return written[..objects.Write(written, asdu.Header)];
        return TotalsCodec.TryReadRow(asdu, 0, out var row)
            ? written[..TotalsCodec.WriteTotals(written, asdu.Header, row)]
            : asdu.Octets.ToArray();
    }

    /// <summary>The text beside captured octets; counts how many of its facts were compared.</summary>
    private sealed partial class Meaning(string text)
    {
        public int Facts { get; private set; }

        public void Number(string pattern, Action<long> check)
        {
            var match = Regex.Match(text, pattern);
            if (!match.Success)
                return;
            check(long.Parse(match.Groups.Values.Skip(1).First(group => group.Success).Value, CultureInfo.InvariantCulture));
            Facts++;
        }

        public bool Says(string words, Action check)
        {
            if (!text.Contains(words))
                return false;
            check();
            Facts++;
            return true;
        }

        public decimal[]? Numbers(string pattern)
        {
            var match = Regex.Match(text, pattern);
            if (!match.Success)
                return null;
            Facts++;
            return [.. match.Groups.Values.Skip(1).Select(group => decimal.Parse(group.Value, CultureInfo.InvariantCulture))];
        }

        /// <summary>
        /// The date and time with this number in the text, at midnight where only a date is given; null when the text has fewer.
        /// </summary>
        public string? Time(int number)
        {
            var match = DateAndTime().Matches(text).ElementAtOrDefault(number);
            if (match is null)
                return null;
            Facts++;
            return $"{match.Groups[1].Value} {(match.Groups[2].Success ? match.Groups[2].Value : "00:00")}";
        }

        [GeneratedRegex(@"(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))?")]
        private static partial Regex DateAndTime();
    }
}
