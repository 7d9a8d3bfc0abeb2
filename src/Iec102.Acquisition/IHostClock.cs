namespace Iec102.Acquisition;

/// <summary>What is known about the clock of this machine; meters' clocks are set from it only while it is right.</summary>
public interface IHostClock
{
    /// <summary>True when it follows a time source; false when it does not, or when that is unknown.</summary>
    bool IsSynchronised { get; }
}
