using Microsoft.Win32.SafeHandles;

namespace Iec102.Lines;

/// <summary>Opens a serial device of Linux and makes it ready: for this program alone, raw, in the configured format, modem lines raised.</summary>
internal static unsafe class SerialDevice
{
    public static ILine Open(SerialLineOptions options)
    {
        var handle = Libc.Open(options.Device, Libc.ReadWrite | Libc.NoControllingTerminal | Libc.NonBlocking | Libc.CloseOnExec);
        try
        {
            if (handle.IsInvalid) throw new LineException(Explain(options.Device, Libc.LastError));
            if (!Termios.Is(handle)) throw new LineException(NoSerialDevice(options.Device));
            if (Libc.Lock(handle, Libc.LockExclusively | Libc.LockWithoutWaiting) < 0) throw new LineException(InUse(options.Device));

            var isReal = HasModemLines(handle);
            if (isReal) Libc.Control(handle, Libc.TIOCEXCL, 0);
            SetFormat(handle, options, isReal);
            if (isReal) SetModemLines(handle, options);
            Libc.Control(handle, Libc.TCFLSH, Libc.FlushBothWays);
            return new SerialLine(handle, options);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A pseudo terminal has none. It also carries no parity, and is not made exclusive: that mark would outlive a killed process, for the other end keeps the
    /// terminal in being.
    /// </summary>
    private static bool HasModemLines(SafeFileHandle handle)
    {
        int lines;
        return Libc.Control(handle, Libc.TIOCMGET, &lines) == 0;
    }

    private static void SetFormat(SafeFileHandle handle, SerialLineOptions options, bool isReal)
    {
        if (!Termios.SetRaw(handle, options.Format) || (isReal && !Termios.HasTaken(handle, options.Format)))
            throw new LineException($"The driver of {options.Device} does not offer {options.Format}; choose a line format that the adapter knows.");
    }

    private static void SetModemLines(SafeFileHandle handle, SerialLineOptions options)
    {
        SetModemLine(handle, Libc.ModemDtr, options.Dtr);
        if (options.Rs485) SwitchTransmitterByRts(handle, options.Device);
        else SetModemLine(handle, Libc.ModemRts, options.Rts);
    }

    private static void SetModemLine(SafeFileHandle handle, int line, bool raised) =>
        Libc.Control(handle, raised ? Libc.TIOCMBIS : Libc.TIOCMBIC, &line);

    private static void SwitchTransmitterByRts(SafeFileHandle handle, string device)
    {
        // struct serial_rs485: flags (1 enabled, 2 RTS raised while sending), delays before and after in ms, then reserve.
        var setting = stackalloc uint[8] { 1 | 2, 0, 0, 0, 0, 0, 0, 0 };
        if (Libc.Control(handle, Libc.TIOCSRS485, setting) < 0)
            throw new LineException($"The driver of {device} cannot switch an RS-485 transmitter; set rs485 = off (most adapters switch by themselves).");
    }

    public static string Explain(string device, int error) => error switch
    {
        Libc.ENOENT or Libc.ENXIO or Libc.ENODEV or Libc.ENOTDIR =>
            $"The serial device {device} does not exist; check that the adapter is plugged in (/dev/serial/by-id lists those that are).",
        Libc.EACCES or Libc.EPERM =>
            $"No permission for the serial device {device}; add the user {Environment.UserName} to the group that owns it, usually dialout, and log in again.",
        Libc.EBUSY => InUse(device),
        Libc.EISDIR => NoSerialDevice(device),
        _ => $"The serial device {device} cannot be opened: {Libc.Message(error)}.",
    };

    private static string NoSerialDevice(string device) => $"{device} is not a serial device; check the path.";

    private static string InUse(string device) => $"The serial device {device} is in use by another program; end that one, or configure the port once only.";
}
