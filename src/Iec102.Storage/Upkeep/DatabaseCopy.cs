using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Iec102.Storage.Upkeep;

/// <summary>
/// Copies a database as the read transaction sees it, with SQLite's online backup; writers of the database are not disturbed.
/// </summary>
internal static class DatabaseCopy
{
    private const int PagesPerStep = 1000;

    /// <summary>Copies into a new file, and reports the share that is done after each step.</summary>
    public static void Copy(SqliteConnection source, string file, Action<double> done, CancellationToken cancellation)
    {
        var options = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false };
        using var target = new SqliteConnection(options.ConnectionString);
        target.Open();
        using var backup = sqlite3_backup_init(target.Handle, "main", source.Handle, "main");
        if (backup.IsInvalid)
            throw new SqliteException(sqlite3_errmsg(target.Handle).utf8_to_string(), sqlite3_errcode(target.Handle));
        int result;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            result = sqlite3_backup_step(backup, PagesPerStep);
            var pages = sqlite3_backup_pagecount(backup);
            done(pages == 0 ? 1 : 1 - (double)sqlite3_backup_remaining(backup) / pages);
        }
        while (result == SQLITE_OK);
        if (result != SQLITE_DONE)
            throw new SqliteException($"The copy failed with SQLite's code {result}.", result);
    }
}
