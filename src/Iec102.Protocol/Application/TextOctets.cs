using System.Text;

namespace Iec102.Protocol.Application;

/// <summary>Texts in fields of fixed length: one octet for each character, padded with zeros.</summary>
internal static class TextOctets
{
    /// <summary>Reads the text without the zeros at its end; any octet is a character, so nothing is lost.</summary>
    public static string Read(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets.TrimEnd((byte)0));

    /// <summary>Writes the text and pads it with zeros.</summary>
    public static void Write(Span<byte> destination, string text, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, length);
        destination[..length].Clear();
        Encoding.Latin1.GetBytes(text, destination);
    }

    /// <summary>The text for display: characters that cannot be printed are dots.</summary>
    public static string Printable(string text) => string.Concat(text.Select(each => each is >= ' ' and <= '~' ? each : '.'));
}
