using Iec102.Acquisition.Profiles;
using Iec102.Storage.Databases;
using Iec102.Storage.Sql;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>
/// Whether the journal of a profile and load_profile are from the same moment. They are not after one of them was lost or restored from a
/// copy: then the writer would skip new events for their numbers, or rows are missing that no event will bring again.
/// </summary>
internal static class CurveComparison
{
    private const string OfCurve = "meter = (SELECT key FROM meter WHERE id = @meter) AND curve = @curve";

    /// <summary>
    /// Compares what profiles say of their journals with what is stored; unless they differ, this costs a look-up for each event with
    /// intervals since the last snapshot.
    /// </summary>
    /// <param name="journals">What the profiles say.</param>
    /// <param name="session">The database.</param>
    /// <returns>The result for each, in the same order.</returns>
    public static IEnumerable<StoredCurve> Of(IReadOnlyList<CompareCurve> journals, WritingSession session)
    {
        if (journals.Count == 0)
            return [];
        var deletedBefore = RetentionSweep.DeletedBefore(session.Connection);
        var progress = session.Query(
            "SELECT sequence_nr FROM writer_progress WHERE persistence_id = @id",
            journals.Select(one => ((string, object?)[])[("@id", one.PersistenceId)]), row => row.GetInt64(0));
        var samples = journals.SelectMany(one => one.Samples.Select(sample => (one.Meter, one.Curve, sample.End))).Distinct().ToList();
        var stored = samples.Zip(session.Query(
                $"SELECT 1 FROM load_profile WHERE {OfCurve} AND end_utc = @end LIMIT 1",
                samples.Select(one => ((string, object?)[])
                    [("@meter", one.Meter), ("@curve", (long)one.Curve), ("@end", one.End.ToUnixTimeSeconds())]),
                _ => true))
            .Where(one => one.Second.Count > 0).Select(one => one.First).ToHashSet();
        return [.. journals.Zip(progress, (journal, found) => Of(journal, found.SingleOrDefault()))];

        StoredCurve Of(CompareCurve journal, long reached)
        {
            var agrees = journal.Agrees(reached, deletedBefore, end => stored.Contains((journal.Meter, journal.Curve, end)));
            return new StoredCurve(
                journal.PersistenceId, reached,
                agrees ? null : new CurveContents(deletedBefore, StoredRun.Of(Intervals(journal, session))));
        }
    }

    private static IEnumerable<(Instant End, int PeriodMinutes)> Intervals(CompareCurve journal, WritingSession session)
    {
        using var command = session.Connection.Statement(
            $"SELECT end_utc, period_minutes FROM load_profile WHERE {OfCurve} ORDER BY end_utc, revision",
            ("@meter", journal.Meter), ("@curve", (long)journal.Curve));
        using var row = command.ExecuteReader();
        while (row.Read())
            yield return (Instant.FromUnixTimeSeconds(row.GetInt64(0)), row.GetInt32(1));
    }
}
