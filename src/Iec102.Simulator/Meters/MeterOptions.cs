using NodaTime;

namespace Iec102.Simulator.Meters;

/// <summary>The options of one simulated meter.</summary>
/// <param name="Id">The meter's id in the fleet file, the truth and the counters.</param>
/// <param name="SerialNumber">The serial number; the data formula depends on it.</param>
public sealed record MeterOptions(string Id, uint SerialNumber)
{
    /// <summary>Link address.</summary>
    public ushort LinkAddress { get; init; } = 1;

    /// <summary>The measurement points, each with its own session and data.</summary>
    public IReadOnlyList<ushort> Points { get; init; } = [1];

    /// <summary>Access key.</summary>
    public uint Key { get; init; } = 1;

    /// <summary>Manufacturer's code in the identification.</summary>
    public byte Manufacturer { get; init; } = 250;

    /// <summary>The time zone of the meter's labels.</summary>
    public DateTimeZone Zone { get; init; } = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    /// <summary>How many whole days before the current one the curves reach back.</summary>
    public int HistoryDays { get; init; } = 40;

    /// <summary>How far the clock is ahead of true time at the start.</summary>
    public Duration ClockOffset { get; init; } = Duration.Zero;

    /// <summary>How the meter differs from other meters.</summary>
    public MeterBehaviour Behaviour { get; init; } = new();
}
