namespace Iec102.Lines.Serial;

/// <summary>Says in one sentence why a serial device cannot be opened and what to do; the wording is the same for every driver.</summary>
internal static class SerialFailure
{
    /// <summary>Explains an error number of the system; those named here have the same meaning on Linux and macOS.</summary>
    public static string Explain(string device, int error) => error switch
    {
        Libc.ENOENT or Libc.ENXIO or Libc.ENODEV or Libc.ENOTDIR => Missing(device),
        Libc.EACCES or Libc.EPERM =>
            $"No permission for the serial device {device}; add the user {Environment.UserName} to the group that owns it, "
            + "usually dialout, and log in again.",
        Libc.EBUSY => InUse(device),
        Libc.EISDIR or Libc.ENOTTY => NoSerialDevice(device),
        _ => Other(device, Libc.Message(error)),
    };

    public static string Missing(string device) =>
        $"The serial device {device} does not exist; check that the adapter is plugged in"
        + $"{(OperatingSystem.IsLinux() ? " (/dev/serial/by-id lists those that are)" : "")}.";

    public static string NoSerialDevice(string device) => $"{device} is not a serial device; check the path.";

    public static string InUse(string device) =>
        $"The serial device {device} is in use by another program; end that program, or configure the port only once.";

    public static string NoSuchFormat(SerialLineOptions options) =>
        $"The driver of {options.Device} does not offer {options.Format}; choose a line format that the adapter supports.";

    public static string NoTransmitterSwitch(string device) =>
        $"The driver of {device} cannot switch an RS-485 transmitter; set rs485 = off (most adapters switch by themselves).";

    public static string Other(string device, string reason) => $"The serial device {device} cannot be opened: {reason.TrimEnd('.')}.";
}
