namespace Iec102.Simulation.Tests;

/// <summary>What goes wrong with a disk, each as a probability for one commit.</summary>
internal sealed record DiskWeather(double Failure, double Stall, double Kill)
{
    public static DiskWeather Fair { get; } = new(0, 0, 0);
}

/// <summary>The disk refused.</summary>
internal sealed class DiskException() : IOException("The disk of the simulated node failed.");

/// <summary>
/// The file behind a journal or behind the tables, as long as a node lives: one thing after the other, each in its time. A commit can fail, before it is done or after;
/// it can take for ever; and the node can be killed at it, before it is done or after. What is done outlives the node.
/// </summary>
internal sealed class Disk(Life life, Func<DiskWeather> weather, Action kill)
{
    private static readonly TimeSpan Least = TimeSpan.FromTicks(100);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestStall = TimeSpan.FromMinutes(3);

    private TimeSpan _free;

    /// <summary>Reads, after all that was to be written before.</summary>
    public Task<T> Read<T>(Func<T> read)
    {
        var done = new TaskCompletionSource<T>();
        life.World.At(Next(), life, () => done.SetResult(read()));
        return done.Task;
    }

    public Task Commit(Action commit)
    {
        var done = new TaskCompletionSource();
        life.World.At(Next(), life, () => Commit(commit, done));
        return done.Task;
    }

    private void Commit(Action commit, TaskCompletionSource done)
    {
        var (chance, now) = (life.World.Chance, weather());
        var afterwards = chance.Is(0.5);
        if (chance.Is(now.Kill))
        {
            life.World.Note($"{life.Name}: killed {(afterwards ? "after" : "before")} a commit");
            if (afterwards)
                commit();
            kill();
            return;
        }

        var fails = chance.Is(now.Failure);
        if (!fails || afterwards)
            commit();
        if (!fails)
        {
            done.SetResult();
            return;
        }

        life.World.Note($"{life.Name}: a commit fails, {(afterwards ? "and is done all the same" : "nothing is stored")}");
        done.SetException(new DiskException());
    }

    private TimeSpan Next()
    {
        var chance = life.World.Chance;
        var now = life.World.Elapsed;
        var takes = chance.Is(weather().Stall) ? chance.Between(Usual, LongestStall) : chance.Between(Least, Usual);
        return _free = (_free > now ? _free : now) + takes;
    }
}
