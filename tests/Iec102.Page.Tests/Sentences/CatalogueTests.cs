using System.Text.Json;
using System.Text.RegularExpressions;
using Iec102.Page.Tests.Browsers;
using Iec102.Protocol.Application;
using Iec102.Protocol.Description;
using Iec102.Testing;

namespace Iec102.Page.Tests.Sentences;

/// <summary>What the server says is there in Spanish, and nothing else is.</summary>
public sealed partial class CatalogueTests
{
    private static readonly IReadOnlyDictionary<string, string> Catalogue = Texts.Of("Components/Sentences", isSpanish: true);

    [Fact]
    public void Each_translation_is_of_a_text_of_the_program()
    {
        var texts = SourceSentences.Of(".").Select(one => one.Text).Concat(ShownSentences.OfTheSystem)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

        Catalogue.Keys.Where(key => !texts.Contains(key)).ShouldBeEmpty(
            "The program no longer says this: correct the name of its translation in Sentences.es.resx, or take it out.");
    }

    [Fact]
    public void Each_sentence_that_the_page_may_show_has_its_translation()
    {
        var known = Catalogue.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);

        ShownSentences.All.Where(one => !known.Contains(one.Text) && ShownSentences.WhyNot(one) is null).ShouldBeEmpty(
            "Translate this in Sentences.es.resx, or say in ShownSentences why no Spanish reader meets it.");
    }

    [Fact]
    public void Each_excuse_is_still_needed()
    {
        var known = Catalogue.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var open = ShownSentences.All.Where(one => !known.Contains(one.Text)).ToList();

        ShownSentences.Excuses.Where(excuse => !open.Any(excuse.Covers)).ShouldBeEmpty();
    }

    [Fact]
    public void Each_translation_has_only_places_that_its_sentence_has_and_none_stands_directly_behind_another()
    {
        foreach (var (english, spanish) in Catalogue)
        {
            Places(spanish).Except(Places(english)).ShouldBeEmpty(english);
            english.ShouldNotMatch(@"\{\d\}\{\d\}", "Nobody could say where the first ends.");
        }
    }

    [Fact]
    public void Each_call_that_changes_something_is_in_the_audit_log_in_words()
    {
        using var api = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "openapi.json")));
        var calls = from path in api.RootElement.GetProperty("paths").EnumerateObject()
                    from method in path.Value.EnumerateObject()
                    where method.Name is "post" or "put" or "delete" && path.Name != "/api/session"
                    select $"{method.Name.ToUpperInvariant()} {Numbered(path.Name)}";

        calls.Except(Texts.Of("Pages/AuditTexts", isSpanish: false).Keys).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_meter_refuses_and_why_has_its_words()
    {
        var said = Enum.GetValues<TypeIdentification>().Select(type => type.InWords())
            .Concat(Enum.GetValues<CauseOfTransmission>().Where(cause => cause.IsRefusal()).Select(cause => cause.InWords()));

        said.Where(words => !Catalogue.ContainsKey(words)).ShouldBeEmpty();
    }

    private static string Numbered(string path)
    {
        var place = 0;
        return Name().Replace(path, _ => $"{{{place++}}}");
    }

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(place => place.Value);

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Name();
}
