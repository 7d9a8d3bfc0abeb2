namespace Iec102.Faults.Tests.Networks;

/// <summary>A host of the network: a network namespace with one interface.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Namespace">The name of its namespace.</param>
/// <param name="Address">Its IPv4 address.</param>
internal sealed record Host(string Name, string Namespace, string Address)
{
    /// <summary>What a command line begins with to run on this host.</summary>
    public IReadOnlyList<string> Before => ["ip", "netns", "exec", Namespace];
}
