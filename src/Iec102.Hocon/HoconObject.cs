namespace Iec102.Hocon;

/// <summary>
/// An object: fields in the order they were first written, each key once. Immutable. Paths are dotted (<c>ports.a.timing</c>);
/// an element with a dot in it is quoted (<c>a."b.c"</c>).
/// </summary>
public sealed partial class HoconObject : HoconValue
{
    private readonly Dictionary<string, HoconField> _byKey;

    /// <summary>An object.</summary>
    /// <param name="fields">Its fields; each key at most once.</param>
    /// <param name="position">Where it begins.</param>
    /// <exception cref="ArgumentException">A key occurs twice.</exception>
    public HoconObject(IReadOnlyList<HoconField> fields, HoconPosition position)
        : base(position)
    {
        Fields = fields;
        _byKey = fields.ToDictionary(field => field.Key, StringComparer.Ordinal);
    }

    /// <summary>An object without fields.</summary>
    public static HoconObject Empty { get; } = new([], new HoconPosition("", 1, 1));

    /// <summary>The fields, in the order they were first written.</summary>
    public IReadOnlyList<HoconField> Fields { get; }

    /// <inheritdoc/>
    public override string Kind => "an object";

    /// <summary>The field with this key (a single key, not a path), or null.</summary>
    public HoconField? Field(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>The value at a dotted path, or null when there is none.</summary>
    /// <exception cref="ArgumentException">The path is not one: empty elements, or a quote that does not end.</exception>
    public HoconValue? Find(string path)
    {
        HoconValue? value = this;
        foreach (var key in HoconPath.Split(path))
        {
            value = (value as HoconObject)?.Field(key)?.Value;
        }

        return value;
    }

    /// <summary>This object over another: objects are merged key by key, and for everything else this object's value wins.</summary>
    public HoconObject WithFallback(HoconObject fallback) => Merge(fallback, this);

    internal static HoconObject Merge(HoconObject under, HoconObject over)
    {
        var fields = new List<HoconField>(under.Fields.Count + over.Fields.Count);
        foreach (var field in under.Fields)
        {
            var winner = over.Field(field.Key);
            if (winner is { Value: HoconObject upper } && field.Value is HoconObject lower)
                winner = winner with { Value = Merge(lower, upper) };
            fields.Add(winner ?? field);
        }

        fields.AddRange(over.Fields.Where(field => under.Field(field.Key) is null));
        return new HoconObject(fields, over.Position);
    }
}
