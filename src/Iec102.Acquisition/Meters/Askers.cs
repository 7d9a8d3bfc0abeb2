using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Iec102.Acquisition.Ports;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// Who waits under which ticket of the <see cref="MeterDialogue"/>, which knows no actors: for an operator's read, or for the session that
/// a gateway client's request needs.
/// </summary>
internal sealed class Askers
{
    private readonly Dictionary<long, Asker> _waiting = [];
    private long _lastTicket;

    /// <summary>Notes who waits, and returns a ticket.</summary>
    public long Add(IActorRef actor, PassOn? request = null)
    {
        _waiting.Add(++_lastTicket, new Asker(actor, request));
        return _lastTicket;
    }

    /// <summary>Removes and returns whoever waits under a ticket; false when nobody does any more.</summary>
    public bool TryTake(long ticket, [NotNullWhen(true)] out Asker? asker) => _waiting.Remove(ticket, out asker);

    /// <summary>Forgets a request; false when it does not wait here.</summary>
    public bool Withdraw(IActorRef actor, RequestId id)
    {
        foreach (var (ticket, asker) in _waiting)
        {
            if (asker.Request?.Id == id && asker.Actor.Equals(actor))
                return _waiting.Remove(ticket);
        }

        return false;
    }

    /// <summary>Notifies everybody whose request waits for a session that there will be none.</summary>
    public void RefuseAll(string error)
    {
        foreach (var asker in _waiting.Values)
        {
            if (asker.Request is { } request)
                asker.Actor.Tell(new NotPassedOn(request.Id, error));
        }
    }
}

/// <summary>An actor that waits.</summary>
/// <param name="Actor">The actor.</param>
/// <param name="Request">The request of a gateway's client; null for an operator's read.</param>
internal sealed record Asker(IActorRef Actor, PassOn? Request);
