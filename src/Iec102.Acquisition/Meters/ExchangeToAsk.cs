using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>An exchange that a <see cref="MeterDialogue"/> wants to run with its meter.</summary>
/// <param name="Request">What is asked.</param>
/// <param name="Class">The weight on the line.</param>
/// <param name="Epoch">The link epoch of the session; for a login, that of the session it replaces.</param>
internal sealed record ExchangeToAsk(Request Request, RequestClass Class, int Epoch)
{
    /// <summary>How long an answer is worth having for somebody who waits.</summary>
    public static readonly TimeSpan OnDemandTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SeriesTimeout = TimeSpan.FromMinutes(5);

    /// <summary>The task that asks; null for a login, a proof of the session, and the writing of the clock.</summary>
    public MeterTask? Task { get; init; }

    /// <summary>
    /// The command to make and send instead of <see cref="Request"/> when its turn has come; null for the request itself.
    /// </summary>
    public ClockWriting? Clock { get; init; }

    /// <summary>How long the answer is worth having.</summary>
    public TimeSpan Timeout => Clock is not null ? ClockSetRule.SendWithin.ToTimeSpan()
        : Class == RequestClass.OnDemand && Request.Header.Type != TypeIdentification.Login ? OnDemandTimeout
        : Request.Pattern == ConversationPattern.ReadSeries ? SeriesTimeout
        : UsualTimeout;
}

/// <summary>A moment by both clocks.</summary>
/// <param name="Now">The wall clock: what is due.</param>
/// <param name="Elapsed">Monotonic time: how long a session has been idle, and how long somebody has waited.</param>
internal readonly record struct Moment(Instant Now, TimeSpan Elapsed);
