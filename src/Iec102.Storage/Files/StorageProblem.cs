using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Iec102.Storage.Files;

/// <summary>Explains a failure of the disk or of a database to people, in one sentence that says what to do.</summary>
internal static class StorageProblem
{
    /// <summary>Runs work on a database file; a failure becomes a <see cref="StorageException"/>.</summary>
    public static T Explain<T>(string file, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            throw new StorageException(Describe(e, file), e);
        }
    }

    /// <summary>The sentence for a failure on this file or directory.</summary>
    public static string Describe(Exception problem, string file) => problem switch
    {
        StorageException => problem.Message,
        SqliteException e => Describe(e, file),
        UnauthorizedAccessException => $"{file} is not writable: give this user write permission to it.",
        IOException e when IsDiskFull(e) => $"No space is left on the disk of {file}: free some.",
        _ => $"{file} cannot be used: {problem.Message}",
    };

    private static string Describe(SqliteException e, string file) => e.SqliteErrorCode switch
    {
        SQLITE_BUSY or SQLITE_LOCKED => $"{file} is locked by another program: close that program, or wait until it has finished.",
        SQLITE_READONLY => $"{file} is read-only: give this user write permission to the file and to its directory.",
        SQLITE_FULL => $"No space is left on the disk of {file}: free some.",
        SQLITE_CANTOPEN => $"{file} cannot be opened: check that its directory exists and that this user may write in it.",
        SQLITE_CORRUPT => $"{file} is damaged: stop the server and restore the data directory from a backup.",
        SQLITE_NOTADB => $"{file} is not an SQLite database: it was written by another program, or it is damaged.",
        SQLITE_IOERR => $"The disk reports an error at {file}: look for the disk in the system's log.",
        _ => $"{file} cannot be used: {e.Message}",
    };

    private static bool IsOfTheDisk(Exception e) => e is SqliteException or IOException or UnauthorizedAccessException;

    // ENOSPC on Unix, ERROR_DISK_FULL on Windows.
    private static bool IsDiskFull(IOException e) => (e.HResult & 0xFFFF) is 28 or 112;
}
