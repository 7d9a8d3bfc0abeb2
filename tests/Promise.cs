namespace Iec102.Tests;

/// <summary>Figures of the promises, one line each, for the table that scripts/test.sh prints at its end (artifacts/promises, not committed).</summary>
internal static class Promise
{
    /// <summary>Writes a figure that was measured in this run.</summary>
    /// <param name="id">R1 to R9.</param>
    /// <param name="what">What was tried.</param>
    /// <param name="figures">What came of it.</param>
    public static void Report(string id, string what, string figures)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Iec102Actors.sln")))
            root = root.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        var folder = Directory.CreateDirectory(Path.Combine(root.FullName, "artifacts", "promises"));
        File.WriteAllText(Path.Combine(folder.FullName, $"{id}-{what.Replace(' ', '-')}.txt"), $"{id}  {what}: {figures}\n");
    }
}
