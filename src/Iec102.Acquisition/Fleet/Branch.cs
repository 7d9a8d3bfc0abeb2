using Akka.Actor;
using Akka.Pattern;

namespace Iec102.Acquisition.Fleet;

/// <summary>Starts a child under a name that is free. Answered by <see cref="ChildStarted"/>.</summary>
/// <param name="Name">The child's name, an id of the fleet file.</param>
/// <param name="Props">What to start.</param>
internal sealed record StartChild(string Name, Props Props);

/// <summary>Answer to <see cref="StartChild"/>.</summary>
/// <param name="Child">The child's supervisor, which passes on what it is told.</param>
internal sealed record ChildStarted(IActorRef Child);

/// <summary>Stops a child; answered by <see cref="ChildStopped"/> when its name is free again.</summary>
/// <param name="Name">The child's name.</param>
internal sealed record StopChild(string Name);

/// <summary>Answer to <see cref="StopChild"/>.</summary>
internal sealed record ChildStopped;

/// <summary>
/// The parent of all ports, meters or profiles. A child that fails is started again by a supervisor of its own, after 1 s at first and at most a minute,
/// so the failure of one never touches another.
/// </summary>
internal sealed class Branch : ReceiveActor
{
    private static readonly TimeSpan RestartMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestartMax = TimeSpan.FromMinutes(1);

    private readonly Dictionary<IActorRef, IActorRef> _stopping = [];

    /// <param name="restartJitter">By what part of itself a wait before a restart may be longer, at random.</param>
    public Branch(double restartJitter)
    {
        Receive<StartChild>(start => Sender.Tell(new ChildStarted(Context.ActorOf(Supervised(start, restartJitter), start.Name))));
        Receive<StopChild>(OnStop);
        Receive<Terminated>(ended =>
        {
            if (_stopping.Remove(ended.ActorRef, out var asker))
                asker.Tell(new ChildStopped());
        });
    }

    /// <summary>The supervisor of one child. Stopping counts as failure too, since a persistent actor stops when its journal fails; and a child that throws is stopped.</summary>
    private static Props Supervised(StartChild start, double restartJitter) => BackoffSupervisor.Props(
        Backoff.OnStop(start.Props, start.Name, RestartMin, RestartMax, restartJitter, maxNrOfRetries: -1).WithDefaultStoppingStrategy());

    private void OnStop(StopChild stop)
    {
        var child = Context.Child(stop.Name);
        if (child.IsNobody())
        {
            Sender.Tell(new ChildStopped());
            return;
        }

        _stopping[child] = Sender;
        Context.Watch(child);
        Context.Stop(child);
    }
}
