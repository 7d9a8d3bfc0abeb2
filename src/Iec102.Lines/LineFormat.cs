using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Iec102.Lines;

/// <summary>The parity bit of a serial character.</summary>
public enum Parity
{
    /// <summary>No parity bit.</summary>
    None,

    /// <summary>Even parity, which FT1.2 requires.</summary>
    Even,

    /// <summary>Odd parity.</summary>
    Odd,
}

/// <summary>
/// Speed and character format of a serial line, written <c>9600-8E1</c>: speed, data bits, parity (N, E, O), stop bits.
/// </summary>
/// <param name="Baud">bits per second, 300 to 115200; any whole number, not only the usual speeds</param>
/// <param name="DataBits">7 or 8</param>
/// <param name="Parity">the parity bit</param>
/// <param name="StopBits">1 or 2</param>
public readonly partial record struct LineFormat(int Baud, int DataBits, Parity Parity, int StopBits)
{
    /// <summary>The idle time that FT1.2 requires before a frame, in bit times.</summary>
    public const int IdleBits = 33;

    private const string ParityLetters = "NEO";

    /// <summary>Whether every part is within its range: 300 to 115200 baud, 7 or 8 data bits, a known parity, 1 or 2 stop bits.</summary>
    public bool IsValid =>
        Baud is >= 300 and <= 115200 && DataBits is 7 or 8 && Enum.IsDefined(Parity) && StopBits is 1 or 2;

    /// <summary>Bits of one character on the wire: start bit, data bits, parity bit if any, stop bits.</summary>
    public int BitsPerCharacter => 1 + DataBits + (Parity == Parity.None ? 0 : 1) + StopBits;

    /// <summary>How long one character occupies the wire.</summary>
    public TimeSpan CharacterTime => BitTimes(BitsPerCharacter);

    /// <summary>How long the line is kept idle before a frame: <see cref="IdleBits"/> bit times.</summary>
    public TimeSpan IdleTime => BitTimes(IdleBits);

    /// <summary>Parses the form <c>9600-8E1</c>; the parity letter may be lower case.</summary>
    /// <returns>false when the text has another form or a part is out of range</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out LineFormat format)
    {
        format = default;
        if (Form().Match(text ?? "") is not { Success: true, Groups: var parts }) return false;

        format = new LineFormat(
            int.Parse(parts["baud"].ValueSpan, CultureInfo.InvariantCulture),
            parts["data"].ValueSpan[0] - '0',
            (Parity)ParityLetters.IndexOf(parts["parity"].Value, StringComparison.OrdinalIgnoreCase),
            parts["stop"].ValueSpan[0] - '0');
        if (format.IsValid) return true;

        format = default;
        return false;
    }

    /// <summary>Writes the form <c>9600-8E1</c>.</summary>
    public override string ToString() => $"{Baud}-{DataBits}{ParityLetters[(int)Parity]}{StopBits}";

    private TimeSpan BitTimes(int bits) => TimeSpan.FromTicks(bits * TimeSpan.TicksPerSecond / Baud);

    [GeneratedRegex(@"\A(?<baud>[1-9][0-9]{2,5})-(?<data>[78])(?<parity>[NEOneo])(?<stop>[12])\z")]
    private static partial Regex Form();
}
