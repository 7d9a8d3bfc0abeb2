using System.Globalization;
using Iec102.Lines;

namespace Iec102.Fleet;

/// <summary>
/// The settings that a distributor usually leaves in its meters; anything that is written in the fleet file takes precedence.
/// </summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Line">The format of a serial line.</param>
/// <param name="LinkAddress">The link address; null means the last five digits of the meter number.</param>
/// <param name="PointAddress">The measurement point.</param>
/// <param name="Password">The read password, which is public knowledge.</param>
public sealed record Preset(string Name, LineFormat Line, ushort? LinkAddress, ushort PointAddress, uint Password)
{
    private static readonly LineFormat Line8N1 = new(9600, 8, Parity.None, 1);
    private static readonly LineFormat Line8E1 = new(9600, 8, Parity.Even, 1);

    /// <summary>All presets.</summary>
    public static IReadOnlyList<Preset> All { get; } =
    [
        new("iberdrola", Line8N1, LinkAddress: null, PointAddress: 1, Password: 7),
        new("endesa", Line8E1, LinkAddress: null, PointAddress: 1, Password: 1),
        new("naturgy", Line8N1, LinkAddress: 1, PointAddress: 1, Password: 1),
        new("viesgo", Line8N1, LinkAddress: 1, PointAddress: 1, Password: 1),
    ];

    /// <summary>Makes a link address from the last five digits of a meter number.</summary>
    /// <param name="meterNumber">The number on the meter's plate.</param>
    /// <param name="address">The link address.</param>
    /// <param name="problem">Why it gives none, as the rest of a sentence that begins with where the number is written.</param>
    public static bool TryLinkAddress(string meterNumber, out ushort address, out string problem)
    {
        address = 0;
        var digits = meterNumber.Length >= 5 ? meterNumber[^5..] : "";
        problem = $"must end in five digits, which make the link address, not '{meterNumber}'; correct it, or give the link address.";
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit))
            return false;

        problem = $"its last five digits, {digits}, are above 65535, the largest link address; "
            + "give the link address that is set in the meter.";
        return ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out address);
    }
}
