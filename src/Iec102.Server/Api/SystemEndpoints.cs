using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Storage;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Storage.Upkeep;
using Iec102.Storage.Writing;
using NodaTime;

namespace Iec102.Server.Api;

/// <summary>The calls about this server itself: how it is, and a backup of what it has recorded.</summary>
internal static class SystemEndpoints
{
    /// <summary>Adds the calls to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node, CancellationToken stopping)
    {
        routes.MapGet("/api/system", (ServerSystem system) => NowAsync(node, system))
            .Answers<SystemModel>("The server that is asked: its version, its store, its last backup.");
        routes.MapPost("/api/system/backup", (ServerSystem system) => BackUpAsync(node, system, stopping))
            .WithMetadata(new NeedsOperate()).Accepts<object>(isOptional: true, "application/json")
            .Answers<LastBackupModel>("Copies the data directory into the folder of the fleet file; it answers when that is done.");
    }

    private static async Task<IResult> NowAsync(ServerNode node, ServerSystem system) =>
        Results.Json(await system.NowAsync(node), ContractJson.Options);

    private static async Task<IResult> BackUpAsync(ServerNode node, ServerSystem system, CancellationToken stopping)
    {
        if (system.Database is not SqliteDatabase)
            return Problem.Of(
                StatusCodes.Status409Conflict,
                "This server keeps its readings in PostgreSQL, which is copied with its own program: iec102 backup names the command of "
                + "pg_dump.");
        if (node.Fleet.Backup is not { } configured)
            return Problem.Of(
                StatusCodes.Status409Conflict, "The fleet file names no folder for backups: write iec102.backup.folder in it.");
        try
        {
            return await system.BackUpAsync(configured, stopping) is { } made
                ? Results.Json(LastBackupModel.Of(made, made.At, node.Fleet.TimeZone), ContractJson.Options)
                : Problem.Of(StatusCodes.Status409Conflict, "A backup is being made already; see /api/system when it is done.");
        }
        catch (StorageException e)
        {
            return Problem.Of(StatusCodes.Status500InternalServerError, e.Message);
        }
    }
}

/// <summary>This server as a process with a store.</summary>
/// <param name="data">Its data directory.</param>
/// <param name="database">Where it keeps its readings.</param>
/// <param name="writer">Stores them.</param>
/// <param name="isClockSynchronised">Whether the clock of this computer is synchronised; null if that is not known.</param>
internal sealed class ServerSystem(
    DataDirectory data, ReadingsDatabase database, IRequiredActor<WriterActor> writer, Func<bool?> isClockSynchronised)
{
    private const string Prefix = "iec102-";

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);
    private static readonly string Version = typeof(ServerSystem).Assembly.GetName().Version!.ToString(3);

    private int _isBackingUp;

    /// <summary>Where the readings are kept.</summary>
    public ReadingsDatabase Database => database;

    /// <summary>Whether the clock of this computer is synchronised; null if that is not known.</summary>
    public bool? IsClockSynchronised => isClockSynchronised();

    /// <summary>How the server is now.</summary>
    public async Task<SystemModel> NowAsync(ServerNode node)
    {
        var (zone, now) = (node.Fleet.TimeZone, SystemClock.Instance.GetCurrentInstant());
        var asked = BacklogAsync();
        var (size, problem) = await Task.Run(Size);
        using var process = Process.GetCurrentProcess();
        return new SystemModel(
            TimeText.Format(now, zone), Version, TimeText.Format(Instant.FromDateTimeOffset(process.StartTime), zone),
            node.Others?.View.Self, process.WorkingSet64, process.Threads.Count,
            StoreModel.Of(database, size, problem, await asked, zone),
            LastBackup.Of(data) is { } backup ? LastBackupModel.Of(backup, now, zone) : null, node.Fleet.Backup?.Folder);
    }

    /// <summary>Makes a backup; null when one is being made.</summary>
    /// <exception cref="StorageException">It cannot be made.</exception>
    public async Task<LastBackup?> BackUpAsync(BackupConfiguration configured, CancellationToken stopping)
    {
        if (Interlocked.Exchange(ref _isBackingUp, 1) == 1)
            return null;
        try
        {
            return await Task.Run(() => BackUp(configured, stopping), stopping);
        }
        finally
        {
            Volatile.Write(ref _isBackingUp, 0);
        }
    }

    private LastBackup BackUp(BackupConfiguration configured, CancellationToken stopping)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        var name = now.ToDateTimeUtc().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return database.Explain(() =>
        {
            MakeFolder(configured.Folder);
            var made = Backup.Write(data, Path.Combine(configured.Folder, $"{Prefix}{name}.zip"), now, progress: null, stopping);
            var all = Directory.GetFiles(configured.Folder, $"{Prefix}????????T??????Z.zip").OrderDescending(StringComparer.Ordinal);
            foreach (var old in all.Skip(configured.Keep))
                File.Delete(old);

            return made;
        });
    }

    /// <exception cref="StorageException">The folder cannot be made.</exception>
    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"The folder of backups, {folder}, cannot be made ({e.Message.TrimEnd('.')}): correct iec102.backup.folder in the fleet "
                + "file.",
                e);
        }
    }

    private (StoreSize? Size, string? Problem) Size()
    {
        try
        {
            return (database.Size(), null);
        }
        catch (StorageException e)
        {
            return (null, e.Message);
        }
    }

    private async Task<WriterBacklog?> BacklogAsync()
    {
        try
        {
            return await writer.ActorRef.Ask<WriterBacklog>(new GetBacklog(), AnswerTimeout);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
