using Akka.Actor;

namespace Iec102.Acquisition.Meters;

/// <content>
/// The session for others who ask this meter through its port, such as the clients of the gateway: they have none of their own, so that there is one login
/// for each link, point and epoch.
/// </content>
public sealed partial class MeterActor
{
    private readonly Queue<(OpenSession Command, IActorRef Sender)> _sessionsWanted = new();

    private void OnOpenSession(OpenSession command)
    {
        if (command.LostEpoch == _session.Epoch)
            _session.Lose();
        _sessionsWanted.Enqueue((command, Sender));
        // Whatever of ours waits for the line or is on it belongs to the same session.
        if (_status.State == MeterState.Online && _session.IsUsable(Clock, _configuration.SessionIdle))
            GiveSession();
        else
            Advance();
    }

    private void GiveSession()
    {
        _session.Used(Clock);
        while (_sessionsWanted.TryDequeue(out var wanted))
            wanted.Sender.Tell(new SessionOpened(wanted.Command.Id, _session.Epoch));
    }

    private void RefuseSession()
    {
        while (_sessionsWanted.TryDequeue(out var wanted))
            wanted.Sender.Tell(new SessionNotOpened(wanted.Command.Id, _status.LastError ?? "the meter does not answer"));
    }
}
