using Iec102.Hocon;

namespace Iec102.Fleet.Changes;

/// <summary>What a fleet file says, wherever it is written: to tell that a changed text says what it should and nothing else.</summary>
internal static class FleetTree
{
    private static readonly HoconPosition Nowhere = new("", 1, 1);

    /// <summary>Stands for a value that is looked up when the file is read: any single value is the same.</summary>
    private static readonly HoconScalar LookedUp = new("", quoted: true, Nowhere);

    /// <summary>The value at a path, or null.</summary>
    public static HoconField? Find(HoconObject root, IEnumerable<string> path)
    {
        HoconField? field = null;
        HoconValue? at = root;
        foreach (var key in path)
        {
            field = (at as HoconObject)?.Field(key);
            at = field?.Value;
        }

        return field;
    }

    /// <summary>The same tree with one entry more, or with another value of it.</summary>
    public static HoconObject With(HoconObject root, ReadOnlySpan<string> path, FleetEntry entry)
    {
        var key = path.IsEmpty ? entry.Key : path[0];
        var old = root.Field(key)?.Value;
        HoconValue value = !path.IsEmpty ? With(old as HoconObject ?? HoconObject.Empty, path[1..], entry) : ValueOf(entry);
        return new HoconObject(
            [.. root.Fields.Where(field => field.Key != key), new HoconField(key, Nowhere, value)], Nowhere);
    }

    /// <summary>Whether two trees say the same.</summary>
    public static bool Same(HoconValue actual, HoconValue expected) => (actual, expected) switch
    {
        (HoconScalar one, HoconScalar other) =>
            ReferenceEquals(other, LookedUp) || (one.Text == other.Text && one.IsNull == other.IsNull),
        (HoconList one, HoconList other) =>
            one.Items.Count == other.Items.Count && one.Items.Zip(other.Items).All(pair => Same(pair.First, pair.Second)),
        (HoconObject one, HoconObject other) =>
            one.Fields.Count == other.Fields.Count
            && one.Fields.All(field => other.Field(field.Key) is { } same && Same(field.Value, same.Value)),
        _ => false,
    };

    private static HoconValue ValueOf(FleetEntry entry) => entry.IsSubstitution ? LookedUp
        : entry.Value is { } text ? new HoconScalar(text, quoted: true, Nowhere)
        : new HoconObject([.. entry.Fields.Select(field => new HoconField(field.Key, Nowhere, ValueOf(field)))], Nowhere);
}
