using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// One use of the wire: a client's request, the end of a session (187) when the port is released, or a probe of a demoted link.
/// </summary>
internal sealed class Run
{
    /// <summary>How long an answer that nobody wants any more may go on, so that a short one is not cut off.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(3);

    private Run(PortLink link, Request? request, QueuedRequest? queued)
    {
        Link = link;
        Request = request;
        Queued = queued;
    }

    public PortLink Link { get; }

    /// <summary>What is asked; null for a probe.</summary>
    public Request? Request { get; }

    /// <summary>The client's request. For a probe, the request that waits for its result; null when none does.</summary>
    public QueuedRequest? Queued { get; }

    public bool IsProbe => Request is null;

    /// <summary>Whether it begins by restarting the link (FC9, FC0).</summary>
    public bool RestartsLink { get; private init; }

    /// <summary>The monotonic moment at which the run is given up.</summary>
    public TimeSpan Expires { get; private init; }

    /// <summary>How long the data of a series may take.</summary>
    public TimeSpan? SeriesTime { get; private init; }

    /// <summary>The data ASDUs that have arrived.</summary>
    public List<byte[]> Answers { get; } = [];

    /// <summary>Its client is gone: its end is reported to nobody.</summary>
    public bool IsForgotten { get; private set; }

    /// <summary>When it is cut because nobody wants it; null while somebody does, and once it has been cut.</summary>
    public TimeSpan? CutAt { get; private set; }

    // Set by the wire.
    public TimeSpan BeganAt { get; set; }

    public TimeSpan? FirstSentAt { get; set; }

    public TimeSpan LastSentAt { get; set; }

    /// <summary>The counts of the line and of the link when it began.</summary>
    public long OctetsSentBefore { get; set; }

    public long OctetsReceivedBefore { get; set; }

    public long FarEndFramesBefore { get; set; }

    public long StrayFramesBefore { get; set; }

    public long FramesReceivedBefore { get; set; }

    public long TimeoutsBefore { get; set; }

    /// <summary>Nobody wants it any more.</summary>
    public void Forget(TimeSpan now) => (IsForgotten, CutAt) = (true, now + DrainTime);

    /// <summary>Whether it is to be cut now; true once.</summary>
    public bool IsToBeCut(TimeSpan now)
    {
        if (!(now >= CutAt))
            return false;
        CutAt = null;
        return true;
    }

    public static Run Of(QueuedRequest queued, PortLink link, bool restartsLink, TimeSpan now, Instant wallClock) =>
        new(link, queued.Request.Clock?.At(wallClock) ?? queued.Request.Request, queued)
        {
            RestartsLink = restartsLink,
            Expires = ExpiryOf(queued, now),
            SeriesTime = link.Rate.TimeFor(queued.Request.Request),
        };

    public static Run EndOfSession(PortLink link, ushort point, TimeSpan expires) =>
        new(link, Request.EndSession(point), queued: null) { Expires = expires };

    public static Run Probe(PortLink link, QueuedRequest? waiting) => new(link, request: null, waiting);

    private static TimeSpan ExpiryOf(QueuedRequest queued, TimeSpan now) =>
        queued.Request.MaxHold is { } hold && now + hold < queued.Expires ? now + hold : queued.Expires;
}
