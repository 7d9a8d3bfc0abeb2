namespace Iec102.Acquisition;

/// <summary>What is known of the clock of this machine; meters' clocks are set by it only while it is right.</summary>
public interface IHostClock
{
    /// <summary>True when it follows a time source; false as well when that cannot be told.</summary>
    bool IsSynchronised { get; }
}
