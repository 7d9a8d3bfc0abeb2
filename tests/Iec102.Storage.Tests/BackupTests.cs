using System.IO.Compression;
using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Storage.Reading;
using Iec102.Storage.Upkeep;
using Iec102.Storage.Writing;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

public sealed class BackupTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly TestJournal _journal;

    public BackupTests() => _journal = _data.NewJournal();

    private string CopyFile => _data.Beside("copy.zip");

    public void Dispose() => _data.Dispose();

    [Fact]
    public void A_restored_copy_holds_what_was_there_and_nothing_that_came_after()
    {
        _data.Write(_journal.Append(Hours(1, 100)));
        _journal.Snapshot("profile-m-1-hourly");
        _journal.Append(Hours(101, 10));
        Backup.Write(_data.Directory, CopyFile, Hour(0));
        _data.Write(_journal.Append(Hours(111, 10)));

        var restored = Restore();

        new ReadingsStore(new SqliteDatabase(restored)).Intervals("m-1", Curve.Hourly, Ever).ShouldBe(
            _data.Store.Intervals("m-1", Curve.Hourly, new TimeRange(Hour(0), Hour(100))));
        var report = new Verifier(new SqliteDatabase(restored)).Run();
        report.Differences.ShouldBeEmpty();
        report.Intervals.ShouldBe(110);
    }

    [Fact]
    public void The_directory_knows_when_its_last_backup_was_made_and_where()
    {
        LastBackup.Of(_data.Directory).ShouldBeNull();
        _data.Write(_journal.Append(Hours(1, 1)));
        Backup.Write(_data.Directory, CopyFile, Hour(1));

        var made = Backup.Write(_data.Directory, CopyFile, Hour(2));

        LastBackup.Of(_data.Directory).ShouldBe(made);
        (made.At, made.File, made.Bytes).ShouldBe((Hour(2), CopyFile, new FileInfo(CopyFile).Length));
        File.WriteAllText(_data.Directory.LastBackupFile, "{");
        LastBackup.Of(_data.Directory).ShouldBeNull();
    }

    [Fact]
    public async Task Copies_taken_while_the_server_writes_verify_without_differences_and_go_on_where_they_were_taken()
    {
        using var stop = new CancellationTokenSource();
        var server = new BusyServer(_data, _journal);
        var serving = server.RunUntil(stop.Token);
        for (var copy = 0; copy < 8; copy++)
        {
            var seen = server.Rounds;
            var file = _data.Beside($"copy-{copy}.zip");
            Backup.Write(_data.Directory, file, Hour(0));

            var path = _data.Beside($"restored-{copy}");
            Backup.Restore(file, path);
            var restored = TemporaryData.Started(path);
            var report = new Verifier(new SqliteDatabase(restored)).Run();
            report.Differences.ShouldBeEmpty();
            report.Intervals.ShouldBeGreaterThanOrEqualTo((long)(seen - 1) * 60);
            GoesOn(restored);
        }

        await stop.CancelAsync();
        await serving;
    }

    /// <summary>
    /// Checks that a restored server can continue: the next event of each profile gets the number after the last one in its journal, and
    /// the writer must not take it for one that is already stored.
    /// </summary>
    private static void GoesOn(DataDirectory restored)
    {
        using var journal = new StoredJournal(new SqliteDatabase(restored));
        using var writer = new ReadingsWriter(new SqliteDatabase(restored));
        foreach (var id in journal.Profiles())
        {
            var next = Store(journal.Highest(id) + 1, Hours(-10, 1), id["profile-".Length..^"-hourly".Length]);
            writer.Write(Of(next));
            new ReadingsStore(new SqliteDatabase(restored)).Count(next.Meter, Curve.Hourly, new TimeRange(Hour(-11), Hour(-10)))
                .ShouldBe(1);
        }
    }

    [Fact]
    public void Tables_that_are_ahead_of_their_journal_are_not_copied()
    {
        _data.Write(Store(5, Hours(1, 1)));

        Should.Throw<StorageException>(
            () => Backup.Write(_data.Directory, CopyFile, Hour(0))).Message.ShouldContain("is ahead of journal.db");
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public void A_copy_is_an_archive_that_any_program_can_unpack()
    {
        _data.Write(_journal.Append(Hours(1, 100)));
        Backup.Write(_data.Directory, CopyFile, Hour(0));

        var directory = _data.Beside("unpacked");
        ZipFile.ExtractToDirectory(CopyFile, directory);
        Directory.GetFiles(directory).Select(Path.GetFileName).Order().ShouldBe(["journal.db", "manifest.json", "readings.db"]);
        new ReadingsStore(new SqliteDatabase(DataDirectory.Existing(directory))).Count("m-1", Curve.Hourly, Ever).ShouldBe(100);
        File.ReadAllText(Path.Combine(directory, "manifest.json")).ShouldContain("\"createdAt\": \"2026-03-02T00:00:00Z\"");
    }

    [Fact]
    public void The_progress_grows_from_0_to_1()
    {
        _data.Write(_journal.Append(Hours(1, 20_000)));
        var told = new Progress();

        Backup.Write(_data.Directory, CopyFile, Hour(0), told);

        told.Values.ShouldBe(told.Values.Order());
        told.Values.Count.ShouldBeGreaterThan(5);
        told.Values[0].ShouldBeInRange(0, 0.5);
        told.Values[^1].ShouldBe(1);
    }

    [Fact]
    public void A_copy_takes_the_place_of_an_older_one_only_when_it_is_complete()
    {
        File.WriteAllText(CopyFile, "the older copy");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Should.Throw<OperationCanceledException>(() => Backup.Write(_data.Directory, CopyFile, Hour(0), null, cancelled.Token));
        File.ReadAllText(CopyFile).ShouldBe("the older copy");
        Leftovers().ShouldBe(["copy.zip"]);

        Backup.Write(_data.Directory, CopyFile, Hour(0));
        Restore();
        Leftovers().ShouldBe(["copy.zip"]);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named()
    {
        var nowhere = _data.Beside("nowhere/copy.zip");
        Should.Throw<StorageException>(() => Backup.Write(_data.Directory, nowhere, Hour(0))).Message.ShouldContain(nowhere);
    }

    [Fact]
    public void Restoring_over_databases_is_refused()
    {
        Backup.Write(_data.Directory, CopyFile, Hour(0));

        Should.Throw<StorageException>(() => Backup.Restore(CopyFile, _data.Directory.Path)).Message
            .ShouldBe($"{_data.Directory.Path} already holds journal.db: name an empty directory.");
    }

    [Fact]
    public void A_damaged_or_foreign_file_is_refused_and_leaves_no_databases()
    {
        _data.Write(_journal.Append(Hours(1, 2000)));
        Backup.Write(_data.Directory, CopyFile, Hour(0));
        var whole = File.ReadAllBytes(CopyFile);
        var damaged = _data.Beside("damaged.zip");
        var target = _data.Beside("target");
        for (var i = 0; i < 40; i++)
        {
            var octets = whole.ToArray();
            octets[i * whole.Length / 40] ^= 0x55;
            File.WriteAllBytes(damaged, octets);
            TryRestore();
        }
        foreach (var length in new[] { 0, 1, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(damaged, whole[..length]);
            TryRestore().ShouldBeFalse();
        }
        Should.Throw<StorageException>(
            () => Backup.Restore(_data.Beside("missing.zip"), target)).Message.ShouldContain("There is no backup");

        bool TryRestore()
        {
            try
            {
                Backup.Restore(damaged, target);
            }
            catch (StorageException e)
            {
                e.Message.ShouldContain(damaged);
                if (Directory.Exists(target))
                    Directory.GetFiles(target).ShouldBeEmpty();
                return false;
            }
            // The damaged octet may carry no content, such as the time of an entry; then everything must have been restored.
            new ReadingsStore(new SqliteDatabase(DataDirectory.Existing(target))).Count("m-1", Curve.Hourly, Ever).ShouldBe(2000);
            Directory.Delete(target, recursive: true);
            return true;
        }
    }

    private DataDirectory Restore()
    {
        var path = _data.Beside("restored");
        Backup.Restore(CopyFile, path);
        return TemporaryData.Started(path);
    }

    private IEnumerable<string> Leftovers() => Directory.GetFiles(_data.Beside(".")).Select(file => Path.GetFileName(file)!);

    private sealed class Progress : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }
}
