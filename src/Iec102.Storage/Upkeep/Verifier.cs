using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using NodaTime;

namespace Iec102.Storage.Upkeep;

/// <summary>The kinds of difference between the journal and the tables.</summary>
public enum DifferenceKind
{
    /// <summary>
    /// The coverage counts intervals as recorded that are neither in load_profile nor in an event that waits to be stored. They are lost
    /// until <see cref="Repair"/> has them read again.
    /// </summary>
    ClaimedNotStored,

    /// <summary>
    /// load_profile holds intervals that the coverage does not know: they will be requested from the meter once more, and nothing is lost.
    /// </summary>
    StoredNotClaimed,

    /// <summary>
    /// The writer's progress is beyond the last event of the journal. The next start notices this and rebuilds the coverage.
    /// </summary>
    ProgressAheadOfJournal,

    /// <summary>A database file is damaged.</summary>
    DamagedFile,
}

/// <summary>One difference that was found.</summary>
/// <param name="Kind">The kind of difference.</param>
/// <param name="Subject">The profile's persistence id, or the file.</param>
/// <param name="Sentence">What is wrong, in one sentence for people.</param>
public sealed record StorageDifference(DifferenceKind Kind, string Subject, string Sentence);

/// <summary>The result of a comparison.</summary>
/// <param name="Profiles">How many profiles were compared.</param>
/// <param name="Intervals">How many intervals their coverage counts as recorded.</param>
/// <param name="Differences">What is wrong; empty when all is well.</param>
public sealed record VerifyReport(int Profiles, long Intervals, IReadOnlyList<StorageDifference> Differences);

/// <summary>
/// Compares what the journal counts as recorded with what load_profile holds, whether or not servers run. Both may change while
/// they are read, so each profile is compared in three steps: first the journal is read, then the tables, then the journal again. What the
/// first reading of the journal counts as recorded must be in the tables, and what is in the tables must be counted as recorded by the
/// second.
/// </summary>
public sealed class Verifier
{
    private readonly ReadingsDatabase _database;

    /// <summary>Creates the verifier.</summary>
    /// <param name="database">The database.</param>
    public Verifier(ReadingsDatabase database) => _database = database;

    /// <summary>Compares all profiles; the progress goes from 0 to 1.</summary>
    /// <exception cref="StorageException">A file cannot be read at all.</exception>
    public VerifyReport Run(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var damage = _database.Damage().Select(one => new StorageDifference(DifferenceKind.DamagedFile, one.File, one.Sentence)).ToList();
        return damage.Count > 0
            ? new VerifyReport(0, 0, damage)
            : _database.Explain(() => Compare(progress, cancellation));
    }

    private VerifyReport Compare(IProgress<double>? progress, CancellationToken cancellation)
    {
        using var journal = new StoredJournal(_database);
        using var stored = new StoredProfiles(_database);
        var ids = journal.Profiles().Union(stored.Progress().Select(one => one.PersistenceId)).Order(StringComparer.Ordinal).ToList();
        var differences = new List<StorageDifference>();
        var intervals = 0L;
        for (var i = 0; i < ids.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            intervals += Compare(ids[i], journal, stored, differences);
            progress?.Report((i + 1.0) / ids.Count);
        }
        return new VerifyReport(ids.Count, intervals, differences);
    }

    /// <summary>Compares one profile; returns how many intervals it counts as recorded.</summary>
    private static int Compare(string id, StoredJournal journal, StoredProfiles stored, List<StorageDifference> differences)
    {
        // The events up to the progress that is read first have certainly been stored. The journal still holds the later ones, so the
        // writer will get them.
        var written = stored.ProgressOf(id)?.SequenceNr ?? 0;
        var claimed = journal.Recover(id, upTo: written).RecordedEnds().ToList();

        var progress = stored.ProgressOf(id);
        var deletedBefore = stored.DeletedBefore();
        var ends = progress is null ? [] : stored.Ends(progress).ToHashSet();

        var highest = journal.Highest(id);
        var now = journal.Recover(id);
        if (progress?.SequenceNr > highest)
            differences.Add(Ahead(progress, highest));
        var name = progress is null ? id : $"meter {progress.Meter}, {progress.Curve.Name()}";
        Add(
            DifferenceKind.ClaimedNotStored, claimed.Where(end => end >= deletedBefore && !ends.Contains(end)),
            "counted as recorded but not in load_profile");
        Add(
            DifferenceKind.StoredNotClaimed, ends.Where(end => now.IsCounted(end) && !now.IsRecorded(end)),
            "in load_profile but not counted as recorded");
        return now.RecordedEnds().Count();

        void Add(DifferenceKind kind, IEnumerable<Instant> found, string what)
        {
            var sorted = found.Order().ToList();
            if (sorted.Count > 0)
                differences.Add(
                    new StorageDifference(kind, id, $"{name}: {what}: {Count(sorted.Count)}, from {sorted[0]} to {sorted[^1]}."));
        }
    }

    private static StorageDifference Ahead(WriterProgress progress, long highest) => new(
        DifferenceKind.ProgressAheadOfJournal,
        progress.PersistenceId,
        $"meter {progress.Meter}, {progress.Curve.Name()}: "
        + (progress.SequenceNr == Repair.Marked
            ? "marked by repair; "
            : $"the tables are at event {progress.SequenceNr} and the journal ends at {highest}, so the two are not from the same "
                + "moment; ")
        + "the next start of the server rebuilds the coverage of this curve from the intervals that are stored.");

    private static string Count(int intervals) => intervals == 1 ? "1 interval" : $"{intervals} intervals";
}
