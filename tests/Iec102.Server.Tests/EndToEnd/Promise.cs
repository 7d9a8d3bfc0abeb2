namespace Iec102.Server.Tests.EndToEnd;

/// <summary>Figures of the promises, one line each, for the table that scripts/test.sh prints at its end (artifacts/promises, not committed).</summary>
internal static class Promise
{
    /// <summary>Writes a figure that was measured in this run.</summary>
    /// <param name="id">R1 to R9.</param>
    /// <param name="what">What was tried.</param>
    /// <param name="figures">What came of it.</param>
    public static void Report(string id, string what, string figures)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "promises"));
        File.WriteAllText(Path.Combine(folder.FullName, $"{id}-{what.Replace(' ', '-')}.txt"), $"{id}  {what}: {figures}{Environment.NewLine}");
    }
}
