using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Resources;
using System.Text;
using System.Text.RegularExpressions;

namespace Iec102.Page.Components;

/// <summary>
/// Translates what the server says. The sentences of the program are its keys, with {0}, {1} where the program puts something in; what is
/// put in may itself be one of them, and then is translated too. Within another it may begin with a small letter: case does not count.
/// </summary>
internal sealed class SentenceCatalogue
{
    /// <summary>What is longer was not written to be read, and has no translation.</summary>
    public const int Longest = 2000;

    private const int Deepest = 4;

    /// <summary>How many texts are looked up for one sentence, so that none that somebody has thought out takes long.</summary>
    private const int MostSteps = 1000;

    private readonly FrozenDictionary<string, string> _whole;
    private readonly Template[] _templates;

    /// <summary>Reads the translations once.</summary>
    /// <param name="translations">Each sentence with its translation.</param>
    public SentenceCatalogue(IEnumerable<KeyValuePair<string, string>> translations)
    {
        var all = translations.Select(one => new Template(SentencePattern.Of(one.Key), SentencePattern.Of(one.Value))).ToList();
        _whole = all.Where(one => one.From.Places.Count == 0)
            .ToFrozenDictionary(one => one.From.Literals[0], one => one.To.Literals[0], StringComparer.OrdinalIgnoreCase);
        // Of two that fit, the more particular one is the right one.
        _templates = [.. all.Where(one => one.From.Places.Count > 0).OrderByDescending(one => one.From.Letters)];
    }

    /// <summary>Reads the resource of a type: the sentences are the names of its texts.</summary>
    /// <param name="type">The type that has the name of the resource.</param>
    /// <param name="language">The language of the texts; empty for what is written in the resource that has none.</param>
    public static SentenceCatalogue Of(Type type, string language)
    {
        var resource = new ResourceManager(type);
        using var texts = resource.GetResourceSet(CultureInfo.GetCultureInfo(language), createIfNotExists: true, tryParents: false)!;
        return new SentenceCatalogue(
            texts.Cast<DictionaryEntry>().Select(text => KeyValuePair.Create((string)text.Key, (string)text.Value!)));
    }

    /// <summary>The translation of a sentence, or of several after each other; null when there is none.</summary>
    public string? Translate(string sentence)
    {
        var steps = new Steps();
        return sentence.Length <= Longest && (Find(sentence, 0, steps) ?? Named(sentence, steps)) is { Length: > 0 } found && steps.Left > 0
            ? AsBegun(sentence, found)
            : null;
    }

    /// <summary>Several sentences after each other are tried first: a place would take in all of them.</summary>
    private string? Find(string text, int depth, Steps steps) => depth > Deepest || --steps.Left <= 0 ? null
        : Whole(text) ?? OneByOne(text, ". ", depth, steps) ?? OneByOne(text, "; ", depth, steps) ?? Filled(text, depth, steps);

    /// <summary>The name of something, and what is the matter with it; a place in a file and a key have a colon behind them.</summary>
    private string? Named(string text, Steps steps) =>
        text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank && !SentencePattern.IsEnglishWord(text[..blank])
            && (Find(text[(blank + 1)..], 0, steps) ?? (text[blank - 1] == ':' ? Named(text[(blank + 1)..], steps) : null)) is { } found
            ? $"{text[..blank]} {found}"
            : null;

    /// <summary>Several sentences, each of which has to be known.</summary>
    private string? OneByOne(string text, string between, int depth, Steps steps)
    {
        var parts = text.Split(between);
        if (parts.Length == 1)
            return null;
        for (var at = 0; at < parts.Length; at++)
        {
            if ((Whole(parts[at]) ?? Filled(parts[at], depth, steps)) is not { } found)
                return null;
            parts[at] = at == 0 ? found : AsBegun(parts[at], found);
        }

        return string.Join(between, parts);
    }

    /// <summary>A sentence without places, with its full stop or without.</summary>
    private string? Whole(string text) => EitherWay(text, one => _whole.GetValueOrDefault(one));

    /// <summary>A sentence with places, with its full stop or without: of those that fit, the one that leaves least in English.</summary>
    private string? Filled(string text, int depth, Steps steps) => EitherWay(text, one =>
    {
        var (best, least) = ((string?)null, int.MaxValue);
        foreach (var (from, to) in _templates)
        {
            if (from.Match(one, value => Find(value, depth + 1, steps) is not null) is not { } values)
                continue;
            var known = new string?[values.Length];
            for (var place = 0; place < values.Length; place++)
                known[place] = from.IsQuoted(place) ? values[place] : Find(values[place], depth + 1, steps);
            if (!from.IsOf(values, known, isWithin: depth > 0))
                continue;
            var left = Enumerable.Range(0, values.Length).Sum(place => known[place] is null ? values[place].Count(char.IsLetter) : 0);
            if (left < least)
                (best, least) = (to.Fill(place => known[place] ?? values[place]), left);
        }

        return best;
    });

    private static string? EitherWay(string text, Func<string, string?> find) => find(text)
        ?? (text.EndsWith('.') ? find(text[..^1]) is { } without ? without + "." : null : find(text + ".")?.TrimEnd('.'));

