using System.Globalization;

namespace Iec102.Fleet;

/// <summary>
/// The code of a supply point (Código Universal del Punto de Suministro): ES, the distributor's four digits, twelve digits, two control
/// letters, and for a single border point two characters more: a digit and one of F, P, R, C, X, Y, Z.
/// </summary>
internal static class Cups
{
    /// <summary>The letter for each remainder, as for the Spanish identity card.</summary>
    private const string Letters = "TRWAGMYFPDXBNJZSQVHLCKE";
    private const string PointTypes = "FPRCXYZ";
    private const int DigitCount = 16;
    private const int Length = 2 + DigitCount + 2;

    /// <summary>Reads a code; capitals and blanks do not matter.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cups">The code in capitals and without blanks.</param>
    /// <param name="problem">What is wrong with it, as the rest of a sentence that begins with its key.</param>
    public static bool TryRead(string text, out string cups, out string problem)
    {
        cups = string.Concat(text.Where(each => !char.IsWhiteSpace(each))).ToUpperInvariant();
        problem = $"must be ES, 16 digits and 2 control letters, and may end in a digit and a letter for the border point, not '{text}'.";
        if (!HasItsForm(cups))
            return false;

        var remainder = (int)(long.Parse(cups.AsSpan(2, DigitCount), NumberStyles.None, CultureInfo.InvariantCulture) % 529);
        var control = $"{Letters[remainder / Letters.Length]}{Letters[remainder % Letters.Length]}";
        problem = $"the control letters of {cups} would have to be {control}: a digit or a letter is wrong.";
        return cups.AsSpan(2 + DigitCount, 2).SequenceEqual(control);
    }

    private static bool HasItsForm(string cups) =>
        cups.Length is Length or (Length + 2) && cups.StartsWith("ES", StringComparison.Ordinal)
        && cups.AsSpan(2, DigitCount).IndexOfAnyExceptInRange('0', '9') < 0
        && cups.AsSpan(2 + DigitCount, 2).IndexOfAnyExceptInRange('A', 'Z') < 0
        && (cups.Length == Length || (char.IsAsciiDigit(cups[Length]) && PointTypes.Contains(cups[Length + 1])));
}
