namespace Iec102.Testing;

/// <summary>What a test run measured of the promises. scripts/test.sh prints it as a table at its end.</summary>
public static class Promise
{
    /// <summary>Keeps one line of that table in artifacts/promises, which is not committed.</summary>
    /// <param name="id">The promise, such as R1.</param>
    /// <param name="what">What was tried.</param>
    /// <param name="figures">What came of it.</param>
    public static void Report(string id, string what, string figures)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "promises"));
        File.WriteAllText(Path.Combine(folder.FullName, $"{id}-{what.Replace(' ', '-')}.txt"), $"{id}  {what}: {figures}\n");
    }
}
