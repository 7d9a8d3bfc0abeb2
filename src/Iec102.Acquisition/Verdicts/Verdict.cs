using NodaTime;

namespace Iec102.Acquisition.Verdicts;

/// <summary>How a meter or a port is, in one word.</summary>
public enum VerdictKind
{
    /// <summary>It does what it is configured to do.</summary>
    Ok,

    /// <summary>It answers, and what was not read yet is being read.</summary>
    CatchingUp,

    /// <summary>It is read, but something needs a person.</summary>
    Attention,

    /// <summary>It is not read.</summary>
    Down,

    /// <summary>Configured with enabled = false, or paused by an operator.</summary>
    Off,

    /// <summary>Nothing has been reported of it yet, or no node is seen that runs it.</summary>
    Unknown,
}

/// <summary>Why a verdict is what it is.</summary>
public enum VerdictCause
{
    /// <summary>The line of the port cannot be opened, or was lost.</summary>
    LineDown,

    /// <summary>The line is open, and nothing answers.</summary>
    NoAnswer,

    /// <summary>Something answers, but its frames are damaged.</summary>
    DamagedAnswers,

    /// <summary>The meter refuses the login.</summary>
    Password,

    /// <summary>Another serial number answers than the recorded or configured one.</summary>
    WrongMeter,

    /// <summary>The meter's clock is wrong, or is to be set and cannot be.</summary>
    Clock,

    /// <summary>Intervals of a curve are missing, and do not become fewer.</summary>
    Gaps,

    /// <summary>The databases do not answer.</summary>
    Storage,

    /// <summary>The meter refuses a curve that is to be recorded.</summary>
    Unsupported,

    /// <summary>Current values are older than three times their period.</summary>
    Stale,

    /// <summary>An operator keeps the line of the port closed for a while.</summary>
    Paused,

    /// <summary>No node is seen that runs it.</summary>
    NodeLost,

    /// <summary>A node has another fleet file.</summary>
    FleetDiffers,
}

/// <summary>What to do, in one sentence.</summary>
/// <param name="En">In English.</param>
/// <param name="Es">In Spanish.</param>
public sealed record Advice(string En, string Es);

/// <summary>How a meter or a port is, why, since when, and what to do about it.</summary>
/// <param name="Kind">How it is.</param>
/// <param name="Since">Since when; null when that is not known.</param>
public sealed record Verdict(VerdictKind Kind, Instant? Since = null)
{
    /// <summary>Why; null for a verdict that needs no reason.</summary>
    public VerdictCause? Cause { get; init; }

    /// <summary>When the server tries again by itself; null when it does not.</summary>
    public Instant? NextTry { get; init; }

    /// <summary>What to do; null when there is nothing to do.</summary>
    public Advice? Advice { get; init; }

    /// <summary>The port that is the cause of a meter's verdict; null when it is not a port.</summary>
    public string? Blame { get; init; }

    /// <summary>How long catching up will take at the speed of the last minutes; null when that is not known.</summary>
    public Duration? Remaining { get; init; }

    /// <summary>
    /// The meter has neither answered nor failed since the start of the server, or has failed for too short a time to say why: what was
    /// wrong before may still be so.
    /// </summary>
    public bool IsUnproven { get; init; }

    /// <summary>Somebody has to do something.</summary>
    public bool NeedsAction => Kind is VerdictKind.Attention or VerdictKind.Down;
}
