namespace Iec102.Server.Commands.Reads;

/// <summary>Makes texts from meters safe for a terminal.</summary>
internal static class ReadText
{
    /// <summary>Replaces each character that cannot be printed with a dot: a meter's octets must not control a terminal.</summary>
    public static string Printable(string text) => string.Concat(text.Select(each => each is >= ' ' and <= '~' ? each : '.'));
}
