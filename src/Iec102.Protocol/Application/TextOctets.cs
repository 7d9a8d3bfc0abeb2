using System.Text;

namespace Iec102.Protocol;

/// <summary>Texts in fields of fixed length: one octet for each character, zeros behind.</summary>
internal static class TextOctets
{
    /// <summary>The text in the octets without the zeros behind it; any octet is a character, so nothing is lost.</summary>
    public static string Read(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets.TrimEnd((byte)0));

    /// <summary>Writes the text and fills up with zeros.</summary>
    public static void Write(Span<byte> destination, string text, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, length);
        destination[..length].Clear();
        Encoding.Latin1.GetBytes(text, destination);
    }

    /// <summary>The text for people: what cannot be printed is a dot.</summary>
    public static string Printable(string text) => string.Concat(text.Select(each => each is >= ' ' and <= '~' ? each : '.'));
}
