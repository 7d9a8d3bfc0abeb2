namespace Iec102.Server.Tests.EndToEnd;

/// <summary>Where the files of this repository are, seen from the running tests.</summary>
internal static class Repository
{
    /// <summary>The folder of Iec102Actors.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The server as built in the configuration of the tests.</summary>
    public static string Server { get; } = Path.Combine(
        Root, "src", "Iec102.Server", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "iec102.dll");

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Iec102Actors.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
