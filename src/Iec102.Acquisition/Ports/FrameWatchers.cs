using Akka.Actor;
using NodaTime;

namespace Iec102.Acquisition.Ports;

/// <summary>The watchers of the frames that pass an actor. While there are none, frames are not put into words.</summary>
internal sealed class FrameWatchers
{
    private readonly List<IActorRef> _watchers = [];

    public bool IsEmpty => _watchers.Count == 0;

    public IReadOnlyList<IActorRef> All => _watchers;

    /// <summary>Adds a watcher. The actor calls <see cref="Remove"/> when it is notified that the watcher has ended.</summary>
    public void Add(IActorRef watcher, IActorContext context)
    {
        if (_watchers.Contains(watcher))
            return;
        _watchers.Add(watcher);
        context.Watch(watcher);
    }

    public void Remove(IActorRef watcher) => _watchers.Remove(watcher);

    public void Tell(Instant at, string? client, bool sent, ReadOnlySpan<byte> octets)
    {
        var seen = FrameSeen.Of(at, client, sent, octets);
        foreach (var watcher in _watchers)
            watcher.Tell(seen);
    }
}
