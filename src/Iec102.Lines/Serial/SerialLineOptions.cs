namespace Iec102.Lines.Serial;

/// <summary>The code that opens and drives a serial device.</summary>
public enum SerialDriver
{
    /// <summary>
    /// This program's own system calls on Linux: one thread for all lines, any speed, and an idle time before each frame that is accurate
    /// to a tenth of a millisecond.
    /// </summary>
    Termios,

    /// <summary>System.IO.Ports, available on every operating system; it uses one thread per line.</summary>
    System,
}

/// <summary>A line on a serial device of this computer: an RS-232 port, an RS-485 adapter, an optical head.</summary>
/// <param name="Device">
/// path of the device; <c>/dev/serial/by-id/...</c> stays the same when adapters are connected in another order
/// </param>
/// <param name="Format">speed and character format</param>
public sealed record SerialLineOptions(string Device, LineFormat Format)
{
    /// <summary>The drivers available on this operating system; the first one is the default.</summary>
    public static IReadOnlyList<SerialDriver> Drivers { get; } =
        OperatingSystem.IsLinux() ? [SerialDriver.Termios, SerialDriver.System] : [SerialDriver.System];

    /// <summary>The driver to use, one of <see cref="Drivers"/>.</summary>
    public SerialDriver Driver { get; init; } = Drivers[0];

    /// <summary>Whether DTR is raised while the line is open; optical heads often take their power from it.</summary>
    public bool Dtr { get; init; } = true;

    /// <summary>Whether RTS is raised while the line is open; has no effect with <see cref="Rs485"/>.</summary>
    public bool Rts { get; init; } = true;

    /// <summary>
    /// Whether the driver switches an RS-485 transmitter by RTS, which only <see cref="SerialDriver.Termios"/> can do. Leave it off for
    /// adapters that switch by themselves, as most do.
    /// </summary>
    public bool Rs485 { get; init; }

    /// <summary>The wait between opening the line and first using it: an optical head powered from DTR needs a moment.</summary>
    public TimeSpan ConnectDelay { get; init; }
}
