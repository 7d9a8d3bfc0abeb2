namespace Iec102.Tests;

/// <summary>A page in the repository that tests write: it must be what they would write now.</summary>
internal static class CheckedPage
{
    /// <summary>Compares the page; with IEC102_UPDATE=1 in the environment (scripts/test.sh --update) writes it instead.</summary>
    public static void Check(string path, string expected)
    {
        var file = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable("IEC102_UPDATE") == "1")
            File.WriteAllText(file, expected);
        var written = File.Exists(file) ? File.ReadAllText(file) : "";
        if (written == expected)
            return;
        var line = written.Split('\n').Zip(expected.Split('\n')).TakeWhile(pair => pair.First == pair.Second).Count() + 1;
        Assert.Fail($"{path} is out of date from line {line} on: run scripts/test.sh --update and look at what changed.");
    }

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Iec102Actors.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }
}
