using Akka.Actor;

namespace Iec102.Simulation.Tests;

/// <summary>Something that lives in the world until it ends, and with it all it had ready and all its alarms: a node, from its start to its kill.</summary>
internal sealed class Life(World world, string name)
{
    public string Name => name;

    public World World => world;

    public bool IsOver { get; private set; }

    public void Soon(Action run) => world.Ready(this, run);

    public void After(TimeSpan delay, Action action, ICancelable? cancelable = null) => world.At(world.Elapsed + delay, this, action, cancelable);

    public void End()
    {
        IsOver = true;
        world.Forget(this);
    }
}
