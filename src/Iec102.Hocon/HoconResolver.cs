using System.Text;

namespace Iec102.Hocon;

/// <summary>
/// Turns syntax into values: replaces substitutions by what the whole text defines (or by environment variables), joins concatenations and
/// merges objects. A substitution sees the final value of its path, except within that path's own value, where it sees the earlier value.
/// </summary>
/// <remarks>
/// Lookups are not cached, so a hostile text could multiply the work without limit; depth and total work are therefore bounded.
/// </remarks>
internal sealed class HoconResolver(ObjectNode root, Func<string, string?> environment)
{
    private const int MaxDepth = 500;
    private const int MaxWork = 5_000_000;
    private const int MaxTextLength = 1 << 20;

    private int _depth;
    private int _work;
    private int _circles;

    public HoconObject Resolve() => (HoconObject)Evaluate(root)!;

    /// <summary>The value of a node; null when it consists of optional substitutions that are not defined.</summary>
    private HoconValue? Evaluate(HoconNode node)
    {
        Enter(node, 1);
        HoconValue? value = node switch
        {
            ScalarNode scalar => new HoconScalar(scalar.Text, scalar.Quoted, scalar.Position),
            ListNode list => new HoconList([.. list.Items.Select(Evaluate).OfType<HoconValue>()], list.Position),
            ObjectNode obj => EvaluateObject(obj),
            SubstitutionNode substitution => Substitute(substitution),
            ConcatenationNode concatenation => Concatenate(concatenation),
            _ => throw new InvalidOperationException($"Unknown node {node.GetType().Name}."),
        };
        _depth--;
        return value;
    }

    private HoconObject EvaluateObject(ObjectNode node)
    {
        var fields = new List<HoconField>(node.Slots.Count);
        foreach (var slot in node.Slots)
        {
            if (Evaluate(slot, slot.Assignments.Count - 1) is { } value)
                fields.Add(new HoconField(slot.Key, slot.KeyPosition, value));
        }

        return new HoconObject(fields, node.Position);
    }

    /// <summary>The value of a key, considering its assignments only up to the given one.</summary>
    private HoconValue? Evaluate(Slot slot, int upTo)
    {
        if (upTo < 0)
            return null;

        var node = slot.Assignments[upTo];
        Enter(node, 1);
        var busyFrom = slot.BusyFrom;
        slot.BusyFrom = upTo;
        var value = node is AppendNode ? Append(slot, upTo) : Evaluate(node);
        if (value is null)
        {
            value = Evaluate(slot, upTo - 1);
        }
        else if (value is HoconObject over && Evaluate(slot, upTo - 1) is HoconObject under)
        {
            value = HoconObject.Merge(under, over);
        }

        slot.BusyFrom = busyFrom;
        _depth--;
        return value;
    }

    /// <summary>Resolves a run of <c>+=</c>: the list that was assigned before it, then one item for each <c>+=</c>.</summary>
    private HoconList Append(Slot slot, int upTo)
    {
        var added = new List<HoconValue>();
        var at = upTo;
        for (; at >= 0 && slot.Assignments[at] is AppendNode append; at--)
        {
            slot.BusyFrom = at;
            if (Evaluate(append.Item) is { } item)
                added.Add(item);
        }

        added.Reverse();
        var position = slot.Assignments[at + 1].Position;
        return Evaluate(slot, at) switch
        {
            null => new HoconList(added, position),
            HoconList before => new HoconList([.. before.Items, .. added], before.Position),
            var other => throw new HoconException(position, $"'+=' adds to a list, but '{slot.Key}' was {other.Kind} before."),
        };
    }

    private HoconValue? Substitute(SubstitutionNode node)
    {
        var circles = _circles;
        var value = node.IncludedUnder.Count > 0 ? Lookup([.. node.IncludedUnder, .. node.Path], node) : null;
        value ??= Lookup(node.Path, node);
        if (value is not null)
            return value;

        var name = string.Join('.', node.Path);
        if (name.Length > 0 && environment(name) is { } text)
            return new HoconScalar(text, quoted: true, node.Position);
        if (node.Optional)
            return null;

        throw new HoconException(node.Position, _circles > circles
            ? $"${{{name}}} refers back to the value that contains it; remove the circular reference."
            : $"${{{name}}} is defined neither in the file nor as an environment variable; "
                + $"define it, or write ${{?{name}}} if it may be left out.");
    }

