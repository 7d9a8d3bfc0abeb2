using Iec102.Acquisition.Meters;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Storage.Reading;

/// <summary>What is stored of a meter itself.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ZoneId">The time zone of its civil time; null when it was never stored.</param>
/// <param name="Identification">The identification that it last sent; null when it was never read.</param>
/// <param name="ReadAt">When the identification was read.</param>
/// <param name="Habit">How it labels summer time; null when that is not known.</param>
public sealed record StoredMeter(string Id, string? ZoneId, DeviceIdentification? Identification, Instant? ReadAt, SummerTimeHabit? Habit)
{
    /// <summary>What the fleet file last called it, and where it belongs.</summary>
    public MeterLabels Labels { get; init; } = MeterLabels.None;

    /// <summary>
    /// The time zone in which the meter's times are written; UTC when none was stored or the tz database no longer has it.
    /// </summary>
    public DateTimeZone Zone => ZoneId is null ? DateTimeZone.Utc : DateTimeZoneProviders.Tzdb.GetZoneOrNull(ZoneId) ?? DateTimeZone.Utc;
}

/// <summary>A curve of which intervals are stored.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="Curve">The curve.</param>
/// <param name="FirstEnd">The oldest interval end stored.</param>
/// <param name="LastEnd">The newest interval end stored.</param>
public sealed record StoredCurve(StoredMeter Meter, Curve Curve, Instant FirstEnd, Instant LastEnd);

/// <summary>A current value that was kept as history.</summary>
/// <param name="ReadAt">When it was read.</param>
/// <param name="Value">The value; null when invalid.</param>
/// <param name="Quality">The quality of the value.</param>
/// <param name="MeterTime">The time tag of its group; null when the tag was not a date.</param>
public sealed record StoredCurrentValue(Instant ReadAt, double? Value, ValueQuality Quality, Instant? MeterTime);
