using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Storage.Sql;
using Npgsql;

namespace Iec102.Storage.Upkeep;

/// <summary>What a migration has copied.</summary>
/// <param name="Tables">The number of rows of each table, journal and snapshots included.</param>
/// <param name="Verified">The comparison of journal and tables in the new database.</param>
public sealed record MigrationReport(IReadOnlyList<(string Table, long Rows)> Tables, VerifyReport Verified);

/// <summary>
/// Moves what a server has recorded from its data directory into a PostgreSQL database. Everything is copied in one transaction, read back
/// and compared before the commit, so that a migration that does not end well leaves the database as empty as it was. The data directory is
/// not changed, and a server that then uses the database goes on where the one of the directory has stopped.
/// </summary>
public static class StoreMigration
{
    // A table that refers to another one comes after it.
    private static readonly string[] Readings =
    [
        "meter", "load_profile", "current_value", "current_history", "clock_check", "writer_progress", "retention", "event", "tariff",
        "closing", "meter_configuration", "clock_write", "fact_progress", "audit", "alarm", "morning_sheet",
        "delivery", "notice",
    ];

    private static readonly string[] Journal = ["journal", "snapshot"];

    // The columns that number rows; the next number must be one that no row has.
    private static readonly (string Table, string Column)[] Numbered = [("meter", "key"), ("journal", "ordering")];

    // The shares of the progress for copying and for reading back; the rest is for the comparison of journal and tables.
    private const double CopyShare = 0.5;
    private const double ReadShare = 0.3;

    /// <summary>Copies everything, and compares it.</summary>
    /// <param name="directory">The data directory, which no server may be using.</param>
    /// <param name="target">The database, which must not hold any readings and which no server may be using.</param>
    /// <param name="progress">Receives the share that is done, from 0 to 1.</param>
    /// <param name="cancellation">Cancels it before the end; the database is then as it was.</param>
    /// <exception cref="StorageException">
    /// One of the two is in use or cannot be used, or the database holds readings already, or what arrived there differs.
    /// </exception>
    public static MigrationReport Run(
        DataDirectory directory, PostgresDatabase target, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var source = new SqliteDatabase(directory);
        using var from = source.Explain(source.OpenAlone);
        foreach (var (_, sentence) in source.Damage())
            throw new StorageException($"{sentence} Nothing was copied: restore the data directory from a backup.");
        target.Migrate();
        using var to = target.Explain(target.OpenAlone);
        using var journal = source.Explain(source.OpenJournal);
        var copied = target.Explain(() => Copy());
        var verified = new Verifier(target).Run(new Share(progress, CopyShare + ReadShare), CancellationToken.None);
        progress?.Report(1);
        return new MigrationReport(copied, verified);

        List<(string, long)> Copy()
        {
            var connection = (NpgsqlConnection)to.Connection;
            var tables = Readings.Select(name => new TableCopy(name, from.Connection, connection))
                .Concat(Journal.Where(name => source.HasTable(journal, name)).Select(name => new TableCopy(name, journal, connection)))
                .ToList();
            if (tables.FirstOrDefault(table => !table.IsEmpty) is { } filled)
                throw new StorageException($"The {target.Name} already holds readings (table {filled.Name}): name an empty database.");
            var rows = tables.Sum(table => table.Rows);
            using var transaction = connection.BeginTransaction();
            var copying = new Steps(progress, 0, CopyShare, rows, cancellation);
            var sums = tables.Select(table => table.Copy(copying.Next)).ToList();
            foreach (var (table, column) in Numbered)
                connection.Execute(
                    $"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column})) FROM {table} HAVING max({column}) > 0");
            var reading = new Steps(progress, CopyShare, ReadShare, rows, cancellation);
            foreach (var (table, sum) in tables.Zip(sums))
            {
                if (table.ReadBack(reading.Next) != sum)
                    throw new StorageException(
                        $"Table {table.Name} arrived in the {target.Name} otherwise than it is in {directory.Path}: nothing was copied.");
            }
            using (var analyze = connection.Statement("ANALYZE"))
            {
                analyze.CommandTimeout = 0;
                analyze.ExecuteNonQuery();
            }

            transaction.Commit();
            return [.. tables.Zip(sums, (table, sum) => (table.Name, sum.Rows))];
        }
    }

    /// <summary>Reports the rows of all tables as a part of the whole, at most a thousand times.</summary>
    private sealed class Steps(IProgress<double>? progress, double before, double share, long rows, CancellationToken cancellation)
    {
        private readonly long _every = Math.Max(1, rows / 1000);
        private long _done;

        public void Next()
        {
            if (++_done % _every != 0)
                return;
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(before + share * _done / rows);
        }
    }

    /// <summary>Reports the progress of the last part as a part of the whole.</summary>
    private sealed class Share(IProgress<double>? progress, double before) : IProgress<double>
    {
        public void Report(double value) => progress?.Report(before + (1 - before) * value);
    }
}
