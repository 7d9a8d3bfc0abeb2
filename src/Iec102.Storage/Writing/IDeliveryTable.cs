using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>One version of a delivered file, or of one that is being delivered.</summary>
/// <param name="Name">The name of the delivery.</param>
/// <param name="Period">What it holds, such as 2026-03-02, 2026-W10 or 2026-03.</param>
/// <param name="Version">1 for the first; 0 while nothing is stored of the period, and no file is written.</param>
/// <param name="At">When it was written.</param>
/// <param name="File">Its name in the folder; empty in version 0.</param>
/// <param name="Part">Its name while it is written; null once it has its own.</param>
/// <param name="Sha256">The SHA-256 of its contents, in hexadecimal.</param>
/// <param name="Intervals">How many intervals it holds.</param>
/// <param name="Stored">How many rows there were in the database, revisions included, before it was written.</param>
/// <param name="Complete">For how many meters it was complete; null when that is not known.</param>
/// <param name="Meters">Of how many.</param>
public sealed record DeliveredFile(
    string Name, string Period, int Version, Instant At, string File, string? Part, string Sha256, long Intervals, long Stored,
    int? Complete, int? Meters);

/// <summary>Where what was delivered outlives the process. In the product this is a table of the readings database; a call waits.</summary>
public interface IDeliveryTable
{
    /// <summary>Everything, by name, period and version.</summary>
    IReadOnlyList<DeliveredFile> Read();

    /// <summary>
    /// Stores a version that is not stored yet; false when another node has stored one. What is older than the time to keep is deleted.
    /// </summary>
    bool Add(DeliveredFile file);

    /// <summary>Stores a version in place of what was stored of it.</summary>
    void Replace(DeliveredFile file);

    /// <summary>Deletes a version.</summary>
    void Remove(DeliveredFile file);

    /// <summary>
    /// Explains a failure of the other calls in one sentence; null when it means that the database is away, which others say.
    /// </summary>
    string? Describe(Exception problem);
}
