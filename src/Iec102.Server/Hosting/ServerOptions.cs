using Iec102.Fleet;
using Iec102.Storage;

namespace Iec102.Server.Hosting;

/// <summary>The options of a server.</summary>
/// <param name="Fleet">The ports and meters.</param>
/// <param name="Data">The data directory.</param>
/// <param name="Urls">Where the API listens.</param>
internal sealed record ServerOptions(FleetConfiguration Fleet, DataDirectory Data, IReadOnlyList<string> Urls)
{
    /// <summary>The files to follow while the server runs; null when the fleet comes from elsewhere.</summary>
    public FleetFiles? FleetFiles { get; init; }

    /// <summary>Settings of the actor runtime (HOCON), which win over our own.</summary>
    public string Config { get; init; } = "";

    /// <summary>The file to which the log is written, besides or instead of the console; null for none.</summary>
    public string? LogFile { get; init; }

    /// <summary>Whether the log goes to the console.</summary>
    public bool LogToConsole { get; init; } = true;

    /// <summary>How the log is written.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>Whether the clock of this computer is synchronised; null if that is not known.</summary>
    public Func<bool?> IsClockSynchronised { get; init; } = HostClock.IsSynchronised;

    /// <summary>Ports whose frames are written to the log.</summary>
    public IReadOnlyList<string> TracedPorts { get; init; } = [];
}
