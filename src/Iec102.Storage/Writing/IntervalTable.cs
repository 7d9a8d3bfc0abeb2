using Iec102.Acquisition.Profiles;
using Iec102.Storage.Databases;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>
/// Stores the intervals of profile events in load_profile together with the progress of each profile. The progress is locked first, in the
/// order of the profiles: of two writers that have events of the same profile, the second waits and then sees what the first has stored.
/// </summary>
internal sealed class IntervalTable(WritingSession session)
{
    private const string LockProgress = """
        INSERT INTO writer_progress (persistence_id, sequence_nr, meter, curve) VALUES (@id, 0, @meter, @curve)
        ON CONFLICT (persistence_id) DO UPDATE SET sequence_nr = writer_progress.sequence_nr RETURNING sequence_nr
        """;

    private static readonly string Newest =
        $"""
        SELECT {LoadProfileColumns.Names} FROM load_profile
        WHERE meter = @meter AND curve = @curve AND end_utc BETWEEN @first AND @last ORDER BY end_utc, revision
        """;

    /// <summary>
    /// Stores the events that were not stored before, within the open transaction; returns the progress of every profile of which there
    /// were any.
    /// </summary>
    /// <param name="messages">The events, in the order in which they happened.</param>
    /// <param name="keys">The numbers of the meters.</param>
    public Dictionary<string, long> Store(IReadOnlyList<StoreIntervals> messages, IReadOnlyDictionary<string, long> keys)
    {
        var progress = Lock(messages, keys);
        var before = new Dictionary<string, long>(progress);
        var fresh = new List<StoreIntervals>();
        foreach (var message in messages)
        {
            var stored = progress[message.PersistenceId];
            if (message.SequenceNr <= stored && message.Replaces != stored)
                continue;
            progress[message.PersistenceId] = message.SequenceNr;
            fresh.Add(message);
        }
        session.Insert("load_profile", LoadProfileColumns.All, Rows(fresh, keys));
        foreach (var (id, number) in progress.Where(one => one.Value != before[one.Key]))
            session.Execute(
                "UPDATE writer_progress SET sequence_nr = @number WHERE persistence_id = @id", ("@id", id), ("@number", number));
        return progress;
    }

    private Dictionary<string, long> Lock(IReadOnlyList<StoreIntervals> messages, IReadOnlyDictionary<string, long> keys)
    {
        var profiles = messages.DistinctBy(one => one.PersistenceId).OrderBy(one => one.PersistenceId, StringComparer.Ordinal).ToList();
        return profiles.Zip(session.Query(
                LockProgress,
                profiles.Select(one => ((string, object?)[])
                    [("@id", one.PersistenceId), ("@meter", keys[one.Meter]), ("@curve", (long)one.Curve)]),
                row => row.GetInt64(0)))
            .ToDictionary(one => one.First.PersistenceId, one => one.Second.Single(), StringComparer.Ordinal);
    }

    private IEnumerable<object?[]> Rows(List<StoreIntervals> messages, IReadOnlyDictionary<string, long> keys)
    {
        var filled = messages.Where(message => message.Intervals.Intervals.Count > 0)
            .Select(message => (Meter: keys[message.Meter], Curve: (long)message.Curve, Answer: message.Intervals)).ToList();
        var newest = new Dictionary<(long Meter, long Curve, Instant End), StoredInterval>();
        foreach (var (message, known) in filled.Zip(session.Query(Newest, filled.Select(Range), LoadProfileColumns.Read)))
        {
            foreach (var interval in known)
                newest[(message.Meter, message.Curve, interval.End)] = interval;
        }
        foreach (var (meter, curve, answer) in filled)
        {
            foreach (var read in StoredInterval.Of(answer))
            {
                var next = read;
                if (newest.TryGetValue((meter, curve, read.End), out var known))
                {
                    if (RevisionRule.Next(known, read.Row, read.PeriodMinutes) is not { } row)
                        continue;
                    next = read with { Row = row, Revision = known.Revision + 1 };
                }
                newest[(meter, curve, read.End)] = next;
                yield return LoadProfileColumns.Of(meter, curve, next);
            }
        }
    }

    private static (string, object?)[] Range((long Meter, long Curve, IntervalsRecorded Answer) message) =>
    [
        ("@meter", message.Meter), ("@curve", message.Curve),
        ("@first", message.Answer.Intervals.Min(interval => interval.End).ToUnixTimeSeconds()),
        ("@last", message.Answer.Intervals.Max(interval => interval.End).ToUnixTimeSeconds()),
    ];
}
