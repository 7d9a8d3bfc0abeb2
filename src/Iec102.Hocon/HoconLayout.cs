namespace Iec102.Hocon;

/// <summary>The braces of an object, or the whole of a file that has none around it.</summary>
/// <param name="Path">The keys that lead to it.</param>
/// <param name="Start">Where its fields begin, after the brace.</param>
/// <param name="End">Where its fields end: the offset of the closing brace, or of the end of the text.</param>
/// <param name="HasBraces">False for a file without braces around it.</param>
public sealed record HoconBlock(IReadOnlyList<string> Path, int Start, int End, bool HasBraces);

/// <summary>A value as written after a key.</summary>
/// <param name="Path">The keys that lead to it.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="IsPlain">Whether it is a single value that is written here, without any substitution.</param>
/// <param name="Position">Where it begins, as line and column.</param>
public sealed record HoconWritten(IReadOnlyList<string> Path, int Start, int End, bool IsPlain, HoconPosition Position);

/// <summary>
/// Where the objects and values of one text are written, as offsets in it, so that it can be changed without touching anything else.
/// Included files and what is within lists are left out.
/// </summary>
public sealed class HoconLayout
{
    private readonly List<HoconBlock> _blocks = [];
    private readonly List<HoconWritten> _values = [];

    /// <summary>The objects, in the order in which they end.</summary>
    public IReadOnlyList<HoconBlock> Blocks => _blocks;

    /// <summary>The values, in the order in which they end.</summary>
    public IReadOnlyList<HoconWritten> Values => _values;

    internal void AddBlock(IEnumerable<string> path, int start, int end, bool braces) =>
        _blocks.Add(new HoconBlock([.. path], start, end, braces));

    internal void AddValue(IEnumerable<string> path, int start, int end, bool isPlain, HoconPosition position) =>
        _values.Add(new HoconWritten([.. path], start, end, isPlain, position));
}
