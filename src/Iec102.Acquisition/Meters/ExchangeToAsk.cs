using Iec102.Acquisition.Ports;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>An exchange that a <see cref="MeterDialogue"/> wants to have with its meter.</summary>
/// <param name="Request">What is asked.</param>
/// <param name="Class">The weight on the line.</param>
/// <param name="Epoch">The link epoch of the session; of a login that of the session it replaces.</param>
/// <param name="Timeout">How long the answer is worth having.</param>
/// <param name="Clock">What to write instead of <paramref name="Request"/> when its turn has come; null for the request itself.</param>
internal sealed record ExchangeToAsk(Request Request, RequestClass Class, int Epoch, TimeSpan Timeout, ClockWriting? Clock = null);

/// <summary>A moment by both clocks.</summary>
/// <param name="Now">The wall clock: what is due.</param>
/// <param name="Elapsed">Monotonic time: how long a session has been idle.</param>
internal readonly record struct Moment(Instant Now, TimeSpan Elapsed);

/// <summary>How patiently exchanges are asked that somebody waits for.</summary>
/// <param name="Losses">How often in a row, with nothing new in between, such an exchange is asked again in a new session.</param>
/// <param name="Timeout">How long its answer is worth having.</param>
internal sealed record Patience(int Losses, TimeSpan Timeout)
{
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SeriesTimeout = TimeSpan.FromMinutes(5);

    /// <summary>An operator who waits at the server's API: a failure is an answer.</summary>
    public static Patience Server { get; } = new(Losses: 0, TimeSpan.FromSeconds(30));

    /// <summary>How long the answer to a request is worth having.</summary>
    public TimeSpan TimeoutOf(Request request, RequestClass @class)
    {
        if (@class == RequestClass.OnDemand && request.Header.Type != TypeIdentification.Login)
            return Timeout;
        return request.Pattern == ConversationPattern.ReadSeries ? SeriesTimeout : UsualTimeout;
    }
}
