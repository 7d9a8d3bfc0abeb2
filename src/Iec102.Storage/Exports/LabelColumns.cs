using Iec102.Fleet;

namespace Iec102.Storage.Exports;

/// <summary>The columns of a CSV file that say what a meter is called and where it belongs.</summary>
public static class LabelColumns
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["name", "site", "group", "tags", "cups", "meter_number"];

    /// <summary>The cells of a meter; empty where it has no such label.</summary>
    public static string[] CellsOf(MeterLabels labels) =>
        [
            labels.Name ?? "", labels.Site ?? "", labels.Group ?? "", string.Join(' ', labels.Tags), labels.Cups ?? "",
            labels.MeterNumber ?? "",
        ];
}
