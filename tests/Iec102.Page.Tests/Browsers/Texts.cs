using System.Text.RegularExpressions;
using System.Xml.Linq;
using Iec102.Testing;

namespace Iec102.Page.Tests.Browsers;

/// <summary>The texts of the page in both languages, read from its resources.</summary>
internal static partial class Texts
{
    /// <summary>The folder of the page's sources.</summary>
    public static readonly string Source = Path.Combine(Repository.Root, "src", "Iec102.Page");

    private const string Spanish = ".es.resx";

    private static readonly Lazy<IReadOnlyList<Regex>> OnlyEnglish = new(FindOnlyEnglish);

    /// <summary>The names of the resources, without their language: a folder and a component.</summary>
    public static IEnumerable<string> Resources =>
        from file in Directory.EnumerateFiles(Source, "*.resx", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(Source, file)
        where !name.EndsWith(Spanish, StringComparison.Ordinal) && !name.StartsWith("obj", StringComparison.Ordinal)
        select name[..^".resx".Length];

    /// <summary>The texts of a resource by their keys.</summary>
    public static IReadOnlyDictionary<string, string> Of(string resource, bool isSpanish) =>
        XDocument.Load(Path.Combine(Source, resource + (isSpanish ? Spanish : ".resx"))).Root!.Elements("data")
            .ToDictionary(text => (string)text.Attribute("name")!, text => (string)text.Element("value")!);

    /// <summary>Whether a text of a Spanish page is English: one of the resources, or a sentence that was never translated.</summary>
    public static bool IsEnglish(string text) => OnlyEnglish.Value.Any(one => one.IsMatch(text)) || EnglishWord().IsMatch(text);

    private static IReadOnlyList<Regex> FindOnlyEnglish()
    {
        var spanish = Resources.SelectMany(name => Of(name, isSpanish: true).Values).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. from name in Resources
               from text in Of(name, isSpanish: false).Values.Distinct()
               where !spanish.Contains(text) && Letter().IsMatch(Place().Replace(text, ""))
               select new Regex($"^{Place().Replace(Regex.Escape(text).Replace(@"\{", "{", StringComparison.Ordinal), ".+")}$"),
        ];
    }

    [GeneratedRegex(@"\{\d[^}]*\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\p{L}{2}")]
    private static partial Regex Letter();

    // Words without which no English sentence does, and which no Spanish one has.
    [GeneratedRegex(@"\b(the|of|and|is|are|with|not|for|from|this|that|been|ago|an|or)\b", RegexOptions.IgnoreCase)]
    private static partial Regex EnglishWord();
}
