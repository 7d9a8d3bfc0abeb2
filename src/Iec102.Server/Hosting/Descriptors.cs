using System.Runtime.InteropServices;
using Iec102.Fleet;

namespace Iec102.Server.Hosting;

/// <summary>
/// The descriptors that the process may have at once: one for each open file and connection. Without one nothing works: no line, no
/// database, and not even the runtime, which then ends the process. So they are shared out: lines, gateways and the program itself have
/// what they need, and the API has the rest.
/// </summary>
internal static partial class Descriptors
{
    /// <summary>
    /// Assemblies, each of which stays open, databases, log and runtime: 303 after the start, at most 350 once every part has been used.
    /// The rest is for what comes and goes, such as the journal's connections when many curves recover.
    /// </summary>
    private const int OfProgram = 512;

    /// <summary>The connection, and three files while it reads from the database.</summary>
    private const int OfApiConnection = 4;

    /// <summary>The device, and the timer of its idle times.</summary>
    private const int OfSerialLine = 2;

    private const int FewestApiConnections = 16;
    private const int MostApiConnections = 400;

    // getrlimit(2) on Linux. The runtime raises the limit to the hard limit when it starts.
    private const int NumberOfFiles = 7;

    /// <summary>How many the process may have; unlimited where the system does not say.</summary>
    public static int Limit { get; } = ReadLimit();

    /// <summary>How many connections the API may have.</summary>
    public static int ApiConnections(FleetConfiguration fleet, int limit) =>
        Math.Clamp((limit - NeededWithoutApi(fleet)) / OfApiConnection, FewestApiConnections, MostApiConnections);

    /// <summary>Why this fleet cannot be read with so many descriptors; null when it can.</summary>
    public static string? Refuse(FleetConfiguration fleet, int limit)
    {
        var needed = NeededWithoutApi(fleet) + FewestApiConnections * OfApiConnection;
        return needed <= limit
            ? null
            : $"the ports and their gateways need {needed} open files and connections, but the system allows this process only {limit}: "
                + "raise its limit (LimitNOFILE in systemd, ulimit -n), or configure fewer ports or a smaller max-clients.";
    }

    private static int NeededWithoutApi(FleetConfiguration fleet) => OfProgram + fleet.Ports.Where(port => port.Enabled).Sum(
        port => (port.Serial is null ? 1 : OfSerialLine) + (port.Gateway is { } gateway ? 1 + gateway.MaxClients : 0));

    private static int ReadLimit()
    {
        Span<ulong> limit = stackalloc ulong[2];
        return OperatingSystem.IsLinux() && Read(NumberOfFiles, limit) == 0 ? (int)Math.Min(limit[0], int.MaxValue) : int.MaxValue;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Read(int resource, Span<ulong> softAndHard);
}
