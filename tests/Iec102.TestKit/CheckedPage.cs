namespace Iec102.Testing;

/// <summary>A page in the repository that tests write. A test fails when it is not what they would write now.</summary>
public static class CheckedPage
{
    /// <summary>Compares the page; with IEC102_UPDATE=1 in the environment (scripts/test.sh --update) writes it instead.</summary>
    /// <param name="path">The page, from the repository's root.</param>
    /// <param name="expected">What it has to say.</param>
    /// <exception cref="OutdatedPageException">It says something else.</exception>
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

/// <summary>A page that tests write is not what they would write now.</summary>
public sealed class OutdatedPageException(string message) : Exception(message);
