
namespace Iec102.Simulation.Tests;

/// <summary>
/// The faults of a disk, each with its probability: a read or a commit fails, takes minutes, or the node is killed at a commit.
/// </summary>
internal sealed record DiskWeather(double Failure, double Stall, double Kill)
{
    public static DiskWeather Fair { get; } = new(0, 0, 0);
}

/// <summary>The disk failed to do what was requested.</summary>
internal sealed class DiskException() : IOException("The disk of the simulated node failed.");

/// <summary>
/// The file behind a journal or behind the tables, for the life of one node. It does one thing after another, in the order of the requests,
/// and what is committed outlives the node.
/// </summary>
internal sealed class Disk(Life life, Func<DiskWeather> weather, Action kill)
{
    private static readonly TimeSpan Least = TimeSpan.FromTicks(100);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestStall = TimeSpan.FromMinutes(3);

    private readonly Queue<Action> _work = new();
    private TimeSpan _free;

    private Chance Chance => life.World.Chance;

    /// <summary>Calls back when a read is done, after all earlier commits; passes the failure if there was one.</summary>
    public void Read(Action<DiskException?> done) => Later(() => done(Chance.Is(weather().Failure) ? new DiskException() : null));

    /// <summary>
    /// Commits, then calls back; passes the failure if there was one. After a failure or a kill nobody can know whether the commit was
    /// done.
    /// </summary>
    public void Commit(Action commit, Action<DiskException?> done) => Later(() =>
    {
        var doneAllTheSame = Chance.Is(0.5);
        if (Chance.Is(weather().Kill))
        {
            life.World.Note($"{life.Name}: killed {(doneAllTheSame ? "after" : "before")} a commit");
            if (doneAllTheSame)
                commit();
            kill();
        }
        else if (Chance.Is(weather().Failure))
        {
            life.World.Note($"{life.Name}: a commit fails, {(doneAllTheSame ? "and is done all the same" : "nothing is stored")}");
            if (doneAllTheSame)
                commit();
            done(new DiskException());
        }
        else
        {
            commit();
            done(null);
        }
    });

    /// <summary>
    /// The world chooses at random among alarms that are due at the same time. Whichever comes first, the work that is done is the one that
    /// was requested first.
    /// </summary>
    private void Later(Action work)
    {
        var now = life.World.Elapsed;
        var takes = Chance.Is(weather().Stall) ? Chance.Between(Usual, LongestStall) : Chance.Between(Least, Usual);
        _free = (_free > now ? _free : now) + takes;
        _work.Enqueue(work);
        life.World.At(_free, life, () => _work.Dequeue()());
    }
}
