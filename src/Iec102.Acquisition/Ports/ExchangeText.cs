using Iec102.Protocol.Application;
using Iec102.Protocol.Description;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Ports;

/// <summary>The link layer's outcomes as clients know them, and one sentence for people about each.</summary>
internal static class ExchangeText
{
    public const string Released = "The port was released.";

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
    public static string? Explain(Run run, LinkTiming timing)
    {
        var result = run.Link.Master.Result;
        var link = run.Link.Address;
        return result.Outcome switch
        {
            ExchangeOutcome.Completed => null,
            ExchangeOutcome.Refused => $"Type {run.Request} was refused with cause {(byte)result.Cause} ({Words(result)}).",
            ExchangeOutcome.NoAnswer =>
                $"Link {link} did not answer within {timing.ReplyTimeout.TotalSeconds:0.###} s, asked {timing.Retries + 1} times.",
            ExchangeOutcome.OutOfStep => $"The answers of link {link} no longer matched the requests; a new login puts that right.",
            ExchangeOutcome.NotAccepted => $"Link {link} stayed busy or does not accept type {run.Request}.",
            ExchangeOutcome.Excess =>
                $"Link {link} sent more for type {run.Request} than was asked for, or for longer than that can take, and was cut.",
            ExchangeOutcome.Expired => $"Link {link} did not finish type {run.Request} in the time given.",
            _ => Released,
        };
    }

    private static string Words(ExchangeResult result) => result.Cause.IsRefusal() ? result.Cause.InWords()
        : result.IsNegative ? "negative confirmation"
        : "no confirmation";
}
