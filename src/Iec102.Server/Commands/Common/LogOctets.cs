using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Iec102.Protocol.Description;

namespace Iec102.Server.Commands.Common;

/// <summary>
/// Finds the octets in a log, line by line: in our own traces, in dumps of hexdump, xxd and Wireshark, in escapes such as \x10, in bytes
/// as Python writes them, and in hexadecimal among words, brackets, arrows and time stamps. Offsets, time stamps and the text beside a
/// dump are no octets. A line in which none are found is left out.
/// </summary>
internal sealed partial class LogOctets
{
    // A run this long is taken for octets wherever it stands; numbers in a text are shorter.
    private const int SurelyOctets = 4;
    private const int OctetsPerDumpLine = 16;
    private const int MostStrayNumbers = 2;

    private readonly List<byte> _octets = [];
    private int _dumped;
    private int _shown;

    private LogOctets()
    {
    }

    /// <summary>The octets of a text, in order; those that were masked in it are 0.</summary>
    public static byte[] Read(string text)
    {
        var log = new LogOctets();
        // A file of support has numbers beside its frames, such as serial numbers.
        var isSupport = text.StartsWith("iec102 ", StringComparison.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !isSupport || Own().IsMatch(line)))
            log._octets.AddRange(log.ReadLine(line));
        return [.. log._octets];
    }

    /// <summary>Whether a text begins with a line of a dump, whose offsets may look like octets.</summary>
    public static bool IsDump(string text) => Dump().Match(text.TrimStart().Split('\n')[0]) is { Success: true } first
        && first.Groups[2].Length > 0 && first.Groups[1].Value.All(digit => digit == '0');

    private byte[] ReadLine(string line)
    {
        if (Own().Match(line) is { Success: true } own)
            return Unmasked(own.Groups[1].Value);
        if (PythonBytes().Matches(line) is { Count: > 0 } literals)
            return [.. literals.SelectMany(literal => Unescaped(literal.Groups[2].Value))];
        if (Escapes().Matches(line) is { Count: > 0 } escapes)
            return [.. escapes.SelectMany(escape => Unescaped(escape.Value))];
        if (Dump().Match(line) is { Success: true } dump && IsOffset(dump.Groups[1].Value))
        {
            byte[] dumped = [.. Hex(dump.Groups[2].Value).Take(OctetsPerDumpLine)];
            _dumped += dumped.Length;
            return dumped;
        }

        var found = Runs().Matches(Times().Replace(line, " | ")).Select(run => Hex(run.Value)).MaxBy(run => run.Length) ?? [];
        if (IsInFrame())
            return found;
        found = WithoutStrayNumbers(found);
        return found.Length >= SurelyOctets || found is [0x10 or 0x68 or 0xE5, ..] ? found : [];
    }

    /// <summary>A number just before or after a frame, such as a count, is not part of it.</summary>
    private static byte[] WithoutStrayNumbers(byte[] run)
    {
        for (var around = 0; around < (MostStrayNumbers + 1) * (MostStrayNumbers + 1); around++)
        {
            var (before, after) = (around / (MostStrayNumbers + 1), around % (MostStrayNumbers + 1));
            if (before + after < run.Length && FrameDescription.IsFrame(run.AsSpan(before..^after)))
                return run[before..^after];
        }

        return run;
    }

    /// <summary>A dump counts its octets; a number that counts otherwise is itself octets.</summary>
    private bool IsOffset(string digits)
    {
        var offset = long.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (offset == 0)
            _dumped = 0;
        return offset == _dumped;
    }

    /// <summary>Whether the octets so far end within a frame, so that the next line may go on with it.</summary>
    private bool IsInFrame()
    {
        while (_shown < _octets.Count)
        {
            var piece = CollectionsMarshal.AsSpan(_octets)[_shown..];
            var length = FrameDescription.PieceLength(piece);
            if (length == piece.Length)
                return piece[0] is 0x10 or 0x68 && !FrameDescription.IsFrame(piece);
            _shown += length;
        }

        return false;
    }

    private static byte[] Hex(string text) =>
        [.. Digits().Matches(text).SelectMany(group => Convert.FromHexString(group.Groups[1].Value))];

    /// <summary>
    /// What was masked is read as 0. The checksum was masked with it, so that it would not tell the secret; it is computed anew.
    /// </summary>
    private static byte[] Unmasked(string hex)
    {
        var octets = Convert.FromHexString(hex.Replace("**", "00", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));
        if (hex.EndsWith("** 16", StringComparison.Ordinal) && octets is [0x68, ..])
        {
            octets[^2] = 0;
            for (var i = 4; i < octets.Length - 2; i++)
                octets[^2] += octets[i];
        }

        return octets;
    }

    private static IEnumerable<byte> Unescaped(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
                yield return (byte)text[i];
            else if (text[++i] == 'x' && byte.TryParse(
                text.AsSpan(i + 1, Math.Min(2, text.Length - i - 1)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var octet))
            {
                yield return octet;
                i += 2;
            }
            else
                yield return text[i] switch { 'n' => (byte)'\n', 'r' => (byte)'\r', 't' => (byte)'\t', var other => (byte)other };
        }
    }

    /// <summary>A line of our trace: the octets stand in brackets at its end.</summary>
    [GeneratedRegex(@"\[((?:[0-9a-f]{2}|\*\*)(?: (?:[0-9a-f]{2}|\*\*))*)\]$")]
    private static partial Regex Own();

    // A backslash is never a character of its own: with two ways to read it, a literal that was cut off would take for ever.
    [GeneratedRegex(@"\bb(['""])((?:\\.|(?!\1|\\)[ -~])*)\1")]
    private static partial Regex PythonBytes();

    [GeneratedRegex(@"(?:\\x[0-9a-fA-F]{2})+")]
    private static partial Regex Escapes();

    /// <summary>An offset, then octets in groups of one or two; the text beside them comes after a bar or a wide gap.</summary>
    [GeneratedRegex(
        @"^(?:0x)?([0-9a-fA-F]{4,8})"
        + @"(?:$|:?\s+((?:[0-9a-fA-F]{2}){1,2}(?![^\s|])(?:\s{1,2}(?:[0-9a-fA-F]{2}){1,2}(?![^\s|]))*))")]
    private static partial Regex Dump();

    /// <summary>Dates, times, both together with fractions and offsets, and numbers with points such as those of an address.</summary>
    [GeneratedRegex(
        @"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?:\s?Z\b|\s?[+-]\d\d:?\d\d\b)?"
        + @"|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
        + @"|(?<![0-9a-fA-F:])\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?![:0-9a-fA-F])"
        + @"|\b\d+(?:\.\d+)+(?::\d+)?\b")]
    private static partial Regex Times();

    /// <summary>Octets that follow each other, with or without 0x, spaces, commas, colons, dashes or a bracket each.</summary>
    [GeneratedRegex(@"(?<![\w.])(?:0x)?(?:[0-9a-fA-F]{2})+(?![\w.])(?:[\s,;:\-<>\[\](){}]{1,3}(?:0x)?(?:[0-9a-fA-F]{2})+(?![\w.]))*")]
    private static partial Regex Runs();

    [GeneratedRegex(@"(?:0x)?((?:[0-9a-fA-F]{2})+)")]
    private static partial Regex Digits();
}
