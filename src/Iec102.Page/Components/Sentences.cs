using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Iec102.Page.Components;

/// <summary>
/// What the server says, in the language of the reader: the sentences of the API are English, and the page translates what it shows. The
/// catalogue (Sentences.es.resx) is there once for all readers.
/// </summary>
internal static partial class Sentences
{
    private const int MostRemembered = 1000;

    private static readonly Lazy<SentenceCatalogue> Spanish = new(() => SentenceCatalogue.Of(typeof(Sentences), "es"));

    /// <summary>What was translated: all readers of a fleet see the same sentences, most of them again and again.</summary>
    private static readonly ConcurrentDictionary<string, string?> Remembered = new(StringComparer.Ordinal);

    /// <summary>A sentence in the language of the reader.</summary>
    /// <param name="sentence">What the server says; null and empty for nothing.</param>
    /// <param name="isEnglish">Whether it is English although the reader's language is another.</param>
    public static string Shown(string? sentence, out bool isEnglish)
    {
        isEnglish = false;
        if (string.IsNullOrEmpty(sentence) || CultureInfo.CurrentUICulture.TwoLetterISOLanguageName != "es")
            return WithTimes(sentence ?? "");
        var translation = InSpanish(sentence);
        isEnglish = translation is null;
        return WithTimes(translation ?? sentence);
    }

    /// <summary>A sentence in the language of the reader, for where its language cannot be marked.</summary>
    public static string Shown(string? sentence) => Shown(sentence, out _);

    /// <summary>A sentence in Spanish, whoever reads it; null when there is no translation.</summary>
    public static string? InSpanish(string sentence)
    {
        // What quotes a whole table that somebody has pasted is not worth its memory.
        if (sentence.Length > SentenceCatalogue.Longest)
            return null;
        if (Remembered.TryGetValue(sentence, out var known))
            return known;
        if (Remembered.Count >= MostRemembered)
            Remembered.Clear();
        return Remembered[sentence] = Spanish.Value.Translate(sentence);
    }

    /// <summary>The times of the meter's zone in a sentence, as the reader writes them.</summary>
    private static string WithTimes(string sentence) => CivilTime().Replace(
        sentence,
        time => DateTimeOffset.Parse(time.Value, CultureInfo.InvariantCulture).DateTime.ToString("g", CultureInfo.CurrentCulture));

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d\b")]
    private static partial Regex CivilTime();
}
