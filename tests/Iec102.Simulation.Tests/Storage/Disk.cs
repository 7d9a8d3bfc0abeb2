
namespace Iec102.Simulation.Tests;

/// <summary>
/// The faults of a disk, each with its probability: a read or a commit fails, takes minutes, or the node is killed at a commit.
/// </summary>
internal sealed record DiskWeather(double Failure, double Stall, double Kill)
{
    public static DiskWeather Fair { get; } = new(0, 0, 0);
}

/// <summary>
/// The file behind a journal or behind the tables, for the life of one node. It does one thing after another, in the order of the requests,
/// and what is committed outlives the node.
/// </summary>
internal sealed class Disk(Life life, Func<DiskWeather> weather, Action kill) : IStore
{
    private static readonly TimeSpan Least = TimeSpan.FromTicks(100);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestStall = TimeSpan.FromMinutes(3);

    private readonly Queue<Action> _work = new();
    private TimeSpan _free;

    private Chance Chance => life.World.Chance;

    /// <summary>Reads after all earlier commits.</summary>
    public void Read<T>(Func<T> read, Action<T?, StoreException?> done) => Later(() =>
    {
        if (Chance.Is(weather().Failure))
            done(default, Failed());
        else
            done(read(), null);
    });

    /// <summary>Commits after all earlier commits; the node may be killed before or after it is done.</summary>
    public void Commit<T>(Func<T> commit, Action<T?, StoreException?> done) => Later(() =>
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
            done(default, Failed());
        }
        else
        {
            done(commit(), null);
        }
    });

    private static StoreException Failed() => new("The disk of the simulated node failed.");

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
