using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Iec102.Acquisition.Meters;
using Iec102.Protocol;
using Iec102.Server.Api;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>Reads what a single answer holds, and writes it: current values, clock, identification.</summary>
internal static class ValueRead
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // The plus of an offset stays a plus.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The 24 current values.</summary>
    public static async Task CurrentAsync(OneOffMeter meter, OutputFormat format, TextWriter output, CancellationToken ct)
    {
        await using var session = await OneOffSession.OpenAsync(meter, ct);
        var habit = (await ReadClockAsync(session, meter, ct)).Habit;
        var request = Request.ReadInstantaneousValues(meter.PointAddress, [ObjectAddress.Totals, ObjectAddress.Powers, ObjectAddress.CurrentsAndVoltages]);
        var (answer, readAt) = await session.ReadAsync<InstantaneousValues>(request, "its current values", InstantaneousValues.TryRead, ct);
        var values = Signals.InOrder(CurrentValueReader.Read(answer, meter.Zone, habit, readAt)).ToList();
        var signals = values.Select(value => SignalModel.Of(value, meter.Zone)).ToList();
        if (format == OutputFormat.Json)
        {
            WriteJson(output, new CurrentModel(meter.Meter, signals));
        }
        else if (format == OutputFormat.Csv)
        {
            WriteCsv(output, "meter,signal,value,unit,quality,meter_time,read_at", signals.Select(signal =>
                (string[])[meter.Meter, signal.Id, Text(signal.Value), signal.Unit, signal.Quality, signal.MeterTime ?? "", signal.ReadAt]));
        }
        else
        {
            TextTable.Write(output, ["signal", "value", "unit", "quality", "meter time"], values.Select(value =>
                (string[])
                [
                    value.Id, value.Value is null ? "-" : Text(value.Value), value.Unit == "1" ? "" : value.Unit, Names.Of(value.Quality),
                    Local(value.MeterTime, meter.Zone),
                ]));
        }
    }

    /// <summary>The clock, compared with ours.</summary>
    public static async Task ClockAsync(OneOffMeter meter, OutputFormat format, TextWriter output, CancellationToken ct)
    {
        await using var session = await OneOffSession.OpenAsync(meter, ct);
        var (clock, habit) = await ReadClockAsync(session, meter, ct);
        if (clock is null)
            throw new CommandFailure(CommandFailure.Failed, "The meter does not give its clock, or shows no date.");
        var (offset, uncertainty) = (Seconds(clock.Offset), Seconds(clock.Uncertainty));
        var time = CivilTime.ToInstant(clock.Tag, meter.Zone, habit);
        if (format == OutputFormat.Json)
        {
            WriteJson(output, new
            {
                meter = meter.Meter,
                clock = Iso(time, meter.Zone),
                label = clock.Tag.ToString(),
                offsetSeconds = offset,
                uncertaintySeconds = uncertainty,
                readAt = Iso(clock.ReadAt, meter.Zone),
            });
        }
        else if (format == OutputFormat.Csv)
        {
            WriteCsv(output, "meter,clock,label,offset_seconds,uncertainty_seconds,read_at",
                [[meter.Meter, Iso(time, meter.Zone)!, clock.Tag.ToString(), Text(offset), Text(uncertainty), Iso(clock.ReadAt, meter.Zone)!]]);
        }
        else
        {
            TextTable.Write(output, ["clock", "value"],
            [
                ["label", clock.Tag.ToString()],
                ["time", Iso(time, meter.Zone)!],
                ["difference to this computer", $"{offset:+0.000;-0.000;0.000} s, give or take {uncertainty:0.000} s"],
            ]);
        }
    }

    /// <summary>Manufacturer and serial number.</summary>
    public static async Task IdentificationAsync(OneOffMeter meter, OutputFormat format, TextWriter output, CancellationToken ct)
    {
        await using var session = await OneOffSession.OpenAsync(meter, ct);
        var request = Request.ReadDeviceIdentification(meter.PointAddress);
        var (id, _) = await session.ReadAsync<DeviceIdentification>(request, "its identification", DeviceIdentification.TryRead, ct);
        var standard = $"{id.StandardYear:0000}-{id.StandardMonth:00}";
        if (format == OutputFormat.Json)
            WriteJson(output, new { meter = meter.Meter, serialNumber = id.SerialNumber, manufacturer = id.Manufacturer, standard });
        else if (format == OutputFormat.Csv)
            WriteCsv(output, "meter,serial_number,manufacturer,standard", [[meter.Meter, $"{id.SerialNumber}", $"{id.Manufacturer}", standard]]);
        else
            TextTable.Write(output, ["identification", "value"], [["serial number", $"{id.SerialNumber}"], ["manufacturer", $"{id.Manufacturer}"], ["standard", standard]]);
    }

    /// <summary>The clock, and from it how the meter labels summer time; a meter that does not give it is taken to label as the profile asks for.</summary>
    public static async Task<(ClockReading? Clock, SummerTimeHabit Habit)> ReadClockAsync(
        OneOffSession session, OneOffMeter meter, CancellationToken ct)
    {
        var ended = await session.AskAsync(Request.ReadCurrentTime(meter.PointAddress), ct);
        if (!ended.IsCompleted || ended.Answers.Count == 0 || !Asdu.TryRead(ended.Answers[0], out var asdu) || !MeterClock.TryRead(asdu, out var clock))
            return (null, meter.Habit ?? SummerTimeHabit.SuBit);
        var habit = meter.Habit ?? ClockComparison.DetectHabit(clock.Time, ended.EndedAt, meter.Zone, SummerTimeHabit.SuBit);
        return (ClockComparison.Compare(clock.Time, ended.EndedAt, ended.LastRoundTrip, meter.Zone, habit), habit);
    }

    /// <summary>Like 2024-07-15 01:00 S; S stands for summer time.</summary>
    public static string Local(Instant? time, DateTimeZone zone) => time is { } known ? CivilTime.ToTagA(known, zone).ToString() : "-";

    private static string? Iso(Instant? time, DateTimeZone zone) => time is { } known ? TimeText.Format(known, zone) : null;

    private static string Text(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    // Without the sum a small negative difference would be written as -0.
    private static double Seconds(Duration duration) => Math.Round(duration.TotalSeconds, 3) + 0.0;

    private static void WriteJson(TextWriter output, object value) => output.WriteLine(JsonSerializer.Serialize(value, JsonOptions));

    private static void WriteCsv(TextWriter output, string header, IEnumerable<string[]> rows)
    {
        output.Write($"{header}\n");
        foreach (var row in rows)
            output.Write($"{string.Join(',', row)}\n");
    }
}
