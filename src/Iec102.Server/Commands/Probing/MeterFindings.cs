using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;

namespace Iec102.Server.Commands.Probing;

/// <summary>Whether a meter supports a type of request.</summary>
internal enum Support
{
    /// <summary>The meter answered.</summary>
    There,

    /// <summary>The meter refused with cause 14 or 15: it has no such type or record.</summary>
    NotThere,

    /// <summary>The meter refused for another reason: it may have no data at present.</summary>
    Refused,
}

/// <summary>One thing that a meter was asked for.</summary>
/// <param name="Name">Its name, such as "current values".</param>
/// <param name="Type">The type that asked for it.</param>
/// <param name="Support">Whether the meter supports it.</param>
/// <param name="Why">The refusal in words; null when the meter supports it.</param>
internal sealed record TypeFinding(string Name, TypeIdentification Type, Support Support, string? Why);

/// <summary>A load profile.</summary>
/// <param name="Name">The curve's name.</param>
/// <param name="Support">Whether the meter has it.</param>
/// <param name="How">The request that the meter answers, and the period if it was seen; or the refusal.</param>
internal sealed record CurveFinding(string Name, Support Support, string How);

/// <summary>What was found out about one meter; a value is null when the meter did not answer.</summary>
internal sealed record MeterFindings
{
    /// <summary>The meter's link address.</summary>
    public required ushort LinkAddress { get; init; }

    /// <summary>The measurement point that was asked.</summary>
    public required ushort PointAddress { get; init; }

    /// <summary>The password that the meter accepted, described without showing it; null when it accepted none.</summary>
    public string? Password { get; set; }

    /// <summary>The probe was stopped before everything was asked.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Why the meter was not asked everything, as one sentence.</summary>
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

    /// <summary>Whether the meter has a curve.</summary>
    public bool Has(string curve) => Curves.Any(finding => finding.Name == curve && finding.Support == Support.There);
}
