using System.Globalization;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Server.Contract;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>Reads what a single answer holds: current values, clock, identification.</summary>
internal static class ValueRead
{
    /// <summary>The 24 current values.</summary>
    public static async Task<IReadOutput?> CurrentAsync(Inquiry inquiry)
    {
        var meter = inquiry.Meter;
        var (_, habit) = await inquiry.ReadClockAsync();
        var request = Request.ReadInstantaneousValues(meter.PointAddress, [ObjectAddress.Totals, ObjectAddress.Powers, ObjectAddress.CurrentsAndVoltages]);
        var answer = await inquiry.ReadAsync<InstantaneousValues>(request, "its current values", InstantaneousValues.TryRead);
        if (answer is null)
            return null;
        var values = Signals.InOrder(CurrentValueReader.Read(answer.Value, meter.Zone, habit, answer.ReadAt)).ToList();
        var model = CurrentModel.Of(meter.Meter, values, meter.Zone, Orientation.Consumer);
        return new ReadResult(
            [
                new Rows(["signal", "value", "unit", "quality", "meter time"], [.. values.Select(value => (string[])
                [
                    value.Id, value.Value is null ? "-" : Text(value.Value), value.Unit == "1" ? "" : value.Unit, Names.Of(value.Quality),
                    Local(value.MeterTime, meter.Zone),
                ])]),
            ],
            model,
            new Rows(["meter", "signal", "value", "unit", "quality", "meter_time", "read_at"], [.. model.Signals.Select(signal =>
                (string[])[meter.Meter, signal.Id, Text(signal.Value), signal.Unit, signal.Quality, signal.MeterTime ?? "", signal.ReadAt])]));
    }

    /// <summary>The clock, compared with ours.</summary>
    public static async Task<IReadOutput?> ClockAsync(Inquiry inquiry)
    {
        var meter = inquiry.Meter;
        var ended = await inquiry.AskAsync(Request.ReadCurrentTime(meter.PointAddress), "its clock");
        if (ended is not { IsCompleted: true })
            return null;
        var (answer, habit) = ClockOf(ended, meter);
        if (answer is not { } clock)
            throw new CommandFailure(CommandFailure.Failed, "The meter does not give its clock, or shows no date.");
        var (offset, uncertainty) = (Seconds(clock.Offset), Seconds(clock.Uncertainty));
        var time = CivilTime.ToInstant(clock.Tag, meter.Zone, habit);
        return new ReadResult(
            [
                new Rows(["clock", "value"],
                [
                    ["label", clock.Tag.ToString()],
                    ["time", Iso(time, meter.Zone)!],
                    ["difference to this computer", OffsetInWords(clock)],
                ]),
            ],
            new
            {
                meter = meter.Meter,
                clock = Iso(time, meter.Zone),
                label = clock.Tag.ToString(),
                offsetSeconds = offset,
                uncertaintySeconds = uncertainty,
                readAt = Iso(clock.ReadAt, meter.Zone),
            },
            new Rows(["meter", "clock", "label", "offset_seconds", "uncertainty_seconds", "read_at"],
                [[meter.Meter, Iso(time, meter.Zone)!, clock.Tag.ToString(), Text(offset), Text(uncertainty), Iso(clock.ReadAt, meter.Zone)!]]));
    }

    /// <summary>Manufacturer and serial number.</summary>
    public static async Task<IReadOutput?> IdentificationAsync(Inquiry inquiry)
    {
        var meter = inquiry.Meter.Meter;
        var request = Request.ReadDeviceIdentification(inquiry.Meter.PointAddress);
        if (await inquiry.ReadAsync<DeviceIdentification>(request, "its identification", DeviceIdentification.TryRead) is not { Value: var id })
            return null;
        var standard = StandardOf(id.StandardYear, id.StandardMonth);
        return new ReadResult(
            [new Rows(["identification", "value"], [["serial number", $"{id.SerialNumber}"], ["manufacturer", $"{id.Manufacturer}"], ["standard", standard]])],
            new { meter, serialNumber = id.SerialNumber, manufacturer = id.Manufacturer, standard },
            new Rows(["meter", "serial_number", "manufacturer", "standard"], [[meter, $"{id.SerialNumber}", $"{id.Manufacturer}", standard]]));
    }

    /// <summary>The clock in an answer and from it how the meter labels summer time; without a clock the habit that the profile asks for.</summary>
    public static (ClockReading? Clock, SummerTimeHabit Habit) ClockOf(ExchangeEnded ended, OneOffMeter meter)
    {
        if (!OneOffSession.TryRead<MeterClock>(ended, MeterClock.TryRead, out var clock))
            return (null, meter.Habit ?? SummerTimeHabit.SuBit);
        var habit = meter.Habit ?? ClockComparison.DetectHabit(clock.Time, ended.EndedAt, meter.Zone, SummerTimeHabit.SuBit);
        return (ClockComparison.Compare(clock.Time, ended.EndedAt, ended.LastRoundTrip, meter.Zone, habit), habit);
    }

    /// <summary>Like "+90.012 s, give or take 0.004 s".</summary>
    public static string OffsetInWords(ClockReading clock) =>
        $"{Seconds(clock.Offset):+0.000;-0.000;0.000} s, give or take {Seconds(clock.Uncertainty):0.000} s";

    /// <summary>Year and month of a standard, as the meter sends them.</summary>
    public static string StandardOf(int year, int month) => $"{year:0000}-{month:00}";

    /// <summary>Like 2024-07-15 01:00 S; S stands for summer time.</summary>
    public static string Local(Instant? time, DateTimeZone zone) => time is { } known ? CivilTime.ToTagA(known, zone).ToString() : "-";

    /// <summary>Like 2024-07-15T01:00:00+02:00; null for no time.</summary>
    public static string? Iso(Instant? time, DateTimeZone zone) => time is { } known ? TimeText.Format(known, zone) : null;

    /// <summary>Seconds to the millisecond. Without the sum a small negative difference would be written as -0.</summary>
    public static double Seconds(Duration duration) => Math.Round(duration.TotalSeconds, 3) + 0.0;

    private static string Text(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
