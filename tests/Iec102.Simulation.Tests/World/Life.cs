using Akka.Actor;

namespace Iec102.Simulation.Tests;

/// <summary>
/// The life of something in the world, such as a node from its start to its kill. When it ends, all its pending actions and alarms are
/// removed.
/// </summary>
internal sealed class Life(World world, string name)
{
    public string Name => name;

    public World World => world;

    public bool IsOver { get; private set; }

    public void Soon(Action run) => world.Ready(this, run);

    public void After(TimeSpan delay, Action action, ICancelable? cancelable = null) =>
        world.At(world.Elapsed + delay, this, action, cancelable);

    public void End()
    {
        IsOver = true;
        world.Forget(this);
    }
}
