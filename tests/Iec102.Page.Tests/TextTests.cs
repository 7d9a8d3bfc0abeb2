using System.Text.RegularExpressions;
using Iec102.Page.Tests.Browsers;

namespace Iec102.Page.Tests;

/// <summary>The texts of the page are there in both languages.</summary>
public sealed partial class TextTests
{
    public static TheoryData<string> Resources() => [.. Texts.Resources];

    [Theory]
    [MemberData(nameof(Resources))]
    public void Each_text_is_there_in_both_languages_with_the_same_places_for_values(string resource)
    {
        var english = Texts.Of(resource, isSpanish: false);
        var spanish = Texts.Of(resource, isSpanish: true);

        spanish.Keys.Order().ShouldBe(english.Keys.Order());
        foreach (var (key, text) in english)
            Places(spanish[key]).ShouldBe(Places(text), $"{resource}: {key}");
    }

    [Fact]
    public void Each_text_that_a_component_names_is_there()
    {
        var keys = Texts.Resources.ToDictionary(name => Path.GetFileName(name)!, name => Texts.Of(name, isSpanish: false).Keys.ToHashSet());
        var missing =
            from file in Directory.EnumerateFiles(Texts.Source, "*.razor", SearchOption.AllDirectories)
            let markup = File.ReadAllText(file)
            from Match localizer in Localizer().Matches(markup)
            let component = localizer.Groups["component"].Value
            from Match text in Regex.Matches(markup, $@"\b{localizer.Groups["name"].Value}\[""(?<key>[^""$]+)""")
            let key = text.Groups["key"].Value
            where !keys[component].Contains(key)
            select $"{Path.GetFileName(file)}: {component} has no {key}";

        missing.ShouldBeEmpty();
    }

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(place => place.Value[..2]).Distinct().Order();

    [GeneratedRegex(@"\{\d")]
    private static partial Regex Place();

    [GeneratedRegex(@"@inject IStringLocalizer<(?<component>\w+)> (?<name>\w+)")]
    private static partial Regex Localizer();
}
