using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Iec102.Cluster.Leases;

/// <summary>What is asked of the lock server.</summary>
internal enum LockCall
{
    /// <summary>Shows that the node lives.</summary>
    Beat,

    /// <summary>Takes a lock if it is free.</summary>
    Lock,

    /// <summary>Releases a lock.</summary>
    Unlock,
}

/// <summary>A session with the lock server is open.</summary>
internal sealed record SessionOpened(int Number, ILockSession Session);

/// <summary>The lock server has answered.</summary>
internal sealed record SessionAnswered(int Number, LockCall Call, LockName? Name, Moment Sent, bool IsTaken, IReadOnlyList<HeldLock> Held);

/// <summary>The lock server cannot be reached, did not answer in time, or has ended the session.</summary>
internal sealed record SessionFailed(int Number, string Problem);

/// <summary>
/// The session of the lease's actor with the lock server: one call at a time, whose answer comes as a message with the number of its
/// session. Only the actor calls its methods.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="actor">The actor.</param>
/// <param name="time">The clock.</param>
[SuppressMessage("Design", "CA1001", Justification = "A cancellation source without a timer holds nothing.")]
internal sealed class SessionCalls(ILockServer server, IActorRef actor, TimeProvider time)
{
    private CancellationTokenSource _patience = new();
    private ILockSession? _session;

    /// <summary>A call, or the attempt to open a session, has no answer yet.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>The number of the present session, or of the attempt to open one.</summary>
    public int Number { get; private set; }

    /// <summary>Whether a message is about the present session.</summary>
    public bool IsCurrent(int number) => number == Number;

    /// <summary>Begins to open a session.</summary>
    public void Open(TimeSpan ttl)
    {
        Begin();
        var number = Number;
        server.OpenAsync(ttl, _patience.Token).PipeTo(
            actor, success: session => new SessionOpened(number, session), failure: problem => Failed(number, problem));
    }

    /// <summary>The session is open.</summary>
    public void Take(SessionOpened opened) => (_session, IsBusy) = (opened.Session, false);

    /// <summary>The call is answered.</summary>
    public void Answered() => IsBusy = false;

    /// <summary>Shows the server that the node lives.</summary>
    public void Beat()
    {
        Begin();
        var (number, sent) = (Number, Moment.Now(time));
        _session!.BeatAsync(_patience.Token).PipeTo(
            actor, success: held => new SessionAnswered(number, LockCall.Beat, null, sent, false, held),
            failure: problem => Failed(number, problem));
    }

    /// <summary>Takes a lock if it is free.</summary>
    public void TryLock(LockName name)
    {
        Begin();
        var (number, sent) = (Number, Moment.Now(time));
        _session!.TryLockAsync(name, _patience.Token).PipeTo(
            actor, success: isTaken => new SessionAnswered(number, LockCall.Lock, name, sent, isTaken, []),
            failure: problem => Failed(number, problem));
    }

    /// <summary>Releases a lock.</summary>
    public void Unlock(LockName name)
    {
        Begin();
        var (number, sent) = (Number, Moment.Now(time));
        _session!.UnlockAsync(name, _patience.Token).PipeTo(
            actor, success: () => new SessionAnswered(number, LockCall.Unlock, name, sent, false, []),
            failure: problem => Failed(number, problem));
    }

    /// <summary>Gives the session up; returns it to be closed.</summary>
    public ILockSession? GiveUp()
    {
        var session = _session;
        _patience.Cancel();
        (_session, IsBusy) = (null, false);
        Number++;
        return session;
    }

    /// <summary>Closes a session without waiting for it.</summary>
    public static void Close(ILockSession session) => _ = CloseAsync(session);

    private static async Task CloseAsync(ILockSession session)
    {
        try
        {
            await session.DisposeAsync();
        }
        catch (LockServerException)
        {
            // The server ends it by itself.
        }
    }

    private static SessionFailed Failed(int number, Exception problem) => new(number, problem.Message);

    private void Begin()
    {
        IsBusy = true;
        if (_patience.IsCancellationRequested)
            _patience = new CancellationTokenSource();
    }
}
