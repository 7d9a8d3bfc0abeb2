namespace Iec102.Testing;

/// <summary>Where running tests find the files of this repository.</summary>
public static class Repository
{
    /// <summary>The folder that contains Iec102Actors.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The iec102 program, built in the same configuration as the running tests.</summary>
    public static string Program { get; } = Path.Combine(
        Root, "src", "Iec102.Server", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "iec102.dll");

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Iec102Actors.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
