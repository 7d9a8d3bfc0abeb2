using Iec102.Protocol.Link;
using NodaTime;

namespace Iec102.Acquisition.Ports;

/// <summary>The link layer's outcomes as clients know them, and one sentence for people about each.</summary>
internal static class ExchangeText
{
    public const string Released = "The port was released.";

    public const string Reconnected = "An operator has had the line closed and opened again.";

    /// <summary>Why a request left the queue.</summary>
    public static string Expired(bool lineIsOpen) =>
        $"The timeout passed before {(lineIsOpen ? "the request had its turn on the line" : "the line was open")}.";

    public static ExchangeEnd EndOf(ExchangeOutcome outcome) => outcome switch
    {
        ExchangeOutcome.Completed => ExchangeEnd.Completed,
        ExchangeOutcome.Refused => ExchangeEnd.Refused,
        ExchangeOutcome.NoAnswer => ExchangeEnd.NoAnswer,
        ExchangeOutcome.OutOfStep => ExchangeEnd.OutOfStep,
        ExchangeOutcome.NotAccepted => ExchangeEnd.NotAccepted,
        ExchangeOutcome.Expired => ExchangeEnd.Expired,
        ExchangeOutcome.Excess => ExchangeEnd.Excess,
        _ => ExchangeEnd.PortLost,
    };

    /// <summary>Why a run did not complete; null when it did.</summary>
    public static string? Explain(Run run, LinkTiming timing, Reception reception)
    {
        var result = run.Link.Master.Result;
        var link = run.Link.Address;
        return result.Outcome switch
        {
            ExchangeOutcome.Completed => null,
            ExchangeOutcome.Refused => $"The meter refuses {What(run)}: {RefusalWords.Reason(result.Cause)}.",
            ExchangeOutcome.NoAnswer =>
                $"Link {link} did not answer within {timing.ReplyTimeout.TotalSeconds:0.###} s, asked {timing.Retries + 1} times"
                + $"{Advised(reception)}.",
            ExchangeOutcome.OutOfStep => $"The answers of link {link} no longer matched the requests; a new login puts that right.",
            ExchangeOutcome.NotAccepted => $"Link {link} stayed busy or does not accept {What(run)}: try again later.",
            ExchangeOutcome.Excess =>
                $"Link {link} sent more for {What(run)} than was asked for, or for longer than that can take, and was cut.",
            ExchangeOutcome.Expired =>
                $"Link {link} did not finish {What(run)} in the time given{RemarkOnUnfinished(run, reception)}.",
            _ => Released,
        };
    }

    /// <summary>Why a link that was asked once, without repeats, is left to the probes.</summary>
    public static string ExplainProbe(PortLink link, LinkTiming timing, Reception reception) =>
        $"Link {link.Address} did not answer within {timing.ReplyTimeout.TotalSeconds:0.###} s{Advised(reception)}.";

    /// <summary>What came over the line in place of the answer to a run.</summary>
    public static LineFault FaultOf(Run run, Reception reception) => run.Link.Master.Result.Outcome switch
    {
        ExchangeOutcome.NoAnswer => reception.Fault,
        ExchangeOutcome.Expired when HasStrangeAnswers(run) && reception.HasSevenBits => LineFault.Damaged,
        ExchangeOutcome.Expired when reception.FarEndFrames == run.FarEndFramesBefore => reception.Fault,
        _ => LineFault.None,
    };

    /// <summary>The end of a request as its client is told.</summary>
    /// <param name="request">The request.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="error">Why it did not complete.</param>
    /// <param name="master">The master of its link.</param>
    /// <param name="run">The run that carried it; null when it never had the wire.</param>
    /// <param name="now">The moment.</param>
    /// <param name="endedAt">The same moment, as the wall clock has it.</param>
    /// <param name="rate">How fast the line is.</param>
    public static ExchangeEnded Ended(
        ExchangeRequest request, ExchangeEnd end, string? error, LinkMaster master, Run? run, TimeSpan now, Instant endedAt, LineRate rate)
    {
        var refusal = end == ExchangeEnd.Refused ? master.Result : default;
        var epoch = end == ExchangeEnd.SessionLost ? request.Epoch : master.Epoch;
        var startedAt = run?.FirstSentAt is { } sent ? endedAt - Duration.FromTimeSpan(now - sent) : endedAt;
        var roundTrip = run?.FirstSentAt is null ? TimeSpan.Zero : now - run.LastSentAt;
        return new ExchangeEnded(
            request.Id, request.Request, end, refusal.Cause, refusal.IsNegative, epoch, run?.Answers ?? [], startedAt, endedAt, roundTrip,
            error, rate, run?.FirstSentAt is null ? null : run.Request);
    }

    private static string RemarkOnUnfinished(Run run, Reception reception) =>
        !HasStrangeAnswers(run) ? reception.Remark() : reception.HasSevenBits ? $"; {Reception.SevenBits}" : "";

    // A type whose bit 7 was lost on the way is a type that nobody asked for, in a frame that may well pass its checks.
    private static bool HasStrangeAnswers(Run run) => run.Link.Master.Counters.StrayFrames > run.StrayFramesBefore;

    /// <summary>What came in place of an answer and what to do about it, or what to check when nothing came.</summary>
    private static string Advised(Reception reception) => reception.Remark() is { Length: > 0 } remark
        ? remark
        : ": check the link address, the line and its format, and that the meter is powered";

    private static string What(Run run) => run.Request is { } request ? RefusalWords.What(request.Header.Type) : "a probe";
}
