namespace Iec102.Acquisition;

/// <summary>
/// A hash of an id that is the same in every process and version (FNV-1a, 32 bit): spreads due times and jitter without randomness.
/// </summary>
public static class StableHash
{
    /// <summary>The hash of a text.</summary>
    public static uint Of(string text)
    {
        var hash = 2166136261u;
        foreach (var character in text)
            hash = unchecked((hash ^ character) * 16777619u);
        return hash;
    }

    /// <summary>The text's fraction, from 0 (inclusive) to 1 (exclusive).</summary>
    public static double Fraction(string text) => Of(text) / (uint.MaxValue + 1.0);
}
