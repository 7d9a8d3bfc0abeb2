using Google.Protobuf;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// The event that holds nearly all octets of the journal: columns instead of rows, and what is the same for every interval only once
/// (profile.proto, Intervals).
/// </summary>
internal static class StoredIntervals
{
    public static Stored.Intervals Write(IntervalsRecorded recorded)
    {
        var intervals = recorded.Intervals;
        var stored = new Stored.Intervals
        {
            SerialNumber = recorded.SerialNumber,
            Record = recorded.Record,
            Type = (uint)recorded.Type,
            PeriodMinutes = (uint)recorded.PeriodMinutes,
            ReceivedAt = recorded.ReceivedAt.ToUnixTimeTicks(),
            FirstEnd = Minutes(intervals[0].End),
        };
        for (var i = 1; i < intervals.Count; i++)
            stored.Steps.Add((uint)(Minutes(intervals[i].End) - Minutes(intervals[i - 1].End)));
        if (stored.Steps.All(step => step == recorded.PeriodMinutes))
            stored.Steps.Clear();

        var labels = new byte[intervals.Count * TimeTagA.Length];
        var objects = new byte[intervals.Count];
        var qualities = new List<byte>(intervals.Count * ObjectAddress.LastTotal);
        for (var i = 0; i < intervals.Count; i++)
        {
            var row = intervals[i].Row;
            row.Time.Write(labels.AsSpan(i * TimeTagA.Length));
            objects[i] = row.Objects;
            for (var address = ObjectAddress.FirstTotal; address <= ObjectAddress.LastTotal; address++)
            {
                if (!row.Has(address))
                    continue;
                stored.Values.Add(row.GetValue(address));
                qualities.Add((byte)row.GetQuality(address));
            }
        }

        stored.Labels = ByteString.CopyFrom(labels);
        stored.Objects = ByteString.CopyFrom(objects.AsSpan().ContainsAnyExcept(objects[0]) ? objects : objects[..1]);
        stored.Qualities = ByteString.CopyFrom(qualities.ToArray());
        return stored;
    }

    public static IntervalsRecorded Read(Stored.Intervals stored)
    {
        var intervals = new RecordedInterval[stored.Labels.Length / TimeTagA.Length];
        var end = stored.FirstEnd;
        var value = 0;
        for (var i = 0; i < intervals.Length; i++)
        {
            if (i > 0)
                end += stored.Steps.Count == 0 ? stored.PeriodMinutes : stored.Steps[i - 1];
            var row = new TotalsRow { Time = TimeTagA.Read(stored.Labels.Span[(i * TimeTagA.Length)..]) };
            var objects = stored.Objects[stored.Objects.Length == 1 ? 0 : i];
            for (var address = ObjectAddress.FirstTotal; address <= ObjectAddress.LastTotal; address++)
            {
                if ((objects & (1 << (address - ObjectAddress.FirstTotal))) == 0)
                    continue;
                row.Set(address, stored.Values[value], (Quality)stored.Qualities[value]);
                value++;
            }

            intervals[i] = new RecordedInterval(Instant.FromUnixTimeSeconds(60 * end), row);
        }

        return new IntervalsRecorded(
            stored.SerialNumber, (byte)stored.Record, (TypeIdentification)stored.Type, (int)stored.PeriodMinutes,
            Instant.FromUnixTimeTicks(stored.ReceivedAt), intervals);
    }

    private static long Minutes(Instant end) => end.ToUnixTimeSeconds() / 60;
}
