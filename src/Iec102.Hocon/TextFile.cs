using System.Text;

namespace Iec102.Hocon;

/// <summary>Reads text files in whatever encoding an editor or a spreadsheet saved them.</summary>
public static class TextFile
{
    /// <summary>More than a fleet file of any size has: ten thousand meters take about two million.</summary>
    public const int MostOctets = 16 * 1024 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The text of a file, which is UTF-8, what its byte order mark says, or else Windows-1252, as programs on a Spanish Windows save it.
    /// </summary>
    public static string Read(string path) => Decode(RegularFile.Read(path, MostOctets)).Text;

    /// <summary>The text of a file's octets, and the encoding in which it can be written again.</summary>
    public static (string Text, Encoding Encoding) Decode(byte[] octets)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(octets), Utf8, detectEncodingFromByteOrderMarks: true);
            return (reader.ReadToEnd(), reader.CurrentEncoding);
        }
        catch (DecoderFallbackException)
        {
            var windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
            return (windows.GetString(octets), windows);
        }
    }
}
