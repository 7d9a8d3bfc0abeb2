using System.Data.Common;
using Iec102.Acquisition.Profiles;
using Iec102.Storage.Sql;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>
/// Whether the journal of a profile and load_profile are from the same moment. They are not after one of the files was lost or restored
/// from a copy: then the writer would skip new events for their numbers, or rows are missing that no event will bring again.
/// </summary>
internal static class CurveComparison
{
    /// <summary>
    /// Compares what a profile says of its journal with what is stored; unless they differ, this costs a look-up for each event with
    /// intervals since the last snapshot.
    /// </summary>
    /// <param name="journal">What the profile says.</param>
    /// <param name="progress">The highest sequence number that is stored of it.</param>
    /// <param name="connection">The database.</param>
    public static StoredCurve Of(CompareCurve journal, long progress, DbConnection connection)
    {
        var deletedBefore = RetentionSweep.DeletedBefore(connection);
        var agrees = journal.Agrees(progress, deletedBefore, end => Rows(end, end).Any());
        return new StoredCurve(
            journal.PersistenceId, progress,
            agrees ? null : new CurveContents(deletedBefore, StoredRun.Of(Rows(Instant.MinValue, Instant.MaxValue))));

        IEnumerable<(Instant End, int PeriodMinutes)> Rows(Instant first, Instant last)
        {
            using var command = connection.Statement(
                """
                SELECT end_utc, period_minutes FROM load_profile
                WHERE meter = (SELECT key FROM meter WHERE id = @meter) AND curve = @curve AND end_utc BETWEEN @first AND @last
                ORDER BY end_utc, revision
                """,
                ("@meter", journal.Meter), ("@curve", (long)journal.Curve), ("@first", first.ToUnixTimeSeconds()),
                ("@last", last.ToUnixTimeSeconds()));
            using var row = command.ExecuteReader();
            while (row.Read())
                yield return (Instant.FromUnixTimeSeconds(row.GetInt64(0)), row.GetInt32(1));
        }
    }
}
