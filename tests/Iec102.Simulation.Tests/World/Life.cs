using Akka.Actor;

namespace Iec102.Simulation.Tests;

/// <summary>
/// The life of something in the world, such as a node from its start to its kill. While it is paused, nothing of it runs: what becomes
/// ready waits. When it ends, all its pending actions and alarms are removed.
/// </summary>
internal sealed class Life(World world, string name)
{
    private List<Action>? _waiting;

    public string Name => name;

    public World World => world;

    public bool IsOver { get; private set; }

    /// <summary>Whether it is stopped, as a process by SIGSTOP.</summary>
    public bool IsPaused => _waiting is not null;

    public void Soon(Action run) => world.Ready(this, run);

    public void After(TimeSpan delay, Action action, ICancelable? cancelable = null) =>
        world.At(world.Elapsed + delay, this, action, cancelable);

    public void Pause() => _waiting ??= world.Forget(this);

    public void Continue()
    {
        var waiting = _waiting ?? [];
        _waiting = null;
        foreach (var run in waiting)
            Soon(run);
    }

    public void End()
    {
        IsOver = true;
        world.Forget(this);
    }

    /// <summary>Keeps what became ready during a pause.</summary>
    internal void Keep(Action run) => _waiting!.Add(run);
}
