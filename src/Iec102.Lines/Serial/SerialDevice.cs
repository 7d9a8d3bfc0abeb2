using Microsoft.Win32.SafeHandles;

namespace Iec102.Lines.Serial;

/// <summary>
/// Opens a serial device of Linux and prepares it: exclusive to this program, raw, in the configured format, with its modem lines raised.
/// </summary>
internal static unsafe class SerialDevice
{
    public static ILine Open(SerialLineOptions options)
    {
        var handle = Libc.Open(options.Device, Libc.ReadWrite | Libc.NoControllingTerminal | Libc.NonBlocking | Libc.CloseOnExec);
        try
        {
            if (handle.IsInvalid) throw new LineException(SerialFailure.Explain(options.Device, Libc.LastError));
            if (!Termios.Is(handle)) throw new LineException(SerialFailure.NoSerialDevice(options.Device));
            if (Libc.Lock(handle, Libc.LockExclusively | Libc.LockWithoutWaiting) < 0)
                throw new LineException(SerialFailure.InUse(options.Device));

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

    /// <summary>Raises or drops a modem line; false when the device has none.</summary>
    public static bool SetModemLine(SafeFileHandle handle, int line, bool raised) =>
        Libc.Control(handle, raised ? Libc.TIOCMBIS : Libc.TIOCMBIC, &line) == 0;

    /// <summary>
    /// Tells a real serial device from a pseudo terminal, which has no modem lines. A pseudo terminal also has no parity bit, and it is not
    /// made exclusive: the exclusive mark would remain after the process was killed, because the other end keeps the terminal in existence.
    /// </summary>
    private static bool HasModemLines(SafeFileHandle handle)
    {
        int lines;
        return Libc.Control(handle, Libc.TIOCMGET, &lines) == 0;
    }

    private static void SetFormat(SafeFileHandle handle, SerialLineOptions options, bool isReal)
    {
        if (!Termios.SetRaw(handle, options.Format) || (isReal && !Termios.HasTaken(handle, options.Format)))
            throw new LineException(SerialFailure.NoSuchFormat(options));
    }

    private static void SetModemLines(SafeFileHandle handle, SerialLineOptions options)
    {
        SetModemLine(handle, Libc.ModemDtr, options.Dtr);
        if (options.Rs485) SwitchTransmitterByRts(handle, options.Device);
        else SetModemLine(handle, Libc.ModemRts, options.Rts);
    }

    private static void SwitchTransmitterByRts(SafeFileHandle handle, string device)
    {
        // struct serial_rs485: flags (1 enabled, 2 RTS raised while sending), delays before and after in ms, then reserved words.
        var setting = stackalloc uint[8] { 1 | 2, 0, 0, 0, 0, 0, 0, 0 };
        if (Libc.Control(handle, Libc.TIOCSRS485, setting) < 0)
            throw new LineException(SerialFailure.NoTransmitterSwitch(device));
    }
}
