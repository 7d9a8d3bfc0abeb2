namespace Iec102.Fleet;

/// <summary>
/// What people call a meter and where it belongs; shown, exported and searched, without any effect on how the meter is read.
/// </summary>
public sealed record MeterLabels
{
    /// <summary>The most characters of a label.</summary>
    public const int MostCharacters = 200;

    /// <summary>No labels.</summary>
    public static MeterLabels None { get; } = new();

    /// <summary>The name that people use, or null.</summary>
    public string? Name { get; init; }

    /// <summary>The place where the meter is, or null.</summary>
    public string? Site { get; init; }

    /// <summary>The group that it is counted with, such as a customer or a region, or null.</summary>
    public string? Group { get; init; }

    /// <summary>Further words to find it by.</summary>
    public ValueList<string> Tags { get; init; } = [];

    /// <summary>The code of the supply point, in capitals and without blanks; its control letters are right; or null.</summary>
    public string? Cups { get; init; }

    /// <summary>The number on the meter's plate, or null.</summary>
    public string? MeterNumber { get; init; }
}
