using System.Globalization;

namespace Iec102.Faults.Tests.Sites;

/// <summary>How stored curves differ from what the meters measured.</summary>
/// <param name="Intervals">How many intervals were measured.</param>
/// <param name="Missing">How many of them are not stored.</param>
/// <param name="Altered">How many are stored with other values.</param>
/// <param name="Doubled">How many are stored twice, or were never measured.</param>
internal sealed record Curves(int Intervals, int Missing, int Altered, int Doubled)
{
    /// <summary>Whether everything is stored once, as it was measured.</summary>
    public bool AreExact => this is { Missing: 0, Altered: 0, Doubled: 0 };

    public override string ToString() => $"{Intervals} intervals: {Missing} missing, {Altered} altered, {Doubled} doubled";

    /// <summary>Compares lines of profile CSV, without their heading.</summary>
    /// <param name="stored">What is stored, every revision of it.</param>
    /// <param name="measured">What the simulator computed from its formula.</param>
    public static Curves Compare(IReadOnlyList<string> stored, IReadOnlyList<string> measured)
    {
        var once = new Dictionary<string, string>();
        var doubled = stored.Count(line => !once.TryAdd(KeyOf(line), line));
        var (missing, altered) = (0, 0);
        foreach (var line in measured)
        {
            if (!once.Remove(KeyOf(line), out var kept))
                missing++;
            else if (kept != line)
                altered++;
        }

        return new Curves(measured.Count, missing, altered, doubled + once.Count);
    }

    /// <summary>The lines of the intervals that end in a range.</summary>
    public static IEnumerable<string> Within(IEnumerable<string> lines, DateTimeOffset from, DateTimeOffset to) => lines.Where(line =>
        DateTimeOffset.Parse(line.Split(',')[2], CultureInfo.InvariantCulture) is var end && end > from && end <= to);

    /// <summary>Meter, curve and end.</summary>
    private static string KeyOf(string line) => string.Join(',', line.Split(',', 4)[..3]);
}
