namespace Iec102.Server.Commands.Reads;

/// <summary>Texts of meters for people.</summary>
internal static class ReadText
{
    /// <summary>What cannot be printed is a dot: a meter's octets must not steer a terminal.</summary>
    public static string Printable(string text) => string.Concat(text.Select(each => each is >= ' ' and <= '~' ? each : '.'));
}
