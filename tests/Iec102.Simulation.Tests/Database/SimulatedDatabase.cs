namespace Iec102.Simulation.Tests;

/// <summary>
/// The database that all nodes share, apart from what it holds: sometimes it is away, and what was under way then is not done.
/// </summary>
internal sealed class SimulatedDatabase(World world)
{
    private TimeSpan _awayUntil;

    public SimulatedDirectory Directory { get; } = new(world);

    public SimulatedLocks Locks { get; } = new(world);

    public int Restarts { get; private set; }

    /// <summary>Does what a node calls for, completely or not at all.</summary>
    public T? Do<T>(Func<T> work, out StoreException? failure)
    {
        failure = null;
        try
        {
            if (world.Elapsed >= _awayUntil)
                return work();
            failure = new StoreException("The database is starting up.");
        }
        catch (StoreException refused)
        {
            failure = refused;
        }

        return default;
    }

    /// <summary>Ends all sessions, and takes no calls for a while.</summary>
    public void Restart(TimeSpan darkness)
    {
        world.Note($"the database is restarted, and away for {darkness}");
        Restarts++;
        _awayUntil = world.Elapsed + darkness;
        Locks.EndAll(life: null, "the database is restarted");
    }
}
