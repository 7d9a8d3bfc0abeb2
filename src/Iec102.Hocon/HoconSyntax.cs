namespace Iec102.Hocon;

/// <summary>A value as written, before substitutions are resolved.</summary>
internal abstract class HoconNode(HoconPosition position)
{
    public HoconPosition Position { get; } = position;
}

/// <summary>A string; blank when it is only the space between two parts of a concatenation.</summary>
internal sealed class ScalarNode(string text, bool quoted, bool blank, HoconPosition position) : HoconNode(position)
{
    public string Text { get; } = text;

    public bool Quoted { get; } = quoted;

    public bool Blank { get; } = blank;
}

internal sealed class ListNode(List<HoconNode> items, HoconPosition position) : HoconNode(position)
{
    public List<HoconNode> Items { get; } = items;
}

/// <summary>Parts side by side: strings are joined, lists appended, objects merged.</summary>
internal sealed class ConcatenationNode(List<HoconNode> parts, HoconPosition position) : HoconNode(position)
{
    public List<HoconNode> Parts { get; } = parts;
}

/// <summary>
/// <c>${path}</c> or <c>${?path}</c>. In an included file the path is first looked for under the object that includes it.
/// </summary>
internal sealed class SubstitutionNode(List<string> path, List<string> includedUnder, bool optional, HoconPosition position)
    : HoconNode(position)
{
    public List<string> Path { get; } = path;

    public List<string> IncludedUnder { get; } = includedUnder;

    public bool Optional { get; } = optional;

    /// <summary>True while a lookup through this substitution is under way; this prevents endless recursion.</summary>
    public bool Busy { get; set; }
}

internal sealed class ObjectNode(HoconPosition position) : HoconNode(position)
{
    private readonly Dictionary<string, Slot> _byKey = new(StringComparer.Ordinal);

    public List<Slot> Slots { get; } = [];

    public Slot? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Opens the slot of a key to which a value is being assigned.</summary>
    public Slot Open(string key, HoconPosition keyPosition)
    {
        if (!_byKey.TryGetValue(key, out var slot))
        {
            slot = new Slot(key, keyPosition);
            _byKey.Add(key, slot);
            Slots.Add(slot);
        }

        return slot;
    }

    public void MergeIn(ObjectNode later)
    {
        foreach (var slot in later.Slots)
        {
            var own = Open(slot.Key, slot.KeyPosition);
            foreach (var assignment in slot.Assignments)
                own.Assign(assignment, slot.KeyPosition);
        }
    }
}

/// <summary>The item that <c>+=</c> adds to the list that a key already has.</summary>
internal sealed class AppendNode(HoconNode item) : HoconNode(item.Position)
{
    public HoconNode Item { get; } = item;
}

/// <summary>
/// A key and everything assigned to it, oldest first. Older assignments are kept while a later one may need them: to merge objects, or
/// because it refers to the key's own earlier value.
/// </summary>
internal sealed class Slot(string key, HoconPosition keyPosition)
{
    public string Key { get; } = key;

    /// <summary>Where the key was written for its current value; an object that is extended later keeps its first position.</summary>
    public HoconPosition KeyPosition { get; private set; } = keyPosition;

    public List<HoconNode> Assignments { get; } = [];

    /// <summary>The oldest assignment being resolved now; a reference to this key from within it sees only older assignments.</summary>
    public int BusyFrom { get; set; } = int.MaxValue;

    public void Assign(HoconNode value, HoconPosition keyPosition)
    {
        if (value is ObjectNode later && Assignments is [.., ObjectNode own])
        {
            own.MergeIn(later);
            return;
        }

        KeyPosition = keyPosition;
        if (value is ScalarNode)
            Assignments.Clear();
        Assignments.Add(value);
    }

    /// <summary>Opens the object that a dotted key writes into.</summary>
    public ObjectNode OpenObject(HoconPosition position)
    {
        if (Assignments is [.., ObjectNode own])
            return own;

        var created = new ObjectNode(position);
        Assignments.Add(created);
        return created;
    }
}
