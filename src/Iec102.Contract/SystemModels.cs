using Iec102.Storage.Databases;
using Iec102.Storage.Upkeep;
using Iec102.Storage.Writing;
using NodaTime;

namespace Iec102.Contract;

/// <summary>A server in the API: its program, its store, and its last backup.</summary>
/// <param name="At">The moment.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="Node">Its id among the nodes; null when it is alone.</param>
/// <param name="MemoryBytes">The memory that the process uses.</param>
/// <param name="Threads">How many threads it has.</param>
/// <param name="Store">Where it keeps what it records.</param>
/// <param name="Backup">The last backup of its data directory; null when none is known.</param>
/// <param name="BackupFolder">Where it puts backups that are asked for; null when it makes none.</param>
public sealed record SystemModel(
    string At, string Version, string StartedAt, string? Node, long MemoryBytes, int Threads, StoreModel Store, LastBackupModel? Backup,
    string? BackupFolder);

/// <summary>The store of a server in the API.</summary>
/// <param name="Kind">sqlite or postgres.</param>
/// <param name="Place">The file or the database.</param>
/// <param name="Bytes">Its size; null while it cannot be used.</param>
/// <param name="FreeBytes">The free space of its disk; null where another server knows it.</param>
/// <param name="WaitingRows">About how many rows wait to be stored; null when the writer does not answer.</param>
/// <param name="AwaySince">Since when it does not take them; null while it does.</param>
/// <param name="Problem">Why, in one sentence.</param>
public sealed record StoreModel(
    string Kind, string Place, long? Bytes, long? FreeBytes, int? WaitingRows, string? AwaySince, string? Problem)
{
    public static StoreModel Of(
        ReadingsDatabase database, StoreSize? size, string? unusable, WriterBacklog? backlog, DateTimeZone zone) => new(
        database is SqliteDatabase ? "sqlite" : "postgres", database.Name, size?.Bytes, size?.FreeBytes, backlog?.Rows,
        TimeText.Format(backlog?.FailingSince, zone), backlog?.Problem ?? unusable);
}

/// <summary>A backup in the API.</summary>
/// <param name="At">When it was made.</param>
/// <param name="AgeSeconds">How long ago that is.</param>
/// <param name="File">The file.</param>
/// <param name="Bytes">Its size.</param>
public sealed record LastBackupModel(string At, double AgeSeconds, string File, long Bytes)
{
    public static LastBackupModel Of(LastBackup backup, Instant now, DateTimeZone zone) =>
        new(TimeText.Format(backup.At, zone), Math.Round((now - backup.At).TotalSeconds), backup.File, backup.Bytes);
}
