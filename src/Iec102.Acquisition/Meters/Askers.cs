using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Iec102.Acquisition.Ports;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// Who waits for something that the <see cref="MeterDialogue"/> knows by a ticket: an operator's read, or a gateway client's request that
/// needs a session. The shell around the dialogue, which knows no actors.
/// </summary>
internal sealed class Askers
{
    private readonly Dictionary<long, Asker> _waiting = [];
    private long _lastTicket;

    /// <summary>Notes who waits, and gives a ticket.</summary>
    public long Add(IActorRef actor, PassOn? request = null)
    {
        _waiting.Add(++_lastTicket, new Asker(actor, request));
        return _lastTicket;
    }

    /// <summary>Takes whoever waits with a ticket; false when nobody does any more.</summary>
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

    /// <summary>Tells everybody whose request waits for a session that none will come.</summary>
    public void RefuseAll(string error)
    {
        foreach (var asker in _waiting.Values)
        {
            if (asker.Request is { } request)
                asker.Actor.Tell(new NotPassedOn(request.Id, error));
        }
    }
}

/// <summary>Somebody who waits.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Request">The request of a gateway's client; null for an operator's read.</param>
internal sealed record Asker(IActorRef Actor, PassOn? Request);
