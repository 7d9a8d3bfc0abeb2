using System.Collections.Immutable;
using Iec102.Acquisition.Meters;
using Iec102.Fleet;

namespace Iec102.Contract;

/// <summary>The 24 signals, in the order of the contract ("Values").</summary>
public static class Signals
{
    /// <summary>The ids of all signals.</summary>
    public static readonly ImmutableArray<string> All =
    [
        "energy.active.import", "energy.active.export", "energy.reactive.q1", "energy.reactive.q2", "energy.reactive.q3",
        "energy.reactive.q4",
        "power.active.total", "power.active.l1", "power.active.l2", "power.active.l3",
        "power.reactive.total", "power.reactive.l1", "power.reactive.l2", "power.reactive.l3",
        "power.factor.total", "power.factor.l1", "power.factor.l2", "power.factor.l3",
        "current.l1", "current.l2", "current.l3", "voltage.l1", "voltage.l2", "voltage.l3",
    ];

    /// <summary>What a signal is, in words. At a producer's point A+ is the exported energy; its value keeps the same id.</summary>
    public static string Describe(string id, Orientation orientation)
    {
        var (plus, minus) = orientation == Orientation.Consumer ? ("imported", "exported") : ("exported", "imported");
        var parts = id.Split('.');
        var where = parts[^1] == "total" ? "all phases" : $"phase {parts[^1][1..]}";
        return (parts[0], parts[1]) switch
        {
            ("energy", "active") => parts[2] == "import" ? $"active energy A+, {plus}" : $"active energy A-, {minus}",
            ("energy", _) => $"reactive energy, quadrant {parts[2][1..]}",
            ("power", "active") => $"active power, {where}, + {plus}, - {minus}",
            ("power", "reactive") => $"reactive power, {where}, + quadrants 1 and 2, - quadrants 3 and 4",
            ("power", _) => $"power factor, {where}",
            _ => $"{parts[0]}, {where}, secondary side",
        };
    }

    /// <summary>The unit of a signal; 1 for a power factor.</summary>
    public static string UnitOf(string id) => id.Split('.')[..2] switch
    {
        ["energy", "active"] => "kWh",
        ["energy", _] => "kvarh",
        ["power", "active"] => "kW",
        ["power", "reactive"] => "kvar",
        ["power", _] => "1",
        ["current", _] => "A",
        _ => "V",
    };

    /// <summary>Values in the order of the contract.</summary>
    public static IEnumerable<CurrentValue> InOrder(IEnumerable<CurrentValue> values) => values.OrderBy(value => All.IndexOf(value.Id));
}
