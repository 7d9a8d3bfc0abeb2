using Akka.Event;
using Iec102.Acquisition;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;

namespace Iec102.Server.Hosting;

/// <summary>
/// Looks every 2 s whether the PostgreSQL database answers, and keeps the server's place there. It makes the tables if that was not
/// possible at the start, and says once when the database goes away and once when it is back.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="place">The server's place.</param>
/// <param name="awayAtStart">Why it did not answer at the start; null when it did.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it says so.</param>
internal sealed class StoreWatch(
    PostgresDatabase database, ServerPlace place, string? awayAtStart, TimeProvider time, ILoggingAdapter log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private TimeSpan? _awaySince;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Note(awayAtStart);
        using var timer = new PeriodicTimer(Every, time);
        while (!place.Lost.IsFaulted && await timer.WaitForNextTickAsync(stoppingToken))
            Note(await Task.Run(Problem, stoppingToken));
    }

    private void Note(string? problem)
    {
        if (place.Lost.IsFaulted)
            log.Error(LogEvents.StoreTaken, problem);
        else if (problem is not null && _awaySince is null)
        {
            log.Warning(LogEvents.StoreAway, problem);
            _awaySince = time.Elapsed();
        }
        else if (problem is null && _awaySince is { } since)
        {
            log.Info(LogEvents.StoreBack, (time.Elapsed() - since).TotalSeconds);
            _awaySince = null;
        }
    }

    /// <summary>Why the database cannot be used at present; null when it can.</summary>
    private string? Problem()
    {
        try
        {
            place.Keep();
            database.Migrate();
            return null;
        }
        catch (StorageException e)
        {
            return e.Message;
        }
    }
}
