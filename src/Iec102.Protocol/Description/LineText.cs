using System.Text;

namespace Iec102.Protocol.Description;

/// <summary>
/// Recognises text among octets that belong to no frame: a converter says that its port is in use, a modem that the call has ended.
/// </summary>
public static class LineText
{
    /// <summary>The most characters that are quoted.</summary>
    public const int Longest = 60;

    // A part of a login has at most five printable octets in a row, its key and its checksum, so that no key is ever quoted.
    private const int LeastOctets = 6;
    private const int LeastOctetsWithNoise = 12;
    private const int LeastLetters = 3;

    /// <summary>The beginning of the text, in one line and without quotation marks; null when the octets are no text.</summary>
    public static string? Find(ReadOnlySpan<byte> octets)
    {
        if (octets.Length < LeastOctets)
            return null;
        var noise = 0;
        var letters = 0;
        var text = new StringBuilder();
        foreach (var octet in octets)
        {
            if (octet is > 0x20 and < 0x7F)
                text.Append((char)(octet == '"' ? (byte)'\'' : octet));
            else if (text.Length > 0 && text[^1] != ' ')
                text.Append(' ');
            letters += char.IsAsciiLetter((char)octet) ? 1 : 0;
            noise += octet is >= 0x20 and < 0x7F or (byte)'\r' or (byte)'\n' or (byte)'\t' ? 0 : 1;
        }

        var isText = letters >= LeastLetters && (noise == 0 || octets.Length >= LeastOctetsWithNoise && noise * 10 <= octets.Length);
        var line = text.ToString().TrimEnd();
        return !isText || IsModemCommand(line) ? null : line.Length <= Longest ? line : $"{line[..Longest].TrimEnd()}...";
    }

    /// <summary>Commands to a modem may hold the PIN of its card.</summary>
    private static bool IsModemCommand(string line) => $" {line}".Contains(" AT", StringComparison.OrdinalIgnoreCase)
        && line.AsSpan().IndexOfAny("+=&") >= 0;
}
