using Akka.Dispatch;

namespace Iec102.Simulation.Tests;

/// <summary>The dispatcher of a simulated node: its mailboxes run in the world, one message at a time, in an order that chance decides.</summary>
internal sealed class SimulationDispatcher(Life life) : Dispatcher
{
    public override TimeProvider Time => life.Time;

    public override Random Random { get; } = new WorldRandom(life.World.Chance);

    /// <summary>A node can be killed between any two messages.</summary>
    public override int Throughput => 1;

    public override void Execute(IThreadPoolWorkItem work) => life.Soon(work.Execute);

    private sealed class WorldRandom(Chance chance) : Random
    {
        protected override double Sample() => (chance.Next() >> 11) * (1.0 / (1UL << 53));

        public override double NextDouble() => Sample();
    }
}
