namespace Iec102.Testing;

/// <summary>Keeps what a test run measured for the promises; scripts/test.sh prints it as a table at the end.</summary>
public static class Promise
{
    /// <summary>Writes one line of the table to artifacts/promises, which is not committed.</summary>
    /// <param name="id">The id of the promise, such as R1.</param>
    /// <param name="what">What was tried.</param>
    /// <param name="figures">The result, in figures.</param>
    public static void Report(string id, string what, string figures)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "promises"));
        File.WriteAllText(Path.Combine(folder.FullName, $"{id}-{what.Replace(' ', '-')}.txt"), $"{id}  {what}: {figures}\n");
    }
}
