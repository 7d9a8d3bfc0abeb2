namespace Iec102.Server.Commands.Reads;

/// <summary>Makes texts that come from meters fit for a terminal.</summary>
internal static class ReadText
{
    /// <summary>Replaces what cannot be printed by a dot: a meter's octets must not steer a terminal.</summary>
    public static string Printable(string text) => string.Concat(text.Select(each => each is >= ' ' and <= '~' ? each : '.'));
}