    private HoconValue? Lookup(List<string> path, HoconNode asking) => Find(root, path, 0, asking).Value;

    /// <summary>
    /// Finds what a node holds at the rest of a path without evaluating its other parts, and whether it hides earlier assignments.
    /// </summary>
    private (HoconValue? Value, bool Hides) Find(HoconNode node, List<string> path, int at, HoconNode asking)
    {
        Enter(asking, 1);
        (HoconValue? Value, bool Hides) found = (null, false);
        switch (node)
        {
            case ObjectNode obj when obj.Find(path[at]) is { } slot:
                found.Value = Find(slot, path, at + 1, asking);
                break;
            case ConcatenationNode concatenation:
                found.Value = FindLast(concatenation.Parts, path, at, asking);
                break;
            case SubstitutionNode { Busy: false } substitution:
                substitution.Busy = true;
                found.Value = Lookup([.. substitution.Path, .. path.Skip(at)], asking);
                substitution.Busy = false;
                break;
            case ScalarNode { Blank: false } or ListNode or AppendNode:
                found.Hides = true;
                break;
        }

        _depth--;
        return found;
    }

    private HoconValue? Find(Slot slot, List<string> path, int at, HoconNode asking)
    {
        if (at < path.Count)
            return FindLast(slot.Assignments, path, at, asking);

        var last = slot.Assignments.Count - 1;
        if (last >= slot.BusyFrom)
            _circles++;
        return Evaluate(slot, Math.Min(last, slot.BusyFrom - 1));
    }

    /// <summary>
    /// Finds the value in the last of several nodes; if it is an object, the objects of the nodes before are merged under it.
    /// </summary>
    private HoconValue? FindLast(List<HoconNode> nodes, List<string> path, int at, HoconNode asking)
    {
        HoconValue? winner = null;
        for (var i = nodes.Count - 1; i >= 0 && winner is null or HoconObject; i--)
        {
            var (value, hides) = Find(nodes[i], path, at, asking);
            if (hides || (winner is not null && value is not null and not HoconObject))
                break;
            winner = winner is HoconObject over && value is HoconObject under ? HoconObject.Merge(under, over) : winner ?? value;
        }

        return winner;
    }

    private HoconValue? Concatenate(ConcatenationNode node)
    {
        var values = new List<(HoconNode Node, HoconValue Value)>();
        foreach (var part in node.Parts)
        {
            if (Evaluate(part) is { } value)
                values.Add((part, value));
        }

        var solid = values.Where(part => part.Node is not ScalarNode { Blank: true }).Select(part => part.Value).ToList();
        return solid switch
        {
            [] => null,
            [HoconObject or HoconList] => solid[0],
            [HoconObject first, ..] =>
                solid.Skip(1).Aggregate(first, (under, over) => HoconObject.Merge(under, Expect<HoconObject>(over, first, node))),
            [HoconList first, ..] =>
                new HoconList([.. solid.SelectMany(list => Expect<HoconList>(list, first, node).Items)], node.Position),
            _ => JoinTexts(values, node),
        };
    }

    private HoconScalar JoinTexts(List<(HoconNode Node, HoconValue Value)> parts, ConcatenationNode node)
    {
        var text = new StringBuilder();
        var quoted = false;
        foreach (var scalar in parts.Select(part => Expect<HoconScalar>(part.Value, parts[0].Value, node)))
        {
            text.Append(scalar.Text);
            quoted |= scalar.Quoted;
            if (text.Length > MaxTextLength)
                throw new HoconException(node.Position, "the substitutions in this value make a text of more than a million characters.");
        }

        Enter(node, text.Length / 8);
        _depth--;
        return new HoconScalar(text.ToString(), quoted, node.Position);
    }

    private static T Expect<T>(HoconValue value, HoconValue first, ConcatenationNode node)
        where T : HoconValue =>
        value as T ?? throw new HoconException(
            node.Position,
            $"{first.Kind} and {value.Kind} cannot be joined into one value; separate them with a comma or a new line.");

    private void Enter(HoconNode at, int work)
    {
        if (++_depth > MaxDepth)
            throw new HoconException(at.Position, "the substitutions here lead through too many others.");
        if ((_work += work) > MaxWork)
            throw new HoconException(at.Position, "the substitutions make the text larger than any configuration could be.");
    }
}
