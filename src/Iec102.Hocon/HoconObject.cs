namespace Iec102.Hocon;

/// <summary>An object: fields in the order they were first written, each key once. Immutable.</summary>
public sealed class HoconObject : HoconValue
{
    private readonly Dictionary<string, HoconField> _byKey;

    /// <summary>Makes an object from its fields.</summary>
    /// <param name="fields">The fields; each key at most once.</param>
    /// <param name="position">Where the object begins.</param>
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

    /// <summary>The field with this key, or null.</summary>
    public HoconField? Field(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>
    /// Merges two objects key by key: where both hold an object, these are merged too; otherwise the value in <paramref name="over"/> is
    /// used.
    /// </summary>
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
