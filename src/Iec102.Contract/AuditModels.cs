using Iec102.Acquisition;
using NodaTime;

namespace Iec102.Contract;

/// <summary>The audit log in the API.</summary>
/// <param name="Entries">Its lines, the newest first.</param>
public sealed record AuditModel(IReadOnlyList<AuditEntryModel> Entries)
{
    /// <summary>The lines with their times in a zone.</summary>
    public static AuditModel Of(IEnumerable<AuditEntry> entries, DateTimeZone zone) => new(
    [
        .. entries.Select(entry => new AuditEntryModel(
            TimeText.FormatMilliseconds(entry.At, zone), entry.Node == "" ? null : entry.Node, entry.Who,
            entry.Address == "" ? null : entry.Address, entry.Action, entry.Detail, entry.Status)),
    ]);
}

/// <summary>A line of the audit log.</summary>
/// <param name="At">When it was done.</param>
/// <param name="Node">The node that was called; null when the server was alone.</param>
/// <param name="Who">The name of the key, or anonymous, unknown (a wrong key), or fleet file.</param>
/// <param name="Address">From where; null for the fleet file.</param>
/// <param name="Action">What was done.</param>
/// <param name="Detail">What was sent, shortened and without secrets, or what has changed; empty when there is nothing to say.</param>
/// <param name="Status">The HTTP status of the answer; null for the fleet file.</param>
public sealed record AuditEntryModel(
    string At, string? Node, string Who, string? Address, string Action, string Detail, int? Status);
