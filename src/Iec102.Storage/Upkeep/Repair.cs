using Iec102.Storage.Databases;
using Iec102.Storage.Files;

namespace Iec102.Storage.Upkeep;

/// <summary>
/// Has the coverage of every curve with a difference rebuilt from load_profile when the server starts next: what is not stored is then
/// missing, and is read from the meter again. No journal is written here: the curve's progress is set to a number that no journal reaches,
/// which the comparison at the start notices.
/// </summary>
public static class Repair
{
    internal const long Marked = long.MaxValue;

    /// <summary>Verifies the database, which no server may be using, and marks the curves that differ.</summary>
    /// <param name="database">The database.</param>
    /// <param name="progress">Receives the share that is done, from 0 to 1.</param>
    /// <param name="cancellation">Cancels it; nothing is marked then.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="StorageException">A server uses the database, or a file is damaged.</exception>
    public static VerifyReport Run(
        ReadingsDatabase database, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        using var alone = database.Explain(database.OpenAlone);
        var report = new Verifier(database).Run(progress, cancellation);
        if (report.Differences.FirstOrDefault(one => one.Kind == DifferenceKind.DamagedFile) is { } damage)
            throw new StorageException($"{damage.Sentence} This cannot be repaired: restore the data directory from a backup.");
        database.Explain(() =>
        {
            alone.Begin();
            foreach (var id in report.Differences.Select(one => one.Subject).Distinct())
                alone.Execute(
                    "UPDATE writer_progress SET sequence_nr = @marked WHERE persistence_id = @id", ("@marked", Marked), ("@id", id));
            alone.Commit();
            return report;
        });
        return report;
    }
}
