namespace Iec102.Cluster.Leases;

/// <summary>The lock server did not do what it was asked; the message is one plain sentence.</summary>
public sealed class LockServerException : Exception
{
    /// <summary>A failure without a known cause.</summary>
    public LockServerException() : base("The lock server failed.") { }

    /// <summary>A failure that the message explains.</summary>
    public LockServerException(string message) : base(message) { }

    /// <summary>A failure that the message explains, with the cause behind it.</summary>
    public LockServerException(string message, Exception? innerException) : base(message, innerException) { }
}
