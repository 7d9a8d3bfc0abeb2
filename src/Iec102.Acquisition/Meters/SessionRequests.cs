namespace Iec102.Acquisition.Meters;

/// <summary>
/// Whoever asks the meter through its port and waits for a session, such as clients of the gateway: all share the meter's one session.
/// </summary>
internal sealed class SessionRequests(MeterSessionState session, Action<DialogueNotice> tell)
{
    private readonly Queue<long> _tickets = new();

    /// <summary>Somebody waits.</summary>
    public bool IsAwaited => _tickets.Count > 0;

    public void Add(long ticket) => _tickets.Enqueue(ticket);

    /// <summary>The session is open: they use it from now on.</summary>
    public void Give(Moment moment)
    {
        if (IsAwaited)
            session.Used(moment.Elapsed);
        while (_tickets.TryDequeue(out var ticket))
            tell(new DialogueNotice.SessionReady(ticket, session.Epoch));
    }

    /// <summary>There is no session to be had now.</summary>
    public void Refuse(string error)
    {
        while (_tickets.TryDequeue(out var ticket))
            tell(new DialogueNotice.NoSession(ticket, error));
    }
}
