using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;

namespace Iec102.Server.Commands.Probing;

/// <summary>Whether a meter gives what a type asks for.</summary>
internal enum Support
{
    /// <summary>The meter answered.</summary>
    There,

    /// <summary>Causes 14 and 15: there is no such type or record.</summary>
    NotThere,

    /// <summary>The meter refused for another reason: it may have nothing at present.</summary>
    Refused,
}

/// <summary>One thing that a meter was asked for.</summary>
/// <param name="Name">In words, such as "current values".</param>
/// <param name="Type">The type that asked for it.</param>
/// <param name="Support">Whether it gives it.</param>
/// <param name="Why">The refusal in words; null when it gives it.</param>
internal sealed record TypeFinding(string Name, TypeIdentification Type, Support Support, string? Why);

/// <summary>A load profile.</summary>
/// <param name="Name">The curve's name.</param>
/// <param name="Support">Whether there is one.</param>
/// <param name="How">The request that it answers, and the period when that could be seen; or the refusal.</param>
internal sealed record CurveFinding(string Name, Support Support, string How);

/// <summary>What was found out about one meter; null stands for what the meter did not answer.</summary>
internal sealed record MeterFindings
{
    /// <summary>The meter's link address.</summary>
    public required ushort LinkAddress { get; init; }

    /// <summary>The measurement point that was asked.</summary>
    public required ushort PointAddress { get; init; }

    /// <summary>Which of the passwords it took, in words that do not show it; null when it took none.</summary>
    public string? Password { get; set; }

    /// <summary>Somebody stopped the probe before everything was asked.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Why not everything was asked, as one sentence.</summary>
    public string? Problem { get; set; }

    /// <summary>Manufacturer and serial number.</summary>
    public DeviceIdentification? Identification { get; set; }

    /// <summary>The meter's clock.</summary>
    public ClockReading? Clock { get; set; }

    /// <summary>Model, firmware, periods, ports.</summary>
    public RegistrarConfiguration? Configuration { get; set; }

    /// <summary>Measurement points and depth.</summary>
    public PointParameters? Parameters { get; set; }

    /// <summary>The load profiles that were asked for.</summary>
    public List<CurveFinding> Curves { get; } = [];

    /// <summary>The other types that were asked for.</summary>
    public List<TypeFinding> Types { get; } = [];

    /// <summary>Whether the meter gives a curve.</summary>
    public bool Has(string curve) => Curves.Any(finding => finding.Name == curve && finding.Support == Support.There);
}
