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
}
