using Iec102.Storage.Files;
using Iec102.Storage.Schema;
using Iec102.Storage.Sql;
using Microsoft.Data.Sqlite;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void A_directory_that_is_not_there_is_made_with_both_databases_and_can_be_opened_again()
    {
        var directory = TemporaryData.Started(_data.Beside("a/b/c"));

        File.Exists(directory.ReadingsFile).ShouldBeTrue();
        File.Exists(directory.JournalFile).ShouldBeTrue();
        Should.NotThrow(() => TemporaryData.Started(directory.Path));
        DataDirectory.Existing(directory.Path).ReadingsFile.ShouldBe(directory.ReadingsFile);
    }

    [Fact]
    public void The_tables_can_be_read_while_they_are_written()
    {
        using var connection = SqliteFile.OpenForReading(_data.Directory.ReadingsFile);
        connection.Scalar("PRAGMA journal_mode").ShouldBe("wal");
    }

    [Fact]
    public void The_journal_is_left_to_its_plug_in_to_write()
    {
        new FileInfo(_data.Directory.JournalFile).Length.ShouldBe(0);
        _data.NewJournal().Append(Hours(1, 1));
        var before = File.ReadAllBytes(_data.Directory.JournalFile);

        TemporaryData.Started(_data.Directory.Path);

        File.ReadAllBytes(_data.Directory.JournalFile).ShouldBe(before);
    }

    [Fact]
    public void A_journal_that_is_no_database_is_refused_before_the_plug_in_sees_it()
    {
        File.WriteAllText(_data.Directory.JournalFile, "Dear diary, nothing happened today. " + new string('.', 4096));

        Should.Throw<StorageException>(_data.Directory.Lock).Message
            .ShouldBe($"{_data.Directory.JournalFile} is not an SQLite database: it was written by another program, or it is damaged.");
    }

    [Fact]
    public void The_writer_waits_until_a_commit_is_on_the_disk()
    {
        using var connection = SqliteFile.OpenForWriting(_data.Directory.ReadingsFile);
        connection.Scalar("PRAGMA synchronous").ShouldBe(2L);
    }

    [Fact]
    public void The_journal_is_configured_with_its_file_even_when_the_path_has_blanks_and_semicolons()
    {
        var directory = DataDirectory.Create(_data.Beside("with blank; and more"));

        new SqliteConnectionStringBuilder(directory.JournalConnectionString).DataSource.ShouldBe(directory.JournalFile);
    }

    [Fact]
    public void A_second_server_on_the_same_directory_is_refused_until_the_first_has_gone()
    {
        var first = _data.Directory.Lock();

        Should.Throw<StorageException>(_data.Directory.Lock).Message
            .ShouldBe($"A server is using the data directory {_data.Directory.Path}: stop it first; "
                + "two servers at a time need a data directory each.");
        first.Dispose();
        using var second = _data.Directory.Lock();
    }

    [Fact]
    public void A_directory_in_use_is_not_touched_by_the_server_that_is_refused()
    {
        using var first = _data.Directory.Lock();
        using (var connection = SqliteFile.OpenForWriting(_data.Directory.ReadingsFile))
            connection.Execute("DROP TABLE retention; PRAGMA user_version = 0");

        Should.Throw<StorageException>(() => DataDirectory.Create(_data.Directory.Path).Lock());
        using var unchanged = SqliteFile.OpenForReading(_data.Directory.ReadingsFile);
        unchanged.Scalar("PRAGMA user_version").ShouldBe(0L);
    }

    [Fact]
    public void A_directory_whose_databases_cannot_be_used_is_not_left_locked()
    {
        using (var connection = SqliteFile.OpenForWriting(_data.Directory.ReadingsFile))
            connection.Execute("PRAGMA user_version = 99");
        Should.Throw<StorageException>(_data.Directory.Lock).Message.ShouldContain("version 99");
        using (var connection = SqliteFile.OpenForWriting(_data.Directory.ReadingsFile))
            connection.Execute($"PRAGMA user_version = {ReadingsSchema.Version}");

        _data.Directory.Lock().Dispose();
    }

    [Fact]
    public void The_lock_does_not_keep_readers_out()
    {
        using var locked = _data.Directory.Lock();
        _data.Write(Store(1, Hours(1, 1)));

        _data.Store.Meters().Count.ShouldBe(1);
    }

    [Fact]
    public void A_file_in_place_of_the_directory_is_named()
    {
        var file = _data.Beside("file");
        File.WriteAllText(file, "");

        Should.Throw<StorageException>(() => DataDirectory.Create(file)).Message.ShouldBe(
            $"{file} is a file: name a directory for the data.");
        Should.Throw<StorageException>(() => DataDirectory.Create(Path.Combine(file, "data"))).Message.ShouldContain(file);
    }

    [Fact]
    public void A_directory_that_is_not_there_cannot_be_read()
    {
        var path = _data.Beside("nowhere");

        Should.Throw<StorageException>(() => DataDirectory.Existing(path)).Message.ShouldStartWith($"There is no data directory {path}");
        Directory.CreateDirectory(path);
        Should.Throw<StorageException>(() => DataDirectory.Existing(path)).Message.ShouldStartWith($"{path} holds no readings.db");
        Directory.Exists(path).ShouldBeTrue();
        Directory.GetFiles(path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(5, "is locked by another program")]
    [InlineData(8, "is read-only: give this user write permission")]
    [InlineData(11, "is damaged")]
    [InlineData(13, "No space is left on the disk of data/readings.db: free some")]
    [InlineData(14, "cannot be opened")]
    [InlineData(26, "is not an SQLite database")]
    public void Each_failure_of_a_database_is_one_sentence_that_names_the_file_and_says_what_to_do(int code, string said)
    {
        var sentence = StorageProblem.Describe(new SqliteException("internal words", code), "data/readings.db");

        sentence.ShouldContain(said);
        sentence.ShouldContain("data/readings.db");
        sentence.ShouldNotContain("internal words");
        sentence.ShouldEndWith(".");
    }
}
