namespace Iec102.Acquisition.Meters;

/// <summary>The requests that wait for a session, such as those of the gateway's clients: all share the meter's one session.</summary>
internal sealed class SessionRequests(MeterSessionState session, Action<DialogueNotice> tell)
{
    private readonly Queue<long> _tickets = new();

    /// <summary>Somebody waits.</summary>
    public bool IsAwaited => _tickets.Count > 0;

    public void Add(long ticket) => _tickets.Enqueue(ticket);

    /// <summary>The session is open: the requests use it from now on.</summary>
    public void Give(Moment moment)
    {
        if (IsAwaited)
            session.Used(moment.Elapsed);
        while (_tickets.TryDequeue(out var ticket))
            tell(new DialogueNotice.SessionReady(ticket, session.Epoch));
    }

    /// <summary>No session can be opened now.</summary>
    public void Refuse(string error)
    {
        while (_tickets.TryDequeue(out var ticket))
            tell(new DialogueNotice.NoSession(ticket, error));
    }
}
