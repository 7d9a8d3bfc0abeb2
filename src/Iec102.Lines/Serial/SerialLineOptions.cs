namespace Iec102.Lines;

/// <summary>What a serial device is opened and driven with.</summary>
public enum SerialDriver
{
    /// <summary>This program's own calls of Linux: one thread for all lines, any speed, the idle time before a frame to a tenth of a millisecond.</summary>
    Termios,

    /// <summary>System.IO.Ports, on every operating system; it gives each line a thread of its own.</summary>
    System,
}

/// <summary>A line through a serial device of this computer: an RS-232 port, an RS-485 adapter, an optical head.</summary>
/// <param name="Device">path of the device; <c>/dev/serial/by-id/...</c> stays the same when adapters are plugged in another order</param>
/// <param name="Format">speed and character format</param>
public sealed record SerialLineOptions(string Device, LineFormat Format)
{
    /// <summary>The drivers that there are on this operating system; the first is used unless another is asked for.</summary>
    public static IReadOnlyList<SerialDriver> Drivers { get; } =
        OperatingSystem.IsLinux() ? [SerialDriver.Termios, SerialDriver.System] : [SerialDriver.System];

    /// <summary>One of <see cref="Drivers"/>.</summary>
    public SerialDriver Driver { get; init; } = Drivers[0];

    /// <summary>Whether DTR is raised while the line is open; optical heads are often fed from it.</summary>
    public bool Dtr { get; init; } = true;

    /// <summary>Whether RTS is raised while the line is open; of no effect with <see cref="Rs485"/>.</summary>
    public bool Rts { get; init; } = true;

    /// <summary>Whether the driver switches an RS-485 transmitter by RTS, which only <see cref="SerialDriver.Termios"/> can. Most adapters do it by themselves and need this off.</summary>
    public bool Rs485 { get; init; }

    /// <summary>How long after opening the line is used: an optical head that is fed from DTR needs a moment.</summary>
    public TimeSpan ConnectDelay { get; init; }
}
