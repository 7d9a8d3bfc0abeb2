using Iec102.Acquisition.Fleet;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Iec102.Storage;

/// <summary>Deletes what is older than it is kept, a bounded number of rows at a time, so that the writer is never held up for long.</summary>
internal sealed class RetentionSweep(SqliteConnection connection)
{
    /// <summary>The row of table retention that says which intervals verify does not miss.</summary>
    public const string Profiles = "load_profile";

    private const int RowsPerStep = 20_000;

    // By meter and signal, since that is how the rows lie: the old ones of each are found at once, without a second index.
    private const string OldHistory = """
        DELETE FROM current_history WHERE (meter, signal, read_at) IN (
            SELECT h.meter, h.signal, h.read_at FROM current_value v CROSS JOIN current_history h
            WHERE h.meter = v.meter AND h.signal = v.signal AND h.read_at < @before LIMIT @rows)
        """;

    private const string OldClockChecks = """
        DELETE FROM clock_check WHERE (meter, read_at) IN (
            SELECT c.meter, c.read_at FROM meter m CROSS JOIN clock_check c WHERE c.meter = m.key AND c.read_at < @before LIMIT @rows)
        """;

    private const string OldIntervals = """
        DELETE FROM load_profile WHERE (meter, curve, end_utc, revision) IN (
            SELECT l.meter, l.curve, l.end_utc, l.revision FROM (SELECT DISTINCT meter, curve FROM writer_progress) p CROSS JOIN load_profile l
            WHERE l.meter = p.meter AND l.curve = p.curve AND l.end_utc < @before LIMIT @rows)
        """;

    /// <summary>Deletes some rows within the transaction that is open; true when there are more.</summary>
    public bool Step(RetentionConfiguration retention, Instant now)
    {
        if (retention.Profiles is { } keptProfiles)
            RaiseProfileLimit(Before(keptProfiles, now));
        return Delete(OldHistory, retention.CurrentHistory, now)
            | Delete(OldClockChecks, retention.Events, now)
            | Delete(OldIntervals, retention.Profiles, now);
    }

    private bool Delete(string sql, TimeSpan? kept, Instant now)
    {
        if (kept is null)
            return false;
        using var statement = connection.Statement(sql, ("@before", Before(kept.Value, now)), ("@rows", RowsPerStep));
        return statement.ExecuteNonQuery() == RowsPerStep;
    }

    private void RaiseProfileLimit(long before)
    {
        using var statement = connection.Statement(
            """
            INSERT INTO retention (what, deleted_before) VALUES (@what, @before)
            ON CONFLICT (what) DO UPDATE SET deleted_before = max(deleted_before, @before)
            """,
            ("@what", Profiles), ("@before", before));
        statement.ExecuteNonQuery();
    }

    private static long Before(TimeSpan kept, Instant now) => (now - Duration.FromTimeSpan(kept)).ToUnixTimeSeconds();
}
