using System.Globalization;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Conformance.Tests;

/// <summary>What the product's decoders read in an ASDU, in the words of the cases.</summary>
internal static class Decoded
{
    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];
    private static readonly OffsetDateTimePattern Iso = OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mmo<+HH:mm>");

    /// <summary>Every field, with one line for each row, event or object.</summary>
    public static IEnumerable<string> Of(byte[] octets)
    {
        Asdu.TryRead(octets, out var asdu).ShouldBeTrue();
        return TotalsCodec.CountRows(asdu) >= 0 ? Rows(asdu, row => row.Time.ToString())
            : InstantaneousValues.TryRead(asdu, out var values) ? Instantaneous(values)
            : DeviceIdentification.TryRead(asdu, out var id)
                ? [$"maker {id.Manufacturer}, serial {id.SerialNumber}, standard {id.StandardMonth}/{id.StandardYear}"]
            : MeterClock.TryRead(asdu, out var clock) ? [clock.Time.ToString()]
            : MeterEvent.TryReadAll(asdu, out var events) ? [.. events.Select(Event)]
            : TariffInformation.TryReadAll(asdu, out var tariff) ? [.. tariff.Select(Tariff)]
            : ClockChangeDates.TryRead(asdu, out var dates) ? [$"to summer {dates.ToSummer}, to winter {dates.ToWinter}"]
            : DecodedParameters.Of(asdu);
    }

    /// <summary>The rows, each with the instant that its label means in Madrid.</summary>
    public static IEnumerable<string> Instants(byte[] octets)
    {
        Asdu.TryRead(octets, out var asdu).ShouldBeTrue();
        return Rows(asdu, InstantOf);
    }

    private static string InstantOf(TotalsRow row) =>
        CivilTime.ToInstant(row.Time, Madrid, SummerTimeHabit.SuBit) is { } instant
            ? Iso.Format(instant.InZone(Madrid).ToOffsetDateTime())
            : row.Time.ToString();

    private static List<string> Rows(in Asdu asdu, Func<TotalsRow, string> timeOf)
    {
        List<string> rows = [];
        for (var i = 0; TotalsCodec.TryReadRow(asdu, i, out var row); i++)
        {
            var copy = row;
            var values = from address in Enumerable.Range(1, 8)
                         where copy.Has(address)
                         let quality = (byte)copy.GetQuality(address)
                         select $" {address}={copy.GetValue(address)}{(quality == 0 ? "" : $"/{quality:x2}")}";
            rows.Add($"{timeOf(row)}:{string.Concat(values)}");
        }

        return rows;
    }

    private static IEnumerable<string> Instantaneous(InstantaneousValues values)
    {
        if (values.Totals is { } totals)
        {
            EnergyRegister[] registers =
            [
                totals.ActiveImport, totals.ActiveExport,
                totals.ReactiveQuadrant1, totals.ReactiveQuadrant2, totals.ReactiveQuadrant3, totals.ReactiveQuadrant4,
            ];
            var readings = registers.Select(each => each.IsInvalid ? "invalid" : $"{each.Value}");
            yield return $"{totals.Time}: registers {string.Join(' ', readings)}";
        }

        if (values.Powers is { } powers)
            yield return $"{powers.Time}: total {Power(powers.Total)}, "
                + $"I {Power(powers.Phase1)}, II {Power(powers.Phase2)}, III {Power(powers.Phase3)}";
        if (values.CurrentsAndVoltages is { } phases)
            yield return $"{phases.Time}: I {Phase(phases.Phase1)}, II {Phase(phases.Phase2)}, III {Phase(phases.Phase3)}";
    }

    private static string Power(PowerGroup power) => power.IsInvalid
        ? "invalid"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{(power.IsExport ? -1 : 1) * power.ActiveKilowatts} kW "
            + $"{(power.IsQuadrant34 ? -1 : 1) * power.ReactiveKilovars} kvar {power.PowerFactorThousandths / 1000m}");

    private static string Phase(PhaseValues phase) => phase.IsInvalid
        ? "invalid"
        : string.Create(CultureInfo.InvariantCulture, $"{phase.CurrentTenths / 10m} A {phase.VoltageTenths / 10m} V");

    private static string Event(MeterEvent each) =>
        $"{each.Time}: {each.Spa}/{each.Spq} SPI {(each.Spi ? 1 : 0)}, {EventText.Of(each, EventLanguage.English)}";

    private static string Tariff(TariffInformation each) =>
        $"{each.ObjectAddress}: active {Energy(each.Active)}, inductive {Energy(each.Inductive)}, "
        + $"capacitive {Energy(each.Capacitive)}, maximum "
        + $"{each.MaximumDemand.Kilowatts} at {each.MaximumDemand.Time}, excess {each.Excess.Value}, {each.From} .. {each.To}";

    private static string Energy(TariffEnergy energy) =>
        $"{energy.Absolute} +{energy.Increment}{(energy.Quality == 0 ? "" : $"/{(byte)energy.Quality:x2}")}";
}
