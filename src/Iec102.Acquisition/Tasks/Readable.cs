
namespace Iec102.Acquisition.Tasks;

/// <summary>What can be read from a meter at once, besides its curves.</summary>
public enum Readable
{
    /// <summary>The current values, type 162.</summary>
    CurrentValues,

    /// <summary>The clock, type 103.</summary>
    Clock,

    /// <summary>The identification, type 100.</summary>
    Identification,

    /// <summary>The events of all records, type 102.</summary>
    Events,

    /// <summary>The current and the closed tariff periods of all contracts, types 133 and 134.</summary>
    Tariff,

    /// <summary>The daily closings, type 122.</summary>
    Closings,

    /// <summary>How the meter is set up, types 141, 156 and 185.</summary>
    Configuration,

    /// <summary>The contracted powers, type 144.</summary>
    Powers,

    /// <summary>The holidays and the seasons, types 147 and 150.</summary>
    Holidays,

    /// <summary>The parameters of the measurement point, type 182.</summary>
    Parameters,
}
