using System.Text.Json;

namespace Iec102.Page.Meters;

/// <summary>A setting that differs between two answers of a meter.</summary>
/// <param name="Field">Its name, such as ratios.primaryVoltage or powers[2].power.</param>
/// <param name="Before">What it was; null when it was not there.</param>
/// <param name="After">What it is; null when it is no longer there.</param>
public sealed record Difference(string Field, string? Before, string? After)
{
    /// <summary>What differs; when an answer was read is no setting.</summary>
    public static IReadOnlyList<Difference> Between(JsonElement before, JsonElement after)
    {
        var (old, @new) = (Fields(before), Fields(after));
        return
        [
            .. old.Keys.Union(@new.Keys)
                .Select(name => new Difference(name, old.GetValueOrDefault(name), @new.GetValueOrDefault(name)))
                .Where(one => one.Before != one.After),
        ];
    }

    /// <summary>Every setting of an answer, in its order.</summary>
    public static IReadOnlyDictionary<string, string> Fields(JsonElement value)
    {
        var fields = new Dictionary<string, string>();
        Add("", value);
        return fields;

        void Add(string name, JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var one in element.EnumerateObject().Where(one => one.Name is not ("readAt" or "meterTime")))
                        Add(name == "" ? one.Name : $"{name}.{one.Name}", one.Value);
                    break;
                case JsonValueKind.Array:
                    var at = 0;
                    foreach (var one in element.EnumerateArray())
                        Add($"{name}[{++at}]", one);
                    break;
                case JsonValueKind.Null:
                    break;
                default:
                    fields[name] = element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
                    break;
            }
        }
    }
}
