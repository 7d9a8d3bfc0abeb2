using NodaTime;

namespace Iec102.Acquisition.Ports;

/// <summary>A line that an operator keeps closed for a while, so that somebody else can use it.</summary>
/// <param name="Since">Since when.</param>
/// <param name="Until">When the port may open its line again.</param>
/// <param name="By">Who asked for it.</param>
public sealed record PortPause(Instant Since, Instant Until, string By)
{
    /// <summary>Why nothing is read, in one sentence.</summary>
    internal string Sentence => $"The port is paused, as {By} asked: its line is closed, so that somebody else can use it.";
}

/// <summary>
/// The pause of a port. Kept outside the port's actor and given to it, so that one that is restarted, because it failed or because its
/// configuration has changed, does not open a line that somebody else uses.
/// </summary>
public sealed class LinePause
{
    /// <summary>The pause of a port that is about to be started.</summary>
    /// <param name="known">What is known of an earlier pause, perhaps on another node.</param>
    public LinePause(PortPause? known = null) => Present = known;

    /// <summary>The pause; null when there is none. One that is over stays until the port has ended it.</summary>
    internal PortPause? Present { get; private set; }

    internal void Begin(PausePort pause, Instant now) =>
        Present = new PortPause(Present?.Since ?? now, now + pause.For, pause.By);

    internal bool IsOver(Instant now) => Present is null || Present.Until <= now;

    internal void End() => Present = null;
}
