using Iec102.Fleet;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Ports;

/// <summary>What a <see cref="PortActor"/> needs to know of its port; only the line factory knows how the line is opened.</summary>
public sealed record PortSettings
{
    /// <summary>The port's id.</summary>
    public required string Id { get; init; }

    /// <summary>A TCP line: it may be half open, dead without a sign.</summary>
    public required bool IsTcp { get; init; }

    /// <summary>The waits and budgets of the link layer, and the time of an octet on this line.</summary>
    public LinkTiming Timing { get; init; } = new();

    /// <summary>The first pause before a lost line is opened again; it doubles up to <see cref="ReconnectMax"/>.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause before a lost line is opened again, before up to 20 % of jitter is added.</summary>
    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The idle time after which the sessions are ended and the line is closed; null keeps both for ever.</summary>
    public TimeSpan? Hold { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a call may last while others wait for its modem; null for a line that is not dialled.</summary>
    public TimeSpan? MaxCall { get; init; }

    /// <summary>The pauses between probes of a link that does not answer. On a line that is dialled each may cost a call.</summary>
    internal Backoff Probes => MaxCall is null
        ? Backoff.Doubling(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10))
        : Backoff.Doubling(ReconnectMin, ReconnectMax);

    /// <summary>Whether every frame is written to the log, at debug level, with secrets masked.</summary>
    public bool LogsFrames { get; init; }

    /// <summary><c>tcp</c> or <c>serial</c>.</summary>
    public string Kind => IsTcp ? "tcp" : "serial";

    /// <summary>The settings of a configured port.</summary>
    public static PortSettings Of(PortConfiguration configuration) => new()
    {
        Id = configuration.Id,
        IsTcp = configuration.Tcp is not null,
        ReconnectMin = configuration.Timing.ReconnectMin,
        ReconnectMax = configuration.Timing.ReconnectMax,
        Hold = configuration.HoldIdle,
        MaxCall = configuration.Dial?.MaxCall,
        Timing = new LinkTiming
        {
            ReplyTimeout = configuration.Timing.ReplyTimeout,
            Retries = configuration.Timing.Retries,
            InterCharacterTimeout = configuration.Timing.InterCharacterTimeout,
            InterRequestDelay = configuration.Timing.InterRequestDelay,
            CharacterTime = configuration.Format?.CharacterTime ?? TimeSpan.Zero,
        },
    };
}
