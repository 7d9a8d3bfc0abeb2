namespace Iec102.Hocon.Tests;

/// <summary>Short ways to parse in tests, without the real environment or files.</summary>
internal static class Read
{
    public static HoconObject Text(string text, Dictionary<string, string>? environment = null, Dictionary<string, string>? files = null) =>
        HoconParser.Parse(text, "/etc/main.conf", Options(environment, files));

    public static HoconOptions Options(Dictionary<string, string>? environment = null, Dictionary<string, string>? files = null) => new()
    {
        Environment = name => environment?.GetValueOrDefault(name),
        ReadFile = path => files?.GetValueOrDefault(path),
    };

    /// <summary>A value as JSON without spaces and quotes, which shows nothing but its structure.</summary>
    public static string Shape(this HoconValue? value) => value switch
    {
        null => "undefined",
        HoconScalar scalar => scalar.Text,
        HoconList list => $"[{string.Join(',', list.Items.Select(Shape))}]",
        HoconObject obj => $"{{{string.Join(',', obj.Fields.Select(field => $"{field.Key}:{field.Value.Shape()}"))}}}",
        _ => throw new InvalidOperationException(),
    };

    /// <summary>The value at a dotted path, or null.</summary>
    public static HoconValue? At(this HoconObject root, string path) =>
        path.Split('.').Aggregate((HoconValue?)root, (value, key) => (value as HoconObject)?.Field(key)?.Value);

    public static HoconException Error(
        string text, Dictionary<string, string>? environment = null, Dictionary<string, string>? files = null) =>
        Should.Throw<HoconException>(() => Text(text, environment, files));
}
