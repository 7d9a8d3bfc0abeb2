using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Makes the test actor the implicit sender on the test's thread, and on whichever thread goes on after an await.</summary>
internal sealed class TestActorContext(ActorCell cell) : SynchronizationContext
{
    public static void Enter(ActorCell cell)
    {
        ActorCell.Current = cell;
        SetSynchronizationContext(new TestActorContext(cell));
    }

    public static void Leave()
    {
        ActorCell.Current = null;
        if (Current is TestActorContext) SetSynchronizationContext(null);
    }

    public override void Post(SendOrPostCallback d, object? state) => ThreadPool.QueueUserWorkItem(
        _ =>
        {
            var outer = Current;
            var outerCell = ActorCell.Current;
            SetSynchronizationContext(this);
            ActorCell.Current = cell;
            try
            {
                d(state);
            }
            finally
            {
                ActorCell.Current = outerCell;
                SetSynchronizationContext(outer);
            }
        });

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;
}
