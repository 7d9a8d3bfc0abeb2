namespace Iec102.Hocon;

/// <summary>
/// Parses HOCON (Human-Optimized Config Object Notation) into an immutable tree that keeps the position of every key and value. Supported:
/// all of JSON; comments (<c>#</c>, <c>//</c>); unquoted and triple-quoted strings; dotted keys; value concatenation; merging of duplicate
/// keys; <c>+=</c>; <c>${path}</c> and <c>${?path}</c> with the environment as fallback; includes of files. Not supported: includes of URLs
/// and resources.
/// </summary>
public static class HoconParser
{
    /// <summary>Parses a text.</summary>
    /// <param name="text">The text; an empty text is an empty object.</param>
    /// <param name="file">The file name that error positions show; includes are looked for in its folder.</param>
    /// <param name="options">Source of environment variables and files; those of the process when null.</param>
    /// <exception cref="HoconException">The text is not HOCON; the exception says where and why.</exception>
    public static HoconObject Parse(string text, string file = "text", HoconOptions? options = null) =>
        Parse(text, file, options, layout: null);

    /// <summary>Parses a text, and says where in it everything is written.</summary>
    /// <exception cref="HoconException">The text is not HOCON; the exception says where and why.</exception>
    public static (HoconObject Root, HoconLayout Layout) ParseWithLayout(string text, string file, HoconOptions? options = null)
    {
        var layout = new HoconLayout();
        return (Parse(text, file, options, layout), layout);
    }

    private static HoconObject Parse(string text, string file, HoconOptions? options, HoconLayout? layout)
    {
        options ??= HoconOptions.Default;
        var includes = new HoconIncludes(options.ReadFile);
        includes.Begin(file);
        var root = new HoconReader(text, file, includes, includedUnder: [], depth: 0, layout).ReadFile();
        return new HoconResolver(root, options.Environment).Resolve();
    }

    /// <summary>Reads and parses a file.</summary>
    /// <exception cref="HoconException">The file does not exist, cannot be read, or is not HOCON.</exception>
    public static HoconObject ParseFile(string path, HoconOptions? options = null)
    {
        options ??= HoconOptions.Default;
        var start = new HoconPosition(path, 1, 1);
        try
        {
            var text = options.ReadFile(path) ?? throw new HoconException(start, "the file does not exist.");
            return Parse(text, path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoconException(start, $"the file cannot be read: {e.Message}");
        }
    }
}
