using System.CommandLine;

namespace Iec102.Server.Commands;

/// <summary>Options that several commands share, so that they are named and explained the same everywhere.</summary>
internal static class CommonOptions
{
    /// <summary>--fleet, required.</summary>
    public static Option<string> Fleet() => new("--fleet") { Description = "The fleet file: ports and meters (HOCON).", Required = true, HelpName = "FILE" };

    /// <summary>--data.</summary>
    public static Option<string> Data() => new("--data")
    {
        Description = "The data directory: the journal and the readings.",
        DefaultValueFactory = _ => "./data",
        HelpName = "DIR",
    };
}