    private static string AsBegun(string english, string spanish) =>
        english is [var first, ..] && char.IsUpper(first) ? char.ToUpperInvariant(spanish[0]) + spanish[1..] : spanish;

    private sealed class Steps
    {
        public int Left { get; set; } = MostSteps;
    }

    private sealed record Template(SentencePattern From, SentencePattern To);
}

/// <summary>A sentence with places.</summary>
/// <param name="Literals">What stands before, between and behind the places.</param>
/// <param name="Places">The number of each place, in the order of the sentence.</param>
internal sealed partial record SentencePattern(IReadOnlyList<string> Literals, IReadOnlyList<int> Places)
{
    /// <summary>What has fewer letters of its own may fit by chance.</summary>
    private const int ManyLetters = 12;

    private const int FewLetters = 4;

    /// <summary>How many letters it has of its own.</summary>
    public int Letters { get; } = Literals.Sum(literal => literal.Count(char.IsLetter));

    /// <summary>Reads it from a text with {0}, {1}.</summary>
    public static SentencePattern Of(string text)
    {
        var (literals, places, began) = (new List<string>(), new List<int>(), 0);
        for (var at = 0; at + 2 < text.Length; at++)
        {
            if (text[at] != '{' || !char.IsAsciiDigit(text[at + 1]) || text[at + 2] != '}')
                continue;
            literals.Add(text[began..at]);
            places.Add(text[at + 1] - '0');
            began = at + 3;
        }

        literals.Add(text[began..]);
        return new SentencePattern(literals, places);
    }

    /// <summary>What stands in the places of a sentence, each as short as it can be; null when it is another sentence.</summary>
    /// <param name="text">The sentence.</param>
    /// <param name="isKnown">Whether a text is itself a sentence: so two places are told apart that have only a blank between them.</param>
    public string[]? Match(string text, Func<string, bool> isKnown)
    {
        var (first, last) = (Literals[0], Literals[^1]);
        if (text.Length < first.Length + last.Length || !text.StartsWith(first, StringComparison.OrdinalIgnoreCase)
            || !text.EndsWith(last, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var (values, at, end) = (new string[Places.Count], first.Length, text.Length - last.Length);
        for (var place = 0; place < Places.Count; place++)
        {
            var next = place == Places.Count - 1
                ? end
                : text.IndexOf(Literals[place + 1], at, end - at, StringComparison.OrdinalIgnoreCase);
            if (next < at)
                return null;
            if (Literals[place + 1] == " " && place < Places.Count - 1)
                next = Blank(place + 1, next);
            values[Places[place]] = text[at..next];
            at = next + Literals[place + 1].Length;
        }

        return values;

        // Best is a blank between two sentences; one of both may also be the name of something.
        int Blank(int place, int first)
        {
            int? good = null;
            for (var blank = first; blank >= 0; blank = text.IndexOf(' ', blank + 1, end - blank - 1))
            {
                var until = place == Places.Count - 1
                    ? end
                    : text.IndexOf(Literals[place + 1], blank, end - blank, StringComparison.OrdinalIgnoreCase);
                if (until <= blank)
                    continue;
                var (left, right) = (isKnown(text[at..blank]), isKnown(text[(blank + 1)..until]));
                if (left && right)
                    return blank;
                if (left || right)
                    good ??= blank;
            }

            return good ?? first;
        }
    }

    /// <summary>Whether what stands in a place is in quotes: then it came from outside, and is no sentence.</summary>
    public bool IsQuoted(int place) => Literals[place] is [.., '\'' or '"'] && Literals[place + 1] is ['\'' or '"', ..];

    /// <summary>
    /// Whether a sentence that fits is this one. Where it has few words of its own, what stands in its places has to be known or a name;
    /// where it has hardly any, something of that has to be known, or it has to stand within another.
    /// </summary>
    /// <param name="values">What stands in the places.</param>
    /// <param name="known">The translations of that.</param>
    /// <param name="isWithin">Whether it stands within another sentence.</param>
    public bool IsOf(string[] values, string?[] known, bool isWithin) => Letters >= ManyLetters
        || (values.Zip(known).All(one => one.Second is not null || !EnglishWord().IsMatch(one.First))
            && (isWithin || Letters >= FewLetters || known.Any(one => one is not null)));

    /// <summary>Whether this is no name of anything.</summary>
    public static bool IsEnglishWord(string word) => EnglishWord().Match(word).Length == word.Length;

    /// <summary>The sentence with its places filled.</summary>
    public string Fill(Func<int, string> value)
    {
        var text = new StringBuilder(Literals[0]);
        for (var place = 0; place < Places.Count; place++)
            text.Append(value(Places[place])).Append(Literals[place + 1]);
        return text.ToString();
    }

    // Words without which no English sentence does, and which no name has.
    [GeneratedRegex(@"\b(the|of|and|is|are|was|with|not|for|from|this|that|been|an|or|by|has)\b", RegexOptions.IgnoreCase)]
    private static partial Regex EnglishWord();
}
