using System.Globalization;
using Iec102.Protocol.Application;
using Iec102.Testing;

namespace Iec102.Conformance.Tests;

/// <summary>What the product's decoders read in configuration and contract data; the octets where the type has no known layout.</summary>
internal static class DecodedParameters
{
    public static IEnumerable<string> Of(in Asdu asdu) =>
        RegistrarConfiguration.TryRead(asdu, out var registrar) ? Registrar(registrar)
        : FurtherConfiguration.TryRead(asdu, out var further) ? Further(further)
        : PointParameters.TryRead(asdu, out var point)
            ? [$"link {point.LinkAddress}, {point.PointCount} points, point {point.PointAddress}, key {point.Key}, "
                + $"{point.IntegrationPeriodMinutes} min, depth {point.Depth}"]
        : ContractedPower.TryReadAll(asdu, out var powers, out var time)
            ? [$"{string.Join(", ", powers.Select(each => $"{each.ObjectAddress}: {each.Power}"))}, {time}"]
        : Holidays.TryRead(asdu, out var dates) ? [string.Join(", ", dates.Select(date => date.ToString()))]
        : ContractObjects.TryRead(asdu, out var contract) ? Contract(contract)
        : [$"type {(byte)asdu.Header.Type}, not decoded: {Octets.Hex(asdu.Data)}"];

    private static IEnumerable<string> Registrar(RegistrarConfiguration each)
    {
        yield return $"maker {each.Manufacturer}, model {each.Model}, firmware {each.Firmware}, serial {each.SerialNumber}, "
            + $"standard {each.StandardMonth}/{each.StandardYear}, protocol of {each.ProtocolDate}, battery {each.BatteryPercent} %";
        yield return $"port 1 {Port(each.Port1)}, modem string {each.Modem}, port 2 {Port(each.Port2)}, optical {Port(each.OpticalPort)}";
        yield return $"{Ratios(each.Ratios)}; periods {each.Period1Minutes}, {each.Period2Minutes}, {each.Period3Minutes} min; "
            + $"contracts {each.Contract1}, {each.Contract2}, {each.Contract3}";
    }

    private static IEnumerable<string> Further(FurtherConfiguration each)
    {
        if (each.BatteryPercent is { } battery)
            yield return $"192 battery {battery} %";
        if (each.AutomaticClockChange is { } automatic)
            yield return $"193 automatic clock change {automatic}";
        if (each.MinutesBetweenClosings is { } minutes)
            yield return $"194 at least {minutes} min between closings";
        if (each.Alarms is { } alarms)
            yield return $"195 critical alarm {alarms.Critical}, other {alarms.NonCritical}";
        if (each.VoltageFaults is { } faults)
            yield return $"196 voltage fault I {faults.Phase1}, II {faults.Phase2}, III {faults.Phase3}";
        if (each.CurvePeriods is { } periods)
            yield return $"197 curve periods {periods.Period1Minutes}, {periods.Period2Minutes} min";
        if (each.Ratios is { } ratios)
            yield return $"198 {Ratios(ratios)}";
        if (each.ClockReference is { } reference)
            yield return $"199 clock reference {reference}";
        if (each.Program is { } program)
            yield return $"200 program {program}";
        if (each.ClosingByButton is { } button)
            yield return $"201 closing by button {button}";
        if (each.Raw is { } raw)
            yield return $"not decoded: {Octets.Hex(raw.Octets.Span)}";
    }

    private static IEnumerable<string> Contract(ContractObjects each)
    {
        if (each.Seasons is { } table)
        {
            var seasons = table.Seasons.Select(season => $"{season.Start} day types {season.WorkingDayType}, {season.HolidayType}");
            yield return $"193 sense {table.Sense}, type {table.Type}, seasons {string.Join("; ", seasons)}, read {table.Time}";
            foreach (var (periods, index) in table.DayTypes.Select((periods, index) => (periods, index)))
                yield return $"193 day type {index + 1}: {string.Join(' ', periods)}";
        }

        if (each.CurrentPeriods is { } current)
            yield return $"197 current periods {current.Contract1}, {current.Contract2}, {current.Contract3}, {current.Time}";
        if (each.Raw is { } raw)
            yield return $"not decoded: {Octets.Hex(raw.Octets.Span)}";
    }

    private static string Port(PortFormat port) => $"{port.Baud?.ToString(CultureInfo.InvariantCulture) ?? "other"} {port.Line ?? "other"}";

    private static string Ratios(TransformerRatios ratios) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{ratios.PrimaryVoltageTenths / 10m}:{ratios.SecondaryVoltageTenths / 10m} V, "
            + $"{ratios.PrimaryCurrentTenths / 10m}:{ratios.SecondaryCurrentTenths / 10m} A");
}
