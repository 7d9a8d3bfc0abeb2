namespace Iec102.Hocon;

/// <summary>Dotted paths, as error messages name them.</summary>
public static class HoconPath
{
    /// <summary>Joins the keys with dots; a key that could be misread is quoted.</summary>
    public static string Join(IEnumerable<string> keys) => string.Join('.', keys.Select(Element));

    private static string Element(string key) =>
        key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? key : HoconText.Quote(key);
}
