using System.Text;

namespace Iec102.Hocon;

/// <summary>Dotted paths as callers write them; an element that contains a dot or a quote is itself quoted.</summary>
public static class HoconPath
{
    /// <summary>The elements of a dotted path.</summary>
    /// <exception cref="ArgumentException">An element is empty and not quoted, or a quote does not end.</exception>
    public static IReadOnlyList<string> Split(string path)
    {
        var cursor = new HoconCursor(path, "path");
        try
        {
            var keys = cursor.TakePath(static _ => false);
            return cursor.AtEnd ? keys : throw new ArgumentException($"'{path}' is not a dotted path.", nameof(path));
        }
        catch (HoconException e)
        {
            throw new ArgumentException($"'{path}' is not a dotted path: {e.Sentence}", nameof(path));
        }
    }

    /// <summary>The elements joined with dots, quoted where they need it, so that <see cref="Split"/> gives them back.</summary>
    public static string Join(IEnumerable<string> keys) => string.Join('.', keys.Select(Quote));

    private static string Quote(string key)
    {
        if (key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            return key;

        var quoted = new StringBuilder("\"");
        foreach (var c in key)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (char.IsControl(c))
                quoted.Append($"\\u{(int)c:x4}");
            else
                quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
