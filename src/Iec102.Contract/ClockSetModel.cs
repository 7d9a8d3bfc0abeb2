using Iec102.Acquisition.Tasks;
using NodaTime;

namespace Iec102.Contract;

/// <summary>
/// The clock of a meter was set: how far off it was before and is now (null when it could not be read again), and the label that was
/// written.
/// </summary>
public sealed record ClockSetModel(string Meter, string Time, double OffsetBeforeSeconds, string Written, double? OffsetAfterSeconds)
{
    public static ClockSetModel Of(string meter, ClockWritten written, ClockReading? after, DateTimeZone zone) => new(
        meter, TimeText.Format(written.ReadAt, zone), Seconds(written.OffsetBefore), written.Written.ToString(),
        after is null ? null : Seconds(after.Offset));

    // Adding zero avoids -0 for a small negative figure.
    private static double Seconds(Duration duration) => Math.Round(duration.TotalSeconds, 3) + 0.0;
}
