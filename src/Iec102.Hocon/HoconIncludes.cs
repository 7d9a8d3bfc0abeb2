namespace Iec102.Hocon;

/// <summary>An include as written: <c>include "file"</c>, <c>include file("file")</c>, either within <c>required( )</c>.</summary>
internal sealed record HoconInclude(string Name, bool Required, HoconPosition Position)
{
    /// <summary>
    /// Reads an include where a key could stand. Returns null and takes nothing if a key merely begins with the word "include".
    /// </summary>
    public static HoconInclude? TryRead(HoconCursor cursor)
    {
        if (!cursor.At("include") || !BeginsTarget(cursor))
            return null;

        var position = cursor.Position;
        cursor.TryTake("include");
        cursor.TakeBlanks();
        var closing = 0;
        var required = TakeWrapper(cursor, "required(", ref closing);
        TakeWrapper(cursor, "file(", ref closing);
        if (cursor.Peek() != '"')
            throw new HoconException(cursor.Position, "an include names a file in double quotes: include \"other.conf\".");

        var name = cursor.TakeQuoted();
        for (; closing > 0; closing--)
        {
            cursor.TakeBlanks();
            if (!cursor.TryTake(")"))
                throw new HoconException(cursor.Position, "the include is not closed; add ')'.");
        }

        return name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal)
            ? new HoconInclude(name, required, position)
            : throw new HoconException(position, "the include does not name a file.");
    }

    private static bool BeginsTarget(HoconCursor cursor)
    {
        var ahead = "include".Length;
        while (cursor.Peek(ahead) is ' ' or '\t')
            ahead++;
        if (cursor.Peek(ahead) == '"')
            return true;

        // A word directly followed by '(' is one of HOCON's include forms, even one that this reader does not support.
        var word = ahead;
        while (char.IsAsciiLetter(cursor.Peek(word)))
            word++;
        return ahead > "include".Length && word > ahead && cursor.Peek(word) == '(';
    }

    private static bool TakeWrapper(HoconCursor cursor, string wrapper, ref int closing)
    {
        if (!cursor.TryTake(wrapper))
            return false;

        cursor.TakeBlanks();
        closing++;
        return true;
    }
}

/// <summary>Opens included files: finds them beside the including file, and refuses circular includes and too many of them.</summary>
internal sealed class HoconIncludes(Func<string, string?> readFile)
{
    private const int MaxFiles = 10_000;

    private readonly Stack<string> _open = new();
    private int _count;

    /// <summary>Sets the root file: includes are looked for beside it, and none may lead back to it.</summary>
    public void Begin(string file) => _open.Push(file);

    /// <summary>The text of an included file, or null when an optional file does not exist.</summary>
    public (string Text, string File)? Open(HoconInclude include)
    {
        var file = Path.Combine(Path.GetDirectoryName(_open.Peek()) ?? "", include.Name);
        if (_open.Any(open => FullPath(open) == FullPath(file)))
            throw new HoconException(include.Position, $"the include of '{include.Name}' leads back to a file that is already being read.");
        if (++_count > MaxFiles)
            throw new HoconException(include.Position, $"more than {MaxFiles} files are included.");

        if (Read(file, include) is { } text)
        {
            _open.Push(file);
            return (text, file);
        }

        return include.Required
            ? throw new HoconException(include.Position, $"the included file '{include.Name}' does not exist.")
            : null;
    }

    public void Close() => _open.Pop();

    private static string FullPath(string file) => file.Length == 0 ? "" : Path.GetFullPath(file);

    private string? Read(string file, HoconInclude include)
    {
        try
        {
            return readFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoconException(include.Position, $"the included file '{include.Name}' cannot be read: {e.Message}");
        }
    }
}
