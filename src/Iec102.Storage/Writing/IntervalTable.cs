using System.Data.Common;
using Iec102.Acquisition.Profiles;
using Iec102.Storage.Schema;
using Iec102.Storage.Sql;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>
/// Stores the intervals of profile events in load_profile together with the progress of each profile, through prepared statements of one
/// connection.
/// </summary>
internal sealed class IntervalTable : IDisposable
{
    private readonly DbCommand _progress;
    private readonly DbCommand _setProgress;
    private readonly DbCommand _newest;
    private readonly DbCommand _insert;
    private readonly DbConnection _connection;

    public IntervalTable(DbConnection connection)
    {
        _connection = connection;
        _progress = connection.Statement("SELECT sequence_nr FROM writer_progress WHERE persistence_id = @id", ("@id", null));
        _setProgress = connection.Statement(
            """
            INSERT INTO writer_progress (persistence_id, sequence_nr, meter, curve) VALUES (@id, @number, @meter, @curve)
            ON CONFLICT (persistence_id) DO UPDATE SET sequence_nr = excluded.sequence_nr
            """,
            ("@id", null), ("@number", null), ("@meter", null), ("@curve", null));
        _newest = connection.Statement(
            $"""
            SELECT {LoadProfileColumns.Names} FROM load_profile
            WHERE meter = @meter AND curve = @curve AND end_utc BETWEEN @first AND @last ORDER BY end_utc, revision
            """,
            ("@meter", null), ("@curve", null), ("@first", null), ("@last", null));
        var parameters = Enumerable.Range(0, LoadProfileColumns.Count).Select(i => $"@c{i}").ToList();
        _insert = connection.Statement(
            $"INSERT INTO load_profile (meter, curve, {LoadProfileColumns.Names}) VALUES (@meter, @curve, {string.Join(", ", parameters)})",
            [("@meter", null), ("@curve", null), .. parameters.Select(name => (name, (object?)null))]);
    }

    /// <summary>The highest sequence number that is stored of a profile; 0 when there is none.</summary>
    public long Progress(string persistenceId)
    {
        _progress.Parameters[0].Value = persistenceId;
        return _progress.ExecuteScalar() is long number ? number : 0;
    }

    /// <summary>Compares what a profile says of its journal with what is stored.</summary>
    public StoredCurve Compare(CompareCurve journal) => CurveComparison.Of(journal, Progress(journal.PersistenceId), _connection);

    /// <summary>Stores an event that was not stored before, and sets the progress to its number.</summary>
    public void Store(StoreIntervals message, long meter)
    {
        var curve = (long)message.Curve;
        if (message.Intervals.Intervals.Count > 0)
            StoreRows(message.Intervals, meter, curve);
        (_setProgress.Parameters[0].Value, _setProgress.Parameters[1].Value) = (message.PersistenceId, message.SequenceNr);
        (_setProgress.Parameters[2].Value, _setProgress.Parameters[3].Value) = (meter, curve);
        _setProgress.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _progress.Dispose();
        _setProgress.Dispose();
        _newest.Dispose();
        _insert.Dispose();
    }

    private void StoreRows(IntervalsRecorded answer, long meter, long curve)
    {
        var newest = Newest(meter, curve, answer.Intervals.Min(interval => interval.End), answer.Intervals.Max(interval => interval.End));
        (_insert.Parameters[0].Value, _insert.Parameters[1].Value) = (meter, curve);
        foreach (var read in StoredInterval.Of(answer))
        {
            var next = read;
            if (newest.TryGetValue(read.End, out var known))
            {
                if (RevisionRule.Next(known, read.Row, read.PeriodMinutes) is not { } row)
                    continue;
                next = read with { Row = row, Revision = known.Revision + 1 };
            }
            LoadProfileColumns.Bind(_insert.Parameters, 2, next);
            _insert.ExecuteNonQuery();
            newest[read.End] = next;
        }
    }

    private Dictionary<Instant, StoredInterval> Newest(long meter, long curve, Instant first, Instant last)
    {
        (_newest.Parameters[0].Value, _newest.Parameters[1].Value) = (meter, curve);
        (_newest.Parameters[2].Value, _newest.Parameters[3].Value) = (first.ToUnixTimeSeconds(), last.ToUnixTimeSeconds());
        var newest = new Dictionary<Instant, StoredInterval>();
        using var rows = _newest.ExecuteReader();
        while (rows.Read())
        {
            var interval = LoadProfileColumns.Read(rows);
            newest[interval.End] = interval;
        }
        return newest;
    }
}
