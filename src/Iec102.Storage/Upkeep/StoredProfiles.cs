using System.Data.Common;
using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Storage.Sql;
using Iec102.Storage.Writing;
using NodaTime;

namespace Iec102.Storage.Upkeep;

/// <summary>How far the events of a profile have been stored in load_profile.</summary>
/// <param name="PersistenceId">The profile actor's persistence id.</param>
/// <param name="SequenceNr">The highest sequence number stored.</param>
/// <param name="MeterKey">The meter's number in the tables.</param>
/// <param name="Meter">The meter's id.</param>
/// <param name="Curve">The curve.</param>
internal sealed record WriterProgress(string PersistenceId, long SequenceNr, long MeterKey, string Meter, Curve Curve);

/// <summary>Reads what the tables hold of the profiles, for comparison with the journal. Nothing is written.</summary>
internal sealed class StoredProfiles(ReadingsDatabase database) : IDisposable
{
    public DbConnection Connection { get; } = database.OpenForReading();

    public List<WriterProgress> Progress() => ReadProgress("");

    public WriterProgress? ProgressOf(string persistenceId) =>
        ReadProgress("WHERE persistence_id = @id", ("@id", persistenceId)).SingleOrDefault();

    /// <summary>The interval ends that are stored of a curve, in order.</summary>
    public IEnumerable<Instant> Ends(WriterProgress profile)
    {
        using var command = Connection.Statement(
            "SELECT DISTINCT end_utc FROM load_profile WHERE meter = @meter AND curve = @curve ORDER BY end_utc",
            ("@meter", profile.MeterKey), ("@curve", (long)profile.Curve));
        using var row = command.ExecuteReader();
        while (row.Read())
            yield return Instant.FromUnixTimeSeconds(row.GetInt64(0));
    }

    /// <summary>The instant before which intervals were deleted on purpose.</summary>
    public Instant DeletedBefore() => RetentionSweep.DeletedBefore(Connection) ?? Instant.MinValue;

    public void Dispose() => Connection.Dispose();

    private List<WriterProgress> ReadProgress(string where, params ReadOnlySpan<(string, object?)> parameters) => Connection.Query(
        $"""
        SELECT persistence_id, sequence_nr, meter, id, curve FROM writer_progress p JOIN meter m ON m.key = p.meter {where}
        ORDER BY persistence_id
        """,
        row => new WriterProgress(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3), (Curve)row.GetInt32(4)),
        parameters);
}
