using System.Data.Common;
using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Storage.Sql;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>
/// Deletes rows that are older than their retention allows, a bounded number at a time, so that the writer is never held up for long. It
/// works by meter and signal or curve because the rows are stored in that order: the oldest rows of each come first, and no index by time
/// is needed.
/// </summary>
internal sealed class RetentionSweep(WritingSession session)
{
    /// <summary>
    /// The row of table retention that says which intervals were deleted on purpose, so that verify does not report them as missing.
    /// </summary>
    public const string Profiles = "load_profile";

    /// <summary>The most rows of a step.</summary>
    public const int RowsPerStep = 20_000;

    // How many series are asked for their old rows at once, each for its share; a far database answers late.
    private const int SeriesAtOnce = 10;

    private const string Meters = "SELECT key AS meter, 0 AS part FROM meter";

    private static readonly Kept History = new(
        "current_history", "read_at", "SELECT meter, signal AS part FROM current_value", "AND signal = @part");
    private static readonly Kept ClockChecks = new("clock_check", "read_at", Meters, "");
    private static readonly Kept ClockWrites = new("clock_write", "ended_ms", Meters, "", PerSecond: 1000);
    private static readonly Kept Events = new("event", "coalesce(time_ms, 1000 * read_at)", Meters, "", PerSecond: 1000);
    private static readonly Kept Intervals = new(
        "load_profile", "end_utc", "SELECT meter, curve AS part FROM writer_progress", "AND curve = @part");
    private static readonly Kept Closings = new("closing", "at_utc", Meters, "");

    /// <summary>The instant before which intervals were deleted on purpose; null when none were.</summary>
    public static Instant? DeletedBefore(DbConnection connection) =>
        connection.Scalar("SELECT deleted_before FROM retention WHERE what = @what", ("@what", Profiles)) is long before
            ? Instant.FromUnixTimeSeconds(before)
            : null;

    /// <summary>Deletes at most <see cref="RowsPerStep"/> rows within the open transaction; returns true when there may be more.</summary>
    public bool Step(RetentionConfiguration retention, Instant now)
    {
        if (retention.Profiles is { } keptProfiles)
            RaiseProfileLimit(Before(keptProfiles, now));
        var left = RowsPerStep;
        return Delete(History, retention.CurrentHistory, now, ref left)
            | Delete(ClockChecks, retention.Events, now, ref left)
            | Delete(ClockWrites, retention.Events, now, ref left)
            | Delete(Events, retention.Events, now, ref left)
            | Delete(Intervals, retention.Profiles, now, ref left)
            | Delete(Closings, retention.Profiles, now, ref left)
            | DeleteAudit(retention.Audit, now, left);
    }

    private bool DeleteAudit(TimeSpan? time, Instant now, int rows) =>
        time is { } kept && new AuditTable(session).Delete(now - Duration.FromTimeSpan(kept), rows) == rows;

    private bool Delete(Kept kept, TimeSpan? time, Instant now, ref int left)
    {
        if (time is null)
            return false;
        var before = Before(time.Value, now) * kept.PerSecond;
        var series = session.Query(kept.SelectWithOldRows, [[("@before", before)]], row => (row.GetValue(0), row.GetValue(1))).Single();
        var more = false;
        foreach (var some in series.Chunk(SeriesAtOnce))
        {
            var share = left / some.Length;
            if (share == 0)
                return true;
            var sets = some.Select(one => ((string, object?)[])
                [("@meter", one.Item1), ("@part", one.Item2), ("@before", before), ("@rows", share)]);
            foreach (var rows in session.Query(kept.DeleteOld, sets, _ => true))
            {
                left -= rows.Count;
                // Rows of the same time stay together, so that a series with more may have lost less than its share.
                more |= rows.Count > share / 2;
            }
        }
        return more;
    }

    private void RaiseProfileLimit(long before)
    {
        session.Execute(
            """
            INSERT INTO retention (what, deleted_before) VALUES (@what, @before)
            ON CONFLICT (what) DO UPDATE SET deleted_before = excluded.deleted_before
            WHERE retention.deleted_before < excluded.deleted_before
            """,
            ("@what", Profiles), ("@before", before));
    }

    private static long Before(TimeSpan kept, Instant now) => (now - Duration.FromTimeSpan(kept)).ToUnixTimeSeconds();

    /// <summary>A table that is swept.</summary>
    /// <param name="Table">Its name.</param>
    /// <param name="Time">The column of the time, which is the last one of the key or of an index.</param>
    /// <param name="Series">
    /// Selects the series that may have rows: the meter, and the signal or curve if the key has one before the time.
    /// </param>
    /// <param name="OfPart">The condition for the signal or curve; empty when the key has only the meter before the time.</param>
    /// <param name="PerSecond">How many units of the time column make a second.</param>
    private sealed record Kept(string Table, string Time, string Series, string OfPart, long PerSecond = 1)
    {
        public string SelectWithOldRows =>
            $"""
            SELECT meter, part FROM ({Series}) s
            WHERE EXISTS (
                SELECT 1 FROM {Table} t
                WHERE t.meter = s.meter {OfPart.Replace("@part", "s.part", StringComparison.Ordinal)} AND {Time} < @before)
            ORDER BY meter, part
            """;

        public string DeleteOld =>
            $"""
            DELETE FROM {Table} WHERE meter = @meter {OfPart} AND {Time} < @before AND {Time} < coalesce(
                (SELECT {Time} FROM {Table} WHERE meter = @meter {OfPart} ORDER BY {Time} LIMIT 1 OFFSET @rows), @before)
            RETURNING 1
            """;
    }
}
