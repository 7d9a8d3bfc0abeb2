using System.Globalization;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Tasks;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>Reads what a single answer holds: current values, clock, identification.</summary>
internal static class ValueRead
{
    /// <summary>The 24 current values.</summary>
    public static async Task<IReadOutput?> CurrentAsync(Inquiry inquiry)
    {
        var meter = inquiry.Meter;
        if (await inquiry.AskAsync(inquiry.Session.CurrentValues) is not ReadNowAnswer.CurrentValues answer)
            return null;
        var values = Signals.InOrder(answer.Values).ToList();
        var model = CurrentModel.Of(meter.Id, values, meter.Zone, Orientation.Consumer);
        return new ReadResult(
            [
                Rows.Of(["signal", "value", "unit", "quality", "meter time"], values, value =>
                [
                    value.Id, value.Value is null ? "-" : Text(value.Value), value.Unit == "1" ? "" : value.Unit, Names.Of(value.Quality),
                    Local(value.MeterTime, meter.Zone),
                ]),
            ],
            model,
            Rows.Of(
                ["meter", "signal", "value", "unit", "quality", "meter_time", "read_at"], model.Signals,
                signal => [meter.Id, signal.Id, Text(signal.Value), signal.Unit, signal.Quality, signal.MeterTime ?? "", signal.ReadAt]));
    }

    /// <summary>The clock, compared with this computer's.</summary>
    public static async Task<IReadOutput?> ClockAsync(Inquiry inquiry)
    {
        var meter = inquiry.Meter;
        if (await inquiry.AskAsync(inquiry.Session.Clock) is not ReadNowAnswer.Clock(var clock))
            return null;
        var (label, offset, uncertainty) = (clock.Tag.ToString(), Seconds(clock.Offset), Seconds(clock.Uncertainty));
        var time = Iso(CivilTime.ToInstant(clock.Tag, meter.Zone, inquiry.Session.Habit), meter.Zone)!;
        var readAt = TimeText.Format(clock.ReadAt, meter.Zone);
        return new ReadResult(
            [
                new Rows(["clock", "value"], [["label", label], ["time", time], ["difference to this computer", OffsetInWords(clock)]]),
            ],
            new { meter = meter.Id, clock = time, label, offsetSeconds = offset, uncertaintySeconds = uncertainty, readAt },
            new Rows(
                ["meter", "clock", "label", "offset_seconds", "uncertainty_seconds", "read_at"],
                [[meter.Id, time, label, Text(offset), Text(uncertainty), readAt]]));
    }

    /// <summary>Manufacturer and serial number.</summary>
    public static async Task<IReadOutput?> IdentificationAsync(Inquiry inquiry)
    {
        var meter = inquiry.Meter.Id;
        if (await inquiry.AskAsync(inquiry.Session.Identification) is not ReadNowAnswer.Identification(var id))
            return null;
        var standard = LabelText.Month(id.StandardYear, id.StandardMonth);
        return new ReadResult(
            [
                new Rows(
                    ["identification", "value"],
                    [["serial number", $"{id.SerialNumber}"], ["manufacturer", $"{id.Manufacturer}"], ["standard", standard]]),
            ],
            new { meter, serialNumber = id.SerialNumber, manufacturer = id.Manufacturer, standard },
            new Rows(
                ["meter", "serial_number", "manufacturer", "standard"], [[meter, $"{id.SerialNumber}", $"{id.Manufacturer}", standard]]));
    }

    /// <summary>Such as "+90.012 s, give or take 0.004 s".</summary>
    public static string OffsetInWords(ClockReading clock) =>
        $"{Seconds(clock.Offset):+0.000;-0.000;0.000} s, give or take {Seconds(clock.Uncertainty):0.000} s";

    /// <summary>Such as 2024-07-15 01:00 S, where S stands for summer time.</summary>
    public static string Local(Instant? time, DateTimeZone zone) => time is { } known ? CivilTime.ToTagA(known, zone).ToString() : "-";

    /// <summary>Such as 2024-07-15T01:00:00+02:00; null for no time.</summary>
    public static string? Iso(Instant? time, DateTimeZone zone) => time is { } known ? TimeText.Format(known, zone) : null;

    /// <summary>Seconds to the millisecond. Adding zero avoids -0 for a small negative difference.</summary>
    public static double Seconds(Duration duration) => Math.Round(duration.TotalSeconds, 3) + 0.0;

    private static string Text(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
