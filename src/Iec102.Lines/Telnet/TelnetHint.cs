namespace Iec102.Lines.Telnet;

/// <summary>Recognises a converter that speaks Telnet on a line that is used raw.</summary>
public static class TelnetHint
{
    /// <summary>What to do then, as a part of a sentence.</summary>
    public const string Advice =
        "the converter speaks Telnet: write tcp = \"rfc2217://host:port\" and line, or tcp = \"telnet://host:port\", or set it to raw TCP";

    /// <summary>Whether the first octets of a connection negotiate (RFC 855): a command and an option that somebody uses.</summary>
    public static bool Negotiates(ReadOnlySpan<byte> octets) =>
        octets is [TelnetCode.Command, >= TelnetCode.Will and <= TelnetCode.Dont, < 64, ..];
}
