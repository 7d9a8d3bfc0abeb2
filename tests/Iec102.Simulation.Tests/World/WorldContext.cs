namespace Iec102.Simulation.Tests;

/// <summary>For code of a node that is no actor: what it awaits comes back to the world, which decides when it goes on.</summary>
internal sealed class WorldContext(Life life) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => life.Soon(() => Run(() => d(state)));

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nobody waits in a simulated world.");

    /// <summary>Runs code that awaits.</summary>
    public void Run(Action action)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }
}
