using Iec102.Lines;
using Iec102.Lines.Modems;
using Iec102.Lines.Serial;
using Iec102.Lines.Tcp;

namespace Iec102.Fleet;

/// <summary>A physical port: exactly one of <see cref="Tcp"/> and <see cref="Serial"/> is set.</summary>
public sealed record PortConfiguration
{
    /// <summary>The port's name in paths, logs and the API: letters, digits, '-' and '_', 1 to 64.</summary>
    public required string Id { get; init; }

    /// <summary>False keeps the port in the configuration, but its line is not opened.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The far end, if the line is a TCP connection; its connect delay is that of <see cref="Timing"/>.</summary>
    public TcpLineOptions? Tcp { get; init; }

    /// <summary>The device, if the line is serial.</summary>
    public SerialLineOptions? Serial { get; init; }

    /// <summary>
    /// Whom to call, if the line leads to a modem; ports whose lines lead to the same device or TCP port share the modem. Its connect delay
    /// is that of <see cref="Timing"/>.
    /// </summary>
    public DialOptions? Dial { get; init; }

    /// <summary>Time limits and delays on the line.</summary>
    public PortTiming Timing { get; init; } = new();

    /// <summary>
    /// The idle time after which sessions are ended and the line is closed, so that other masters get their turn; null keeps both open for
    /// ever.
    /// </summary>
    public TimeSpan? HoldIdle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The listener that lets other masters read through this port, or null.</summary>
    public GatewayConfiguration? Gateway { get; init; }

    /// <summary>Which nodes may own the line.</summary>
    public PortPlacement Placement { get; init; } = PortPlacement.Any;

    /// <summary><c>tcp</c> or <c>serial</c>.</summary>
    public string Kind => Tcp is not null ? "tcp" : "serial";

    /// <summary>Where the line leads: <c>tcp://host:port</c>, <c>rfc2217://host:port 9600-8E1</c>, or the device and its format.</summary>
    public string Address => (Tcp?.Address ?? $"{Serial?.Device} {Serial?.Format}") + (Dial is null ? "" : $" calls {Dial.Number}");

    /// <summary>Speed and format of the serial line if they are set from here; null when they are set in the converter.</summary>
    public LineFormat? Format => Serial?.Format ?? Tcp?.Format;
}

/// <summary>Time limits and delays of a port.</summary>
public sealed record PortTiming
{
    /// <summary>The defaults of a port that dials: a call that failed is not repeated at once, since it may cost money.</summary>
    public static PortTiming OfCalls { get; } = new()
    {
        ReplyTimeout = TimeSpan.FromSeconds(15),
        ReconnectMin = TimeSpan.FromMinutes(1),
        ReconnectMax = TimeSpan.FromHours(1),
    };

    /// <summary>How long an answer may take to begin, 100 ms to 600 s. A GSM line needs 15 s.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often an unanswered frame is repeated, 0 to 100.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Pause between an answer and the next request, 0 to 600 s.</summary>
    public TimeSpan InterRequestDelay { get; init; } = TimeSpan.Zero;

    /// <summary>How long a frame may pause before it counts as ended, 10 ms to 60 s.</summary>
    public TimeSpan InterCharacterTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Pause between opening the line and the first request, 0 to 600 s, which some converters need.</summary>
    public TimeSpan ConnectDelay { get; init; } = TimeSpan.Zero;

    /// <summary>The first pause before a lost line is opened again; it doubles up to <see cref="ReconnectMax"/>.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause before a lost line is opened again.</summary>
    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(60);
}
