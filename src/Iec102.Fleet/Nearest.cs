namespace Iec102.Fleet;

/// <summary>Finds the known word that is nearest to a mistyped one, by the number of letters to insert, delete or replace.</summary>
public static class Nearest
{
    /// <summary>A word that is further away than this is hardly the one that was meant.</summary>
    private const int MostLetters = 2;

    /// <summary>The nearest word; null when none is known.</summary>
    public static string? To(string word, IEnumerable<string> known) => known.MinBy(candidate => Distance(word, candidate));

    /// <summary>The word that was probably meant: one that begins with what was typed, or the nearest if it is near; else null.</summary>
    public static string? Meant(string word, IReadOnlyCollection<string> known) =>
        known.FirstOrDefault(candidate => candidate.StartsWith(word, StringComparison.Ordinal))
        ?? (To(word, known) is { } nearest && Distance(word, nearest) <= MostLetters ? nearest : null);

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j - 1], row[j]) + 1);
            }
        }

        return row[b.Length];
    }
}
