using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Iec102.Lines.Tcp;

/// <summary>What a far end speaks on its TCP port.</summary>
public enum TcpProtocol
{
    /// <summary>Nothing but the octets of the serial line.</summary>
    Raw,

    /// <summary>Telnet (RFC 854) with binary transmission; the serial line is set in the converter.</summary>
    Telnet,

    /// <summary>Telnet with the option of RFC 2217, by which the serial line is set from here.</summary>
    Rfc2217,
}

/// <summary>A line through a TCP connection: an Ethernet converter, a modem bank, or a meter's own port.</summary>
/// <param name="Host">name or address of the far end</param>
/// <param name="Port">its TCP port, 1 to 65535</param>
public sealed record TcpLineOptions(string Host, int Port)
{
    private static readonly (string Scheme, TcpProtocol Protocol)[] Schemes =
        [("telnet://", TcpProtocol.Telnet), ("rfc2217://", TcpProtocol.Rfc2217)];

    /// <summary>What the far end speaks.</summary>
    public TcpProtocol Protocol { get; init; } = TcpProtocol.Raw;

    /// <summary>What the far end's serial line is set to; null, unless it speaks <see cref="TcpProtocol.Rfc2217"/>.</summary>
    public LineFormat? Format { get; init; }

    /// <summary>How long the far end may take to accept the connection, and then to negotiate.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The wait between connecting and using the line: some converters drop or misplace octets that arrive before their serial side is set
    /// up. Octets received during the wait are kept for the first read.
    /// </summary>
    public TimeSpan ConnectDelay { get; init; } = TimeSpan.Zero;

    /// <summary>How long the connection may be silent before the system probes whether the far end is still there; whole seconds.</summary>
    public TimeSpan KeepAliveTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between two probes while none is answered; whole seconds.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many unanswered probes end the connection.</summary>
    public int KeepAliveRetries { get; init; } = 3;

    /// <summary>The far end as <c>host:port</c>, an IPv6 address in brackets.</summary>
    public string EndPoint => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>The far end as it is written in a fleet file: <see cref="EndPoint"/>, with what it speaks before it if not raw.</summary>
    public string Name => Schemes.FirstOrDefault(known => known.Protocol == Protocol).Scheme + EndPoint;

    /// <summary>Where the line leads, for display: <c>tcp://host:port</c>, or <c>rfc2217://host:port 9600-8E1</c>.</summary>
    public string Address => (Protocol == TcpProtocol.Raw ? "tcp://" : "") + Name + (Format is { } format ? $" {format}" : "");

    /// <summary>
    /// Parses <c>host:port</c>, <c>telnet://host:port</c> or <c>rfc2217://host:port</c>; an IPv6 address is written in brackets,
    /// <c>[2001:db8::1]:4001</c>.
    /// </summary>
    /// <returns>false when the text has another form or the port is not within 1 to 65535</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out TcpLineOptions? options)
    {
        options = null;
        var (scheme, protocol) = Schemes.FirstOrDefault(
            known => text?.StartsWith(known.Scheme, StringComparison.OrdinalIgnoreCase) == true);
        text = text?[(scheme?.Length ?? 0)..];
        var colon = text?.LastIndexOf(':') ?? -1;
        if (text is null || colon <= 0) return false;
        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return false;
        if (port is < 1 or > 65535) return false;

        var host = text[..colon];
        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (bracketed) host = host[1..^1];
        if (Uri.CheckHostName(host) is UriHostNameType.Unknown || host.Contains(':') != bracketed) return false;

        options = new TcpLineOptions(host, port) { Protocol = protocol };
        return true;
    }
}
