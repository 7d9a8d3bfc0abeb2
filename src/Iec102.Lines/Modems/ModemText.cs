using System.Text;

namespace Iec102.Lines.Modems;

/// <summary>
/// What a modem says in command mode (V.250): takes the results out of its lines, and passes over echoes, rings and reports. A line ends
/// with a line feed. Text in, results out.
/// </summary>
internal sealed class ModemText
{
    private const int LongestLine = 100;

    private static readonly string[] Results = ["OK", "ERROR", "BUSY", "NO CARRIER", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE"];
    private static readonly string[] Beginnings = ["CONNECT", "+CME ERROR", "+CMS ERROR"];

    private readonly StringBuilder _line = new();

    /// <summary>Takes octets up to the end of the next result; those that follow stay in the span.</summary>
    /// <returns>the result; null when all octets are taken and there was none</returns>
    public string? Take(ref ReadOnlySpan<byte> octets)
    {
        while (octets is [var octet, ..])
        {
            octets = octets[1..];
            if (octet != '\n')
            {
                if (octet is >= 0x20 and < 0x7F && _line.Length < LongestLine)
                    _line.Append((char)octet);
                continue;
            }

            var line = _line.ToString().Trim();
            _line.Clear();
            if (Results.Contains(line) || Beginnings.Any(line.StartsWith))
                return line;
        }

        return null;
    }
}
