namespace Iec102.Acquisition.Ports;

/// <summary>What is wrong with a line, or with what comes over it, for programs; a sentence for people goes with it.</summary>
public enum LineFault
{
    /// <summary>Nothing is known to be wrong.</summary>
    None,

    /// <summary>The line cannot be opened.</summary>
    NotOpened,

    /// <summary>The line was lost.</summary>
    Lost,

    /// <summary>Nothing comes over the line.</summary>
    Silent,

    /// <summary>Only what was sent comes back.</summary>
    Echo,

    /// <summary>What comes is damaged, or no protocol of ours.</summary>
    Damaged,

    /// <summary>Text comes in place of frames, such as "Port already in use" or "NO CARRIER".</summary>
    Text,
}
