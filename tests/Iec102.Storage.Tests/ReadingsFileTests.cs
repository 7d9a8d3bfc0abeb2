using Iec102.Acquisition.Meters;
using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Storage.Reading;
using Iec102.Storage.Upkeep;
using Iec102.Storage.Writing;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

/// <summary>What is promised of the files of a data directory besides what is promised of every database.</summary>
public sealed class ReadingsFileTests : IDisposable
{
    private readonly TemporaryData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Wherever_power_is_cut_in_a_commit_either_all_of_a_batch_is_there_or_nothing_and_the_progress_says_which()
    {
        const int headerOctets = 32, frameOctets = 4096 + 24;
        using var writer = _data.OpenWriter();
        writer.Write(Of(Store(1, Hours(1, 10))));
        var before = new FileInfo(_data.Directory.ReadingsFile + "-wal").Length;
        writer.Write(Of(Store(2, Hours(11, 500)), Store(1, Hours(1, 300), "m-2")));
        var after = new FileInfo(_data.Directory.ReadingsFile + "-wal").Length;
        ((after - headerOctets) % frameOctets).ShouldBe(0);
        (after - before).ShouldBeGreaterThan(5 * frameOctets);

        for (var length = before; length <= after; length += frameOctets)
        {
            foreach (var cut in new[] { length, length + frameOctets / 2 }.Where(cut => cut <= after))
            {
                var image = Directory.CreateDirectory(_data.Beside($"cut-{cut}")).FullName;
                Copy(_data.Directory.ReadingsFile, image).Dispose();
                using (var log = Copy(_data.Directory.ReadingsFile + "-wal", image))
                    log.SetLength(cut);

                var restarted = TemporaryData.Started(image);
                var store = new ReadingsStore(new SqliteDatabase(restarted));
                var intervals = (store.Count("m-1", Curve.Hourly, Ever), store.Count("m-2", Curve.Hourly, Ever));
                intervals.ShouldBe(cut == after ? (510, 300) : (10, 0));
                using var progress = new StoredProfiles(new SqliteDatabase(restarted));
                progress.Progress().Select(one => (one.Meter, one.SequenceNr))
                    .ShouldBe(cut == after ? [("m-1", 2), ("m-2", 1)] : [("m-1", 1)]);
            }
        }
    }

    [Fact]
    public void What_a_killed_server_has_committed_can_be_read_before_one_is_started_again()
    {
        using var writer = _data.OpenWriter();
        writer.Write(Of(Store(1, Hours(1, 10))));
        var image = Directory.CreateDirectory(_data.Beside("image")).FullName;
        Copy(_data.Directory.ReadingsFile, image).Dispose();
        Copy(_data.Directory.ReadingsFile + "-wal", image).Dispose();

        new ReadingsStore(new SqliteDatabase(DataDirectory.Existing(image))).Count("m-1", Curve.Hourly, Ever).ShouldBe(10);
    }

    [Fact]
    public void Nothing_is_written_when_the_disk_is_nearly_full_but_what_is_known_is_still_told()
    {
        using var writer = new ReadingsWriter(
            new SqliteDatabase(_data.Directory) { FreeBytes = () => ReadingsWriter.LeastFreeBytes - 1 });

        Should.Throw<StorageException>(() => writer.Write(Of(Store(1, Hours(1, 1))))).Message.ShouldContain("200 MiB");
        writer.Write(Of(queue => queue.Add(new GetIdentity("m-1")))).Answers.Keys.ShouldBe([new GetIdentity("m-1")]);
        _data.Store.Count("m-1", Curve.Hourly, Ever).ShouldBe(0);
    }

    [Fact]
    public void A_database_that_cannot_be_read_is_explained_in_a_sentence()
    {
        File.WriteAllText(_data.Directory.ReadingsFile, "this is no database, and long enough to be one: " + new string('x', 4096));
        File.Delete(_data.Directory.ReadingsFile + "-wal");

        Should.Throw<StorageException>(() => _data.Store.Meters()).Message.ShouldContain("is not an SQLite database");
    }

    [Fact]
    public void A_data_directory_whose_journal_has_never_been_used_has_no_differences() =>
        new Verifier(_data.Database).Run().ShouldSatisfyAllConditions(
            report => report.Differences.ShouldBeEmpty(), report => report.Profiles.ShouldBe(0));

    [Fact]
    public void A_damaged_database_is_reported_and_not_read_further()
    {
        var journal = _data.NewJournal();
        _data.Write(Enumerable.Range(0, 40).Select(i => journal.Append(Hours(1 + 100 * i, 100))).ToArray());
        using (var file = new FileStream(_data.Directory.ReadingsFile, FileMode.Open))
        {
            file.Length.ShouldBeGreaterThan(40 * 4096);
            file.Position = 20 * 4096;
            file.Write(new byte[8 * 4096]);
        }

        var report = new Verifier(_data.Database).Run();
        report.Profiles.ShouldBe(0);
        report.Differences.ShouldAllBe(one => one.Kind == DifferenceKind.DamagedFile && one.Subject == _data.Directory.ReadingsFile);
        report.Differences.ShouldNotBeEmpty();
    }

    private static FileStream Copy(string file, string directory)
    {
        using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var target = new FileStream(Path.Combine(directory, Path.GetFileName(file)), FileMode.Create);
        source.CopyTo(target);
        return target;
    }
}
