using Iec102.Acquisition;
using Iec102.Storage.Databases;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>Stores the lines of the audit log, and deletes those that have outlived their retention.</summary>
internal sealed class AuditTable(WritingSession session)
{
    // The key is all that tells two lines apart, so that one is stored once even when the answer to the commit was lost.
    private static readonly string Insert =
        $"INSERT INTO audit ({AuditColumns.Names}) VALUES ({string.Join(", ", AuditColumns.Parameters)}) ON CONFLICT DO NOTHING";

    /// <summary>Stores lines within the open transaction.</summary>
    public void Store(IEnumerable<AuditEntry> entries)
    {
        foreach (var entry in entries)
            session.Execute(Insert, AuditColumns.Of(entry));
    }

    /// <summary>Deletes at most so many of the lines that are older than an instant; returns how many.</summary>
    public int Delete(Instant before, int rows) => session.Query(
        """
        DELETE FROM audit WHERE at_us < @before AND at_us < coalesce(
            (SELECT at_us FROM audit ORDER BY at_us LIMIT 1 OFFSET @rows), @before)
        RETURNING 1
        """,
        [[("@before", AuditColumns.Microseconds(before)), ("@rows", rows)]], _ => true).Single().Count;
}
