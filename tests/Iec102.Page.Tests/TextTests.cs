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

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(place => place.Value[..2]).Distinct().Order();

    [GeneratedRegex(@"\{\d")]
    private static partial Regex Place();
}
