namespace Iec102.Testing;

/// <summary>A page of the repository that tests write. A test fails when the page differs from what the tests would write now.</summary>
public static class CheckedPage
{
    /// <summary>
    /// Compares the page with the expected text. With IEC102_UPDATE=1 in the environment (scripts/test.sh --update) it writes the page
    /// instead.
    /// </summary>
    /// <param name="path">The path of the page, from the repository's root.</param>
    /// <param name="expected">The text that the page must have.</param>
    /// <exception cref="OutdatedPageException">The page has another text.</exception>
    public static void Check(string path, string expected)
    {
        var file = Path.Combine(Repository.Root, path);
        if (Environment.GetEnvironmentVariable("IEC102_UPDATE") == "1")
            File.WriteAllText(file, expected);
        var written = File.Exists(file) ? File.ReadAllText(file) : "";
        if (written == expected)
            return;
        var line = written.Split('\n').Zip(expected.Split('\n')).TakeWhile(pair => pair.First == pair.Second).Count() + 1;
        throw new OutdatedPageException(
            $"{path} is out of date from line {line} on: run scripts/test.sh --update and look at what changed.");
    }
}

/// <summary>Thrown when a page that tests write differs from what they would write now.</summary>
public sealed class OutdatedPageException(string message) : Exception(message);
