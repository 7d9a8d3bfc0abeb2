using System.Globalization;
using System.Text;

namespace Iec102.Hocon;

/// <summary>
/// Moves over a text character by character, keeps track of the position, and takes the smallest pieces: blanks, strings, paths.
/// </summary>
internal sealed class HoconCursor(string text, string file)
{
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";

    private int _index = text.StartsWith('\uFEFF') ? 1 : 0;
    private int _line = 1;
    private int _lineStart;

    public bool AtEnd => _index >= text.Length;

    /// <summary>How many characters of the text lie before.</summary>
    public int Offset => _index;

    public HoconPosition Position => new(file, _line, _index - _lineStart + 1);

    /// <summary>
    /// The character this many places ahead, or NUL past the end; <see cref="AtEnd"/> tells a NUL in the text from its end.
    /// </summary>
    public char Peek(int ahead = 0) => _index + ahead < text.Length ? text[_index + ahead] : '\0';

    public bool At(string expected) => string.CompareOrdinal(text, _index, expected, 0, expected.Length) == 0;

    public bool AtComment => Peek() == '#' || At("//");

    public bool AtEndOfValue => AtEnd || AtComment || Peek() is '\n' or ',' or '}' or ']';

    public char Take()
    {
        var c = text[_index++];
        if (c == '\n')
        {
            _line++;
            _lineStart = _index;
        }

        return c;
    }

    public bool TryTake(string expected)
    {
        if (!At(expected))
            return false;

        for (var i = 0; i < expected.Length; i++)
            Take();
        return true;
    }

    /// <summary>Takes blanks within a line; they are part of the value when a concatenation continues after them.</summary>
    public string TakeBlanks()
    {
        var start = _index;
        while (!AtEnd && IsBlank(Peek()))
            Take();
        return text[start.._index];
    }

    /// <summary>Skips everything without meaning: blanks, line ends and comments. Returns true if a line ended.</summary>
    public bool SkipInsignificant()
    {
        var lineEnded = false;
        while (true)
        {
            TakeBlanks();
            if (!AtEnd && AtComment)
                TakeComment();
            else if (!AtEnd && Peek() == '\n')
                lineEnded |= Take() == '\n';
            else
                return lineEnded;
        }
    }

    /// <summary>Takes a run of characters that need no quotes; empty when the next character needs them.</summary>
    public string TakeUnquoted(bool stopAtDot = false)
    {
        var start = _index;
        while (!AtEnd && IsUnquoted(Peek()) && !At("//") && !(stopAtDot && Peek() == '.'))
            Take();
        return text[start.._index];
    }

    /// <summary>Takes a string in double or triple double quotes; the cursor stands on the first quote.</summary>
    public string TakeQuoted()
    {
        var start = Position;
        if (TryTake("\"\"\""))
            return TakeTripleQuoted(start);

        Take();
        var content = new StringBuilder();
        while (true)
        {
            if (AtEnd || Peek() == '\n')
                throw new HoconException(
                    start, "the double quote that begins here is not closed on the same line; three double quotes hold several lines.");

            var c = Take();
            if (c == '"')
                return content.ToString();
            content.Append(c == '\\' ? TakeEscape(start) : c);
        }
    }

    /// <summary>Takes a dotted path, quoted elements included, up to a character that cannot belong to one.</summary>
    public List<string> TakePath(Func<char, bool> endsPath)
    {
        var keys = new List<string>();
        do
        {
            TakeBlanks();
            keys.Add(TakePathElement(endsPath));
        }
        while (TryTake("."));
        return keys;
    }

    private string TakePathElement(Func<char, bool> endsPath)
    {
        var start = Position;
        var element = new StringBuilder();
        var written = false;
        while (true)
        {
            var blanks = TakeBlanks();
            if (AtEnd || endsPath(Peek()) || Peek() is '.' or '\n' || AtComment)
                break;

            var quoted = Peek() == '"';
            var piece = quoted ? TakeQuoted() : TakeUnquoted(stopAtDot: true);
            if (piece.Length == 0 && !quoted)
                break;

            // Blanks inside a key belong to it, blanks around it do not.
            element.Append(written ? blanks : "").Append(piece);
            written = true;
        }

        return written ? element.ToString() : throw new HoconException(start, NoKeyHere());
    }

    private string NoKeyHere() =>
        AtEnd ? "the text ends where a key was expected."
        : Peek() == '.' ? "a dot stands where a key was expected; remove it, or write an empty key as \"\"."
        : Peek() == '\n' ? "the line ends where a key was expected."
        : $"{Describe(Peek())} stands where a key was expected; a key with special characters is written in double quotes.";

    public static string Describe(char c) => char.IsControl(c) || char.IsSurrogate(c) ? $"the character U+{(int)c:X4}" : $"'{c}'";

    private void TakeComment()
    {
        while (!AtEnd && Peek() != '\n')
            Take();
    }

    private string TakeTripleQuoted(HoconPosition start)
    {
        var from = _index;
        while (!At("\"\"\""))
        {
            if (AtEnd)
                throw new HoconException(start, "the three double quotes that begin here are never closed.");
            Take();
        }

        // When more than three quotes close the string, the first ones belong to its text.
        while (Peek(3) == '"')
            Take();
        var content = text[from.._index];
        TryTake("\"\"\"");
        return content;
    }

    private char TakeEscape(HoconPosition start)
    {
        if (AtEnd)
            throw new HoconException(start, "the double quote that begins here is not closed.");

        var position = Position;
        switch (Take())
        {
            case '"': return '"';
            case '\\': return '\\';
            case '/': return '/';
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u':
                if (_index + 4 <= text.Length
                    && ushort.TryParse(text.AsSpan(_index, 4), NumberStyles.AllowHexSpecifier, null, out var code))
                {
                    _index += 4;
                    return (char)code;
                }

                throw new HoconException(position, "\\u must be followed by four hexadecimal digits.");
            default:
                throw new HoconException(position, "this escape is unknown; write a backslash itself as \\\\.");
        }
    }

    private static bool IsBlank(char c) => c != '\n' && (char.IsWhiteSpace(c) || c == '\uFEFF');

    private static bool IsUnquoted(char c) => !char.IsWhiteSpace(c) && c != '\uFEFF' && !Reserved.Contains(c, StringComparison.Ordinal);
}
