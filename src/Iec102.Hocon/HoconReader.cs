using System.Text;

namespace Iec102.Hocon;

/// <summary>Reads one file into an <see cref="ObjectNode"/>: syntax only; substitutions are resolved later.</summary>
internal sealed class HoconReader
{
    private const int MaxDepth = 128;

    private readonly HoconCursor _cursor;
    private readonly HoconIncludes _includes;

    // The keys that lead to the object being read; empty inside a list, because no substitution can name an item of a list.
    private readonly List<string> _path;
    private readonly List<string> _includedUnder;
    private HoconLayout? _layout;
    private int _depth;
    private int _lastPartEnd;

    public HoconReader(
        string text, string file, HoconIncludes includes, List<string> includedUnder, int depth, HoconLayout? layout = null)
    {
        _layout = layout;
        _cursor = new HoconCursor(text, file);
        _includes = includes;
        _includedUnder = includedUnder;
        _path = [.. includedUnder];
        _depth = depth;
    }

    public ObjectNode ReadFile()
    {
        var root = new ObjectNode(_cursor.Position);
        _cursor.SkipInsignificant();
        if (_cursor.Peek() == '[')
            throw Error("a list stands where the file's object was expected; begin with a key.");

        var begin = _cursor.Offset;
        if (_cursor.TryTake("{"))
        {
            ReadFields(root, '}');
            _layout?.AddBlock(_path, begin + 1, _cursor.Offset - 1, braces: true);
            _cursor.SkipInsignificant();
            if (!_cursor.AtEnd)
                throw Error("there is more text after the brace that closes the file.");
        }
        else
        {
            ReadFields(root, end: null);
            _layout?.AddBlock(_path, begin, _cursor.Offset, braces: false);
        }

        return root;
    }

    private void ReadFields(ObjectNode target, char? end)
    {
        var opened = _cursor.Position;
        _cursor.SkipInsignificant();
        while (true)
        {
            if (_cursor.AtEnd && end is null)
                return;
            if (_cursor.AtEnd)
                throw new HoconException(opened, "the brace that opens before this place is never closed; add '}'.");
            if (end is not null && _cursor.TryTake("}"))
                return;
            if (_cursor.Peek() == '}')
                throw Error("this closing brace has no opening one; remove it.");

            if (!TryReadInclude(target))
                ReadField(target);
            ReadSeparator("key", '}');
        }
    }

    /// <summary>Reads what stands between two items: a comma, a line end, or the end of the object or list.</summary>
    private void ReadSeparator(string what, char end)
    {
        var lineEnded = _cursor.SkipInsignificant();
        if (_cursor.TryTake(","))
        {
            _cursor.SkipInsignificant();
            if (_cursor.Peek() == ',')
                throw Error($"two commas follow each other; remove one or write the {what} between them.");
        }
        else if (!lineEnded && !_cursor.AtEnd && _cursor.Peek() != end)
        {
            throw Error(
                $"{HoconCursor.Describe(_cursor.Peek())} is not expected here; "
                + $"separate one {what} from the next with a comma or a new line.");
        }
    }

    private void ReadField(ObjectNode target)
    {
        var keyPosition = _cursor.Position;
        var keys = _cursor.TakePath(static c => c is ':' or '=' or '{' or '+');
        _cursor.SkipInsignificant();
        var appends = _cursor.TryTake("+=");
        if (!appends && !_cursor.TryTake(":") && !_cursor.TryTake("=") && _cursor.Peek() != '{')
            throw new HoconException(keyPosition, "this key has no value; write '=' and a value, or '{', after it.");

        Enter(keys.Count);
        var atKey = _path.Count;
        foreach (var key in keys.SkipLast(1))
            target = target.Open(key, keyPosition).OpenObject(keyPosition);
        _path.AddRange(keys);
        var slot = target.Open(keys[^1], keyPosition);

        _cursor.SkipInsignificant();
        var begin = _cursor.Offset;
        var value = ReadValue();
        _layout?.AddValue(_path, begin, _lastPartEnd, value is ScalarNode && !appends, value.Position);
        slot.Assign(appends ? new AppendNode(value) : value, keyPosition);
        _path.RemoveRange(atKey, keys.Count);
        _depth -= keys.Count;
    }

