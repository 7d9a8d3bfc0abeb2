using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>How far a value can be relied on.</summary>
public enum ValueQuality
{
    /// <summary>Valid and fresh.</summary>
    Good,

    /// <summary>The meter marks it invalid.</summary>
    Invalid,

    /// <summary>Older than three times its period, or read before the last start.</summary>
    Stale,
}

/// <summary>One of the 24 signals of a meter.</summary>
/// <param name="Id">Such as power.active.l1.</param>
/// <param name="Value">The value in <paramref name="Unit"/>; null when invalid.</param>
/// <param name="Unit">kWh, kvarh, kW, kvar, 1, A, V.</param>
/// <param name="Quality">How far it can be relied on.</param>
/// <param name="MeterTime">The time tag of its group; null when the tag is not a valid date.</param>
/// <param name="ReadAt">When it was read.</param>
/// <param name="PrimaryValue">
/// Only for currents and voltages, which are read as on the secondary side: the value times the transformer ratio; null until that is
/// known.
/// </param>
public sealed record CurrentValue(
    string Id, double? Value, string Unit, ValueQuality Quality, Instant? MeterTime, Instant ReadAt, double? PrimaryValue = null);
