using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Simulator.Data;

/// <summary>A value with its quality octet.</summary>
/// <param name="Value">kWh or kvarh.</param>
/// <param name="Quality">The quality octet.</param>
public readonly record struct Reading(uint Value, Quality Quality);

/// <summary>What a simulated meter measured at one measurement point; objects are numbered 1 to 8 (protocol notes 2.4).</summary>
public interface IMeterData
{
    /// <summary>The increment of an object over one interval.</summary>
    /// <param name="end">End of the interval, on a quarter of an hour.</param>
    /// <param name="quarters">Length of the interval in quarters of an hour: 4 for an hour, 1 for a quarter.</param>
    /// <param name="object">The object, 1 to 8.</param>
    Reading Increment(Instant end, int quarters, int @object);

    /// <summary>The absolute register of an object as of the last quarter of an hour that has ended.</summary>
    Reading Register(Instant at, int @object);

    /// <summary>Registers, powers, currents and voltages at an instant, each with the given time tag.</summary>
    InstantaneousValues InstantaneousAt(Instant at, TimeTagA tag);

    /// <summary>
    /// The events of a record in (after, until], by time; null when the meter does not keep that record. By default there are no events.
    /// </summary>
    IEnumerable<SimulatedEvent>? Events(byte record, Instant after, Instant until) => [];

    /// <summary>
    /// What a contract counted in a billing period that began at civil midnight and either ended at civil midnight or is still running:
    /// first the total, then the tariff periods.
    /// </summary>
    IReadOnlyList<TariffFigures> Tariff(Contract contract, uint serialNumber, Instant from, Instant to, DateTimeZone zone) =>
        TariffFigures.Of(this, contract, serialNumber, from, to, zone);
}
