using System.Globalization;
using Iec102.Fleet.Changes;

namespace Iec102.Contract;

/// <summary>A table of meters, as it was copied from a spreadsheet.</summary>
public sealed record PasteModel(string? Text);

/// <summary>The meters of a pasted table and the ports that they need, ready for a change of the fleet file; and what is wrong.</summary>
public sealed record PastedModel(
    IReadOnlyList<NewPortModel> Ports, IReadOnlyList<NewMeterModel> Meters, IReadOnlyList<PastedProblem> Problems,
    IReadOnlyList<string> Ignored)
{
    /// <summary>The answer for a table.</summary>
    public static PastedModel Of(PastedMeters pasted) => new(
        [.. pasted.Ports.Select(port => new NewPortModel(port.Id, port.Tcp))],
        [.. pasted.Meters.Select(meter => Of(meter.Id, meter.Values))], pasted.Problems, pasted.Ignored);

    private static NewMeterModel Of(string id, IReadOnlyDictionary<string, string> values)
    {
        return new NewMeterModel(
            id, Text("port"), Text("preset"), Text("meter-number"), Number("link-address"), Number("point-address"), Text("password"),
            Text("name"), Text("site"), Text("group"), Text("cups"));

        string? Text(string key) => values.GetValueOrDefault(key);

        int? Number(string key) => Text(key) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
    }
}
