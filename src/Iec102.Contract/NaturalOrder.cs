namespace Iec102.Contract;

/// <summary>
/// The order in which people count: m-2 comes before m-10. Digits are compared by their value, everything else by its code, capitals and
/// small letters alike; null comes last.
/// </summary>
public sealed class NaturalOrder : IComparer<string?>
{
    public static readonly NaturalOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return (x is null).CompareTo(y is null);
        var left = x.AsSpan();
        var right = y.AsSpan();
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var head = Head(left);
            var other = Head(right);
            var order = char.IsAsciiDigit(head[0]) && char.IsAsciiDigit(other[0])
                ? CompareNumbers(head.TrimStart('0'), other.TrimStart('0'))
                : head.CompareTo(other, StringComparison.OrdinalIgnoreCase);
            if (order != 0)
                return order;
            left = left[head.Length..];
            right = right[other.Length..];
        }

        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(x, y);
    }

    /// <summary>The digits, or the one other character, with which a text begins.</summary>
    private static ReadOnlySpan<char> Head(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExceptInRange('0', '9') is var end && end < 0 ? text : text[..Math.Max(1, end)];

    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
}
