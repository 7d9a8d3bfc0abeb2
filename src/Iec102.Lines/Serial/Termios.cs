using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Iec102.Lines.Serial;

/// <summary>
/// The terminal settings of a descriptor (struct termios2): raw octets in a given line format. This form accepts any speed, not only those
/// that have a named constant.
/// </summary>
internal static unsafe class Termios
{
    // Input: a break is not read as an octet; with parity, a damaged octet is read as 0, so that the frame's checksum fails at once.
    private const uint IgnoreBreak = 0x1, CheckParity = 0x10;

    private const uint SpeedIsGiven = 0x1000, SevenBits = 0x20, EightBits = 0x30, BitsMask = 0x30, TwoStopBits = 0x40, Receive = 0x80,
        HasParity = 0x100, OddParity = 0x200, IgnoreModemLines = 0x800;

    private const uint FormatMask = BitsMask | TwoStopBits | HasParity | OddParity;
    private const int LeastOctets = 6;

    /// <summary>The fields that matter here; all others stay 0.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 44)]
    private struct Settings
    {
        [FieldOffset(0)]
        public uint Input;

        [FieldOffset(8)]
        public uint Control;

        [FieldOffset(17)]
        public fixed byte Characters[19];

        [FieldOffset(36)]
        public uint InputSpeed;

        [FieldOffset(40)]
        public uint OutputSpeed;
    }

    /// <summary>Whether the descriptor is a terminal at all.</summary>
    public static bool Is(SafeFileHandle handle)
    {
        Settings settings;
        return Libc.Control(handle, Libc.TCGETS2, &settings) == 0;
    }

    /// <summary>
    /// Switches to raw octets in the given format. HUPCL stays off: DTR remains raised for an optical head between two openings.
    /// </summary>
    /// <returns>false when the driver refuses; the system's error number says why</returns>
    public static bool SetRaw(SafeFileHandle handle, LineFormat format)
    {
        var settings = new Settings
        {
            Input = IgnoreBreak | (format.Parity == Parity.None ? 0 : CheckParity),
            Control = SpeedIsGiven | Receive | IgnoreModemLines | FormatFlags(format),
            InputSpeed = (uint)format.Baud,
            OutputSpeed = (uint)format.Baud,
        };
        // A read waits for at least one octet: otherwise an idle line could not be told from a removed device.
        settings.Characters[LeastOctets] = 1;
        return Libc.Control(handle, Libc.TCSETS2, &settings) == 0;
    }

    /// <summary>
    /// Whether the driver really uses this speed (within 2 %) and format; drivers apply what they can, and report success in any case.
    /// </summary>
    public static bool HasTaken(SafeFileHandle handle, LineFormat format)
    {
        Settings settings;
        return Libc.Control(handle, Libc.TCGETS2, &settings) == 0
            && (settings.Control & FormatMask) == FormatFlags(format)
            && Math.Abs(settings.OutputSpeed - format.Baud) * 50L <= format.Baud;
    }

    private static uint FormatFlags(LineFormat format) =>
        (format.DataBits == 7 ? SevenBits : EightBits)
        | (format.StopBits == 2 ? TwoStopBits : 0)
        | format.Parity switch { Parity.Even => HasParity, Parity.Odd => HasParity | OddParity, _ => 0 };
}
