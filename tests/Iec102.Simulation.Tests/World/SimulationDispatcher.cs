using Akka.Configuration;
using Akka.Dispatch;

namespace Iec102.Simulation.Tests;

/// <summary>
/// Makes a dispatcher of a simulated node; the settings of <see cref="SimulatedSystem"/> name it as the <c>type</c> of their dispatchers.
/// </summary>
public sealed class SimulationDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly SimulationDispatcher _dispatcher;

    public SimulationDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => _dispatcher = new SimulationDispatcher(this, ((SimulationScheduler)prerequisites.Scheduler).Life);

    public override MessageDispatcher Dispatcher() => _dispatcher;
}

/// <summary>
/// A dispatcher of a simulated node: mailboxes run in the world, one message at a time, in random order. So a node can be killed between
/// any two messages.
/// </summary>
internal sealed class SimulationDispatcher : MessageDispatcher
{
    private readonly Life _life;

    public SimulationDispatcher(MessageDispatcherConfigurator configurator, Life life)
        : base(configurator)
    {
        _life = life;
        Throughput = 1;
    }

    protected override void ExecuteTask(IRunnable run) => _life.Soon(run.Run);

    protected override void Shutdown()
    {
        // There is no thread to end.
    }
}
