namespace Iec102.Storage.Exports;

/// <summary>The units of the values of a profile and of daily closings; the reserves have none.</summary>
public static class EnergyUnits
{
    /// <summary>The units by the names that the values have in JSON.</summary>
    public static IReadOnlyDictionary<string, string> ByName { get; } = new Dictionary<string, string>
    {
        ["aPlus"] = "kWh",
        ["aMinus"] = "kWh",
        ["r1"] = "kvarh",
        ["r2"] = "kvarh",
        ["r3"] = "kvarh",
        ["r4"] = "kvarh",
    };
}
