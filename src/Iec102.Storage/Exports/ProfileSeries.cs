using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Storage.Reading;
using Iec102.Storage.Schema;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Storage.Exports;

/// <summary>A part of a curve that is to be exported.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Curve">The curve's name.</param>
/// <param name="Zone">The time zone in which the interval ends are written.</param>
/// <param name="Intervals">The intervals; they are enumerated only once.</param>
public sealed record ProfileSeries(string Meter, string Curve, DateTimeZone Zone, IEnumerable<StoredInterval> Intervals)
{
    /// <summary>The name under which daily closings are shown as a curve, whose values are the absolute registers.</summary>
    public const string DailyClosing = "daily-closing";

    /// <summary>What the meter is called.</summary>
    public MeterLabels Labels { get; init; } = MeterLabels.None;

    /// <summary>A part of a curve, or of the daily closings, that is read from the store while it is enumerated.</summary>
    /// <param name="store">The store.</param>
    /// <param name="meter">The meter's id.</param>
    /// <param name="curve">The name of the curve.</param>
    /// <param name="zone">The time zone in which the interval ends are written.</param>
    /// <param name="range">The interval ends.</param>
    /// <param name="allRevisions">Whether every revision of an interval is wanted, instead of only the newest.</param>
    public static ProfileSeries Read(
        ReadingsStore store, string meter, string curve, DateTimeZone zone, TimeRange range, bool allRevisions = false) => new(
        meter, curve, zone,
        CurveExtensions.Parse(curve) is { } recorded
            ? store.Intervals(meter, recorded, range, allRevisions)
            : store.Closings(meter, range));

    /// <summary>Makes a series from a part of a recorded curve.</summary>
    public ProfileSeries(string meter, Curve curve, DateTimeZone zone, IEnumerable<StoredInterval> intervals)
        : this(meter, curve.Name(), zone, intervals)
    {
    }
}

/// <summary>Writes instants for people and programs: ISO 8601 with the offset of a time zone, such as 2024-10-27T02:00:00+01:00.</summary>
public static class ZonedText
{
    private static readonly OffsetDateTimePattern Pattern = OffsetDateTimePattern.CreateWithInvariantCulture(
        "uuuu'-'MM'-'dd'T'HH':'mm':'sso<+HH:mm>");

    /// <summary>The text of an instant in a time zone, without fractions of a second.</summary>
    public static string Format(Instant instant, DateTimeZone zone) => Pattern.Format(instant.InZone(zone).ToOffsetDateTime());
}
