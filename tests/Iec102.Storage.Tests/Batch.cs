using Iec102.Acquisition;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Storage.Writing;
using NodaTime;

namespace Iec102.Storage.Tests;

/// <summary>Short ways to make messages to the writer.</summary>
internal static class Batch
{
    public const uint Serial = 48304838;

    public static readonly Instant Day = Instant.FromUtc(2026, 3, 2, 0, 0);

    /// <summary>The end of the hour that is this many hours after <see cref="Day"/>.</summary>
    public static Instant Hour(int hours) => Day + Duration.FromHours(hours);

    /// <summary>The range of all interval ends up to and including this one.</summary>
    public static TimeRange UpTo(Instant end) => new(Instant.MinValue, end);

    public static readonly TimeRange Ever = new(Instant.FromUtc(2000, 1, 1, 0, 0), Instant.FromUtc(2100, 1, 1, 0, 0));

    /// <summary>A row with the objects 1, 2 and so on; for a null value the object is not present.</summary>
    public static TotalsRow Row(Instant end, params uint?[] values)
    {
        var row = new TotalsRow { Time = CivilTime.ToTagA(end, DateTimeZone.Utc) };
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value)
                row.Set(i + 1, value, Quality.None);
        }
        return row;
    }

    public static IntervalsRecorded Answer(params RecordedInterval[] intervals) =>
        new(Serial, 11, TypeIdentification.ReadIncrementalTotalBlocks, 60, intervals[^1].End + Duration.FromMinutes(3), intervals);

    /// <summary>Consecutive hours whose A+ is the number of the hour.</summary>
    public static IntervalsRecorded Hours(int first, int count) =>
        Answer(Enumerable.Range(first, count).Select(hour => new RecordedInterval(Hour(hour), Row(Hour(hour), (uint)hour, 0))).ToArray());

    public static StoreIntervals Store(long sequenceNr, IntervalsRecorded answer, string meter = "m-1", Curve curve = Curve.Hourly) =>
        new($"profile-{meter}-{curve.Name()}", sequenceNr, meter, curve, answer);

    public static StoreIntervals Store(long sequenceNr, Instant end, params uint?[] values) =>
        Store(sequenceNr, Answer(new RecordedInterval(end, Row(end, values))));

    public static WriteBatch Of(params StoreIntervals[] messages) =>
        new() { Intervals = [.. messages] };

    public static CurrentValue Value(string signal, double? value, Instant readAt) =>
        new(signal, value, "kW", value is null ? ValueQuality.Invalid : ValueQuality.Good, readAt - Duration.FromSeconds(2), readAt);

    /// <summary>A batch of anything other than intervals.</summary>
    public static WriteBatch Of(Action<WriteQueue> add)
    {
        var queue = new WriteQueue();
        add(queue);
        return queue.Take();
    }
}
