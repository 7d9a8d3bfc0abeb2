using Akka.Actor;
using Iec102.Page.Data;
using Iec102.Server.Api;

namespace Iec102.Server.Pages;

/// <summary>What the page asks <see cref="FleetNewsActor"/>.</summary>
/// <param name="node">The server.</param>
internal sealed class FleetNews(ServerNode node) : IFleetNews
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Lazy<IActorRef> _actor = new(() => node.Start(FleetNewsActor.Props(node, TimeProvider.System)));

    /// <inheritdoc/>
    public FleetSnapshot? Last { get; private set; }

    /// <inheritdoc/>
    public async Task<FleetSnapshot> NowAsync() => Last = await _actor.Value.Ask<FleetSnapshot>(new FleetNewsActor.Get(), Timeout);

    /// <inheritdoc/>
    public IDisposable Follow(Action<FleetSnapshot> changed)
    {
        var follower = new Follower(_actor.Value, changed);
        _actor.Value.Tell(new FleetNewsActor.Follow(follower));
        return follower;
    }

    /// <summary>One who looks.</summary>
    internal sealed class Follower(IActorRef actor, Action<FleetSnapshot> changed) : IDisposable
    {
        // The reader's language belongs to it.
        private readonly ExecutionContext _context = ExecutionContext.Capture()!;

        /// <summary>Tells it a new state.</summary>
        public void Tell(FleetSnapshot snapshot) => ExecutionContext.Run(_context, _ => changed(snapshot), null);

        /// <inheritdoc/>
        public void Dispose() => actor.Tell(new FleetNewsActor.Unfollow(this));
    }
}
