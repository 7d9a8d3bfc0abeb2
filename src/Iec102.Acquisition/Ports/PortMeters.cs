using Akka.Actor;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// The meters registered on a port. Kept outside the port's actor and given to it, so that an actor restarted after a crash knows them:
/// otherwise a meter that waits for its port to answer would wait for ever.
/// </summary>
public sealed class PortMeters
{
    private readonly SortedDictionary<string, Entry> _meters = new(StringComparer.Ordinal);

    private sealed record Entry(IActorRef Actor, ushort LinkAddress);

    internal bool IsEmpty => _meters.Count == 0;

    internal bool HasOtherLinkThan(ushort linkAddress) => _meters.Values.Any(meter => meter.LinkAddress != linkAddress);

    internal bool Has(ushort linkAddress) => _meters.Values.Any(meter => meter.LinkAddress == linkAddress);

    internal void Add(RegisterMeter register, IActorRef actor) => _meters[register.Meter] = new Entry(actor, register.LinkAddress);

    internal void Remove(string meter) => _meters.Remove(meter);

    internal void Tell(object message)
    {
        foreach (var meter in _meters.Values)
            meter.Actor.Tell(message);
    }

    /// <summary>Notifies the meters of one link.</summary>
    internal void Tell(LinkStateChanged changed)
    {
        foreach (var meter in _meters.Values.Where(meter => meter.LinkAddress == changed.LinkAddress))
            meter.Actor.Tell(changed);
    }

    /// <summary>The ids of the meters of one link, for people.</summary>
    internal string NamesOf(ushort linkAddress) =>
        string.Join(", ", _meters.Where(meter => meter.Value.LinkAddress == linkAddress).Select(meter => meter.Key));
}
