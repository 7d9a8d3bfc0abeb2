namespace Iec102.Lines.Telnet;

/// <summary>The octets of the Telnet protocol that matter here (RFC 854, 856, 858, 2217).</summary>
internal static class TelnetCode
{
    /// <summary>Ends a subnegotiation (SE).</summary>
    public const byte EndOfSubnegotiation = 240;

    /// <summary>Begins a subnegotiation (SB); an option follows.</summary>
    public const byte Subnegotiation = 250;

    public const byte Will = 251;

    public const byte Wont = 252;

    public const byte Do = 253;

    public const byte Dont = 254;

    /// <summary>Begins every command (IAC); as data it is doubled.</summary>
    public const byte Command = 255;

    /// <summary>The option TRANSMIT-BINARY (RFC 856): eight bits, and no octet but 255 has a meaning.</summary>
    public const byte Binary = 0;

    /// <summary>The option SUPPRESS-GO-AHEAD (RFC 858): both sides may send at any time.</summary>
    public const byte SuppressGoAhead = 3;

    /// <summary>The option COM-PORT-OPTION (RFC 2217): the settings of the converter's serial side.</summary>
    public const byte ComPort = 44;
}
