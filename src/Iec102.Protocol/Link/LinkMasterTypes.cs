using Iec102.Protocol.Application;

namespace Iec102.Protocol.Link;

/// <summary>The waits and budgets of a <see cref="LinkMaster"/> (protocol notes 1.6).</summary>
public sealed record LinkTiming
{
    private static readonly TimeSpan LeastForAnAnswer = TimeSpan.FromSeconds(20);

    /// <summary>How long an answer may take after the request has been sent.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a frame is repeated before the link is given up.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The longest gap between two octets of one frame.</summary>
    public TimeSpan InterCharacterTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The shortest time between the end of an answer and the next frame.</summary>
    public TimeSpan InterRequestDelay { get; init; } = TimeSpan.Zero;

    /// <summary>The first pause after "no data" or NACK; it doubles up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause after "no data" or NACK.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long polls may go on without any content.</summary>
    public TimeSpan NoContentLimit { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long one octet takes on the wire; zero where that is not known.</summary>
    public TimeSpan CharacterTime { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// How long polls may go on without any content in one conversation. A meter may need time to collect a series; any other answer may
    /// take as long as silence would: the <see cref="ReplyTimeout"/> for the frame and each of its repeats, but at least 20 s, since a
    /// short timeout says how fast frames are acknowledged, not how fast a meter collects its answer.
    /// </summary>
    internal TimeSpan NoContentLimitOf(ConversationPattern pattern)
    {
        var budget = (Retries + 1) * ReplyTimeout;
        if (budget < LeastForAnAnswer)
            budget = LeastForAnAnswer;
        return pattern is ConversationPattern.Command or ConversationPattern.ReadOne && budget < NoContentLimit ? budget : NoContentLimit;
    }
}

/// <summary>What the caller of a <see cref="LinkMaster"/> must do after a call; any combination.</summary>
[Flags]
public enum LinkEvents
{
    /// <summary>Nothing to do.</summary>
    None = 0,

    /// <summary>Send <see cref="LinkMaster.Outgoing"/>.</summary>
    Transmit = 1,

    /// <summary>The ASDU of the frame just given is data of the running exchange.</summary>
    Data = 2,

    /// <summary>The exchange has ended; see <see cref="LinkMaster.Result"/>.</summary>
    Ended = 4,

    /// <summary>The ASDU of the frame just given belongs to the running exchange: data, a mirror or a refusal.</summary>
    Content = 8,
}

/// <summary>How an exchange ended.</summary>
public enum ExchangeOutcome
{
    /// <summary>Everything that belongs to the exchange has arrived.</summary>
    Completed,

    /// <summary>The meter refused: causes 13 to 18 or a negative confirmation.</summary>
    Refused,

    /// <summary>Neither the frame nor its repeats were answered; the link is down.</summary>
    NoAnswer,

    /// <summary>The answers no longer match the requests; the link is down and restarts with the next login.</summary>
    OutOfStep,

    /// <summary>The meter kept answering with NACK, or reported that the service does not work.</summary>
    NotAccepted,

    /// <summary>The meter kept answering with "no data" beyond the limit, or the deadline passed; the link is down.</summary>
    Expired,

    /// <summary>
    /// The meter sent more than was asked for (<see cref="SeriesSize"/>), or for longer than its answer may take; the link is down.
    /// </summary>
    Excess,

    /// <summary>The caller ended the exchange; the link is still up.</summary>
    Cut,
}

/// <summary>The result of an exchange.</summary>
/// <param name="Outcome">How the exchange ended.</param>
/// <param name="Cause">The cause of a refusal; otherwise <see cref="CauseOfTransmission.ActivationConfirmation"/> or the cause that ended
/// the exchange.</param>
/// <param name="IsNegative">Whether P/N was set.</param>
public readonly record struct ExchangeResult(ExchangeOutcome Outcome, CauseOfTransmission Cause = default, bool IsNegative = false);

/// <summary>Counts what happened on the link of a <see cref="LinkMaster"/>.</summary>
public sealed class LinkCounters
{
    /// <summary>Frames sent, repeats included.</summary>
    public long FramesSent { get; internal set; }

    /// <summary>Frames received for this link address.</summary>
    public long FramesReceived { get; internal set; }

    /// <summary>Octets sent.</summary>
    public long OctetsSent { get; internal set; }

    /// <summary>Octets of the frames received for this link address.</summary>
    public long OctetsReceived { get; internal set; }

    /// <summary>Frames sent again because no answer arrived.</summary>
    public long Repeats { get; internal set; }

    /// <summary>Answers that did not arrive in time.</summary>
    public long Timeouts { get; internal set; }

    /// <summary>The master's own frames that came back (optical or RS-485 echo).</summary>
    public long Echoes { get; internal set; }

    /// <summary>Frames with another link address.</summary>
    public long ForeignFrames { get; internal set; }

    /// <summary>Frames that were not requested when they arrived: second answers, late answers, unexpected types.</summary>
    public long StrayFrames { get; internal set; }

    /// <summary>How often the link was reset.</summary>
    public long Resets { get; internal set; }
}