    /// <summary>Reads a value: one part, or several parts side by side up to the end of the line.</summary>
    private HoconNode ReadValue()
    {
        var start = _cursor.Position;
        var parts = new List<HoconNode>();
        while (true)
        {
            var blanksAt = _cursor.Position;
            var blanks = _cursor.TakeBlanks();
            if (_cursor.AtEndOfValue)
                break;
            if (parts.Count > 0 && blanks.Length > 0)
                parts.Add(new ScalarNode(blanks, quoted: false, blank: true, blanksAt));
            parts.Add(ReadPart());
            _lastPartEnd = _cursor.Offset;
        }

        return parts.Count switch
        {
            0 => throw new HoconException(start, "a value is missing here; write an empty text as \"\"."),
            1 => parts[0],
            _ when parts.TrueForAll(part => part is ScalarNode) => Join(parts, start),
            _ => new ConcatenationNode(parts, start),
        };
    }

    private static ScalarNode Join(List<HoconNode> parts, HoconPosition start)
    {
        var text = new StringBuilder();
        foreach (var part in parts.Cast<ScalarNode>())
            text.Append(part.Text);
        return new ScalarNode(text.ToString(), parts.Exists(part => part is ScalarNode { Quoted: true }), blank: false, start);
    }

    private HoconNode ReadPart()
    {
        var start = _cursor.Position;
        switch (_cursor.Peek())
        {
            case '{':
                _cursor.Take();
                return ReadObject(start);
            case '[':
                _cursor.Take();
                return ReadList(start);
            case '"':
                return new ScalarNode(_cursor.TakeQuoted(), quoted: true, blank: false, start);
            case '$':
                return ReadSubstitution(start);
            default:
                var text = _cursor.TakeUnquoted();
                return text.Length > 0
                    ? new ScalarNode(text, quoted: false, blank: false, start)
                    : throw Error(
                        $"{HoconCursor.Describe(_cursor.Peek())} cannot stand in a value without quotes; put the value in double quotes.");
        }
    }

    private ObjectNode ReadObject(HoconPosition start)
    {
        Enter(1);
        var begin = _cursor.Offset;
        var node = new ObjectNode(start);
        ReadFields(node, '}');
        _layout?.AddBlock(_path, begin, _cursor.Offset - 1, braces: true);
        _depth--;
        return node;
    }

    private ListNode ReadList(HoconPosition start)
    {
        Enter(1);
        // No path leads to what is within a list.
        var (path, layout) = (_path.ToArray(), _layout);
        _layout = null;
        _path.Clear();
        var items = new List<HoconNode>();
        _cursor.SkipInsignificant();
        while (!_cursor.TryTake("]"))
        {
            if (_cursor.AtEnd)
                throw new HoconException(start, "the list that begins here is never closed; add ']'.");
            if (_cursor.Peek() == '}')
                throw Error("a closing brace stands where the list should end; write ']' first.");

            items.Add(ReadValue());
            ReadSeparator("item", ']');
        }

        _path.AddRange(path);
        _layout = layout;
        _depth--;
        return new ListNode(items, start);
    }

    private SubstitutionNode ReadSubstitution(HoconPosition start)
    {
        if (!_cursor.TryTake("${"))
            throw Error("'$' begins a substitution such as ${name}; put the value in double quotes if '$' is meant.");

        var optional = _cursor.TryTake("?");
        var path = _cursor.TakePath(static c => c == '}');
        return _cursor.TryTake("}")
            ? new SubstitutionNode(path, _includedUnder, optional, start)
            : throw new HoconException(start, "the substitution that begins here is not closed; write it as ${name}.");
    }

    private bool TryReadInclude(ObjectNode target)
    {
        if (HoconInclude.TryRead(_cursor) is not { } include)
            return false;

        Enter(1);
        if (_includes.Open(include) is { } included)
        {
            target.MergeIn(new HoconReader(included.Text, included.File, _includes, [.. _path], _depth).ReadFile());
            _includes.Close();
        }

        _depth--;
        return true;
    }

    private void Enter(int levels)
    {
        _depth += levels;
        if (_depth > MaxDepth)
            throw Error(
                $"the objects and lists are nested deeper than {MaxDepth} levels here; a closing brace or bracket may be missing above.");
    }

    private HoconException Error(string sentence) => new(_cursor.Position, sentence);
}
