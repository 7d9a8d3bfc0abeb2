namespace Iec102.Acquisition.Gateway;

/// <summary>
/// Slows down a client that has answers read from meters and does not fetch them: its next request waits for as long as the abandoned
/// answer has used the line. Without clock.
/// </summary>
/// <param name="pausedUntil">Until when requests wait, because clients of the same host have abandoned answers.</param>
internal sealed class ClientPace(TimeSpan pausedUntil)
{
    /// <summary>How long a client may fetch nothing while more of its answer arrives.</summary>
    public static readonly TimeSpan FetchPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);

    /// <summary>Until when requests wait.</summary>
    public TimeSpan PausedUntil { get; private set; } = pausedUntil;

    /// <summary>An ASDU of the answer to a request has arrived; false when the client has fetched nothing for too long.</summary>
    public static bool IsFetched(ClientRequest request, TimeSpan now)
    {
        request.AnsweredSince ??= now;
        if (request.Link.Fetched != request.Unfetched.Fetched)
            request.Unfetched = (request.Link.Fetched, now);
        return now - request.Unfetched.At <= FetchPatience;
    }

    /// <summary>The answer to a request was abandoned; returns how long that makes the next request wait.</summary>
    public TimeSpan Abandon(ClientRequest request, TimeSpan now)
    {
        var used = (request.AnsweredAt ?? now) - (request.AnsweredSince ?? now);
        var pause = used > LeastPause ? used : LeastPause;
        PausedUntil = (PausedUntil > now ? PausedUntil : now) + pause;
        return pause;
    }
}
