using NodaTime;

namespace Iec102.Simulator;

/// <summary>One simulated meter.</summary>
/// <param name="Id">Its id in files: the fleet file, the truth, the counters.</param>
/// <param name="SerialNumber">Its serial number; the data formula depends on it.</param>
public sealed record MeterOptions(string Id, uint SerialNumber)
{
    /// <summary>Link address.</summary>
    public ushort LinkAddress { get; init; } = 1;

    /// <summary>Its measurement points, each with a session and data of its own.</summary>
    public IReadOnlyList<ushort> Points { get; init; } = [1];

    /// <summary>Access key.</summary>
    public uint Key { get; init; } = 1;

    /// <summary>Manufacturer's code in the identification.</summary>
    public byte Manufacturer { get; init; } = 250;

    /// <summary>The zone of its labels.</summary>
    public DateTimeZone Zone { get; init; } = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    /// <summary>How many whole days before the current one its curves reach back.</summary>
    public int HistoryDays { get; init; } = 40;

    /// <summary>How far its clock is ahead of true time when it starts.</summary>
    public Duration ClockOffset { get; init; } = Duration.Zero;

    /// <summary>Where it differs from other meters.</summary>
    public MeterBehaviour Behaviour { get; init; } = new();
}
