using System.Data.Common;
using Iec102.Acquisition;
using NodaTime;

namespace Iec102.Storage.Schema;

/// <summary>The columns of table audit, and how a line of the audit log is stored in them.</summary>
internal static class AuditColumns
{
    /// <summary>The names of all columns, for SELECT and INSERT.</summary>
    public const string Names = "at_us, node, who, address, action, detail, status";

    /// <summary>Only changes of the fleet file; one that somebody only looked at has what was sent as its detail, and no lines.</summary>
    public const string OfFleetFile =
        $"AND (who = '{AuditEntry.FleetFile}' OR (action = '{AuditEntry.FleetChange}' AND (detail LIKE '-%' OR detail LIKE '+%')))";

    /// <summary>A statement parameter for each column, in the same order.</summary>
    public static readonly IReadOnlyList<string> Parameters = [.. Names.Split(", ").Select(name => $"@{name}")];

    /// <summary>The values of a line.</summary>
    public static (string Name, object? Value)[] Of(AuditEntry entry) =>
    [
        ("@at_us", Microseconds(entry.At)), ("@node", entry.Node), ("@who", entry.Who), ("@address", entry.Address),
        ("@action", entry.Action), ("@detail", entry.Detail), ("@status", (long?)entry.Status),
    ];

    /// <summary>Reads the line from a row that begins with these columns.</summary>
    public static AuditEntry Read(DbDataReader row) => new(
        Instant.FromUnixTimeTicks(row.GetInt64(0) * TicksOfMicrosecond), row.GetString(1), row.GetString(2), row.GetString(3),
        row.GetString(4), row.GetString(5), row.IsDBNull(6) ? null : row.GetInt32(6));

    /// <summary>An instant as the column of the time has it.</summary>
    public static long Microseconds(Instant instant) => instant.ToUnixTimeTicks() / TicksOfMicrosecond;

    private const long TicksOfMicrosecond = NodaConstants.TicksPerMillisecond / 1000;
}
