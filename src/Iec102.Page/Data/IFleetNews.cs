using Iec102.Contract;

namespace Iec102.Page.Data;

/// <summary>The state of the whole fleet, made once for all who look at it, and again when something has happened.</summary>
public interface IFleetNews
{
    /// <summary>
    /// The last state that anybody was shown, so that a page need not be empty until it has the state of now; null for none.
    /// </summary>
    FleetSnapshot? Last { get; }

    /// <summary>The state now; at most two seconds old.</summary>
    Task<FleetSnapshot> NowAsync();

    /// <summary>Calls back with each new state, from any thread, until the result is disposed.</summary>
    IDisposable Follow(Action<FleetSnapshot> changed);
}

/// <summary>The fleet at one moment, as the API has it.</summary>
/// <param name="Status">What is wrong, and how many have which verdict.</param>
/// <param name="Meters">The meters, by id as people count.</param>
/// <param name="Ports">The ports, by id as people count.</param>
/// <param name="Powers">The last active power of each meter that has one, in kW by id.</param>
/// <param name="Alarms">The alarms by id; the same object for as long as none has changed.</param>
/// <param name="Rejected">Why the fleet file as it is now is not applied; null when it is.</param>
/// <param name="At">The moment.</param>
public sealed record FleetSnapshot(
    StatusModel Status, IReadOnlyList<MeterModel> Meters, IReadOnlyList<PortModel> Ports, IReadOnlyDictionary<string, LastPower> Powers,
    IReadOnlyDictionary<string, AlarmModel> Alarms, RejectionModel? Rejected, DateTimeOffset At)
{
    /// <summary>By what the meters can be chosen.</summary>
    public FleetChoices Choices { get; } = new(
        Distinct(Meters, meter => meter.Site), Distinct(Meters, meter => meter.Group), Distinct(Meters, meter => meter.Port),
        Distinct(Meters, meter => meter.Node));

    private static string[] Distinct(IEnumerable<MeterModel> meters, Func<MeterModel, string?> of) =>
        [.. meters.Select(of).OfType<string>().Distinct().Order(NaturalOrder.Instance)];
}

/// <summary>The sites, groups, ports and nodes that meters of the fleet have, in the order in which people count.</summary>
public sealed record FleetChoices(
    IReadOnlyList<string> Sites, IReadOnlyList<string> Groups, IReadOnlyList<string> Ports, IReadOnlyList<string> Nodes);

/// <summary>The last active power of a meter.</summary>
/// <param name="Kilowatts">The power; + is import, - is export.</param>
/// <param name="IsGood">Whether it is fresh and was marked valid.</param>
/// <param name="ReadAt">When it was read.</param>
public sealed record LastPower(double Kilowatts, bool IsGood, DateTimeOffset ReadAt);
