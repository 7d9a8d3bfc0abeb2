using System.Globalization;
using Iec102.Hocon;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Fleet;

/// <summary>
/// One object of the fleet file while it is being read. Each getter notes its key as known and reports a wrong value as a
/// <see cref="FleetProblem"/>; it then returns the same as for a key that is not written, so that reading continues and finds the next
/// problem.
/// </summary>
internal sealed class FleetSection
{
    private static readonly LocalTimePattern HoursAndMinutes = LocalTimePattern.CreateWithInvariantCulture("HH':'mm");

    private readonly HoconObject _values;
    private readonly HoconPosition _position;
    private readonly ICollection<FleetProblem> _problems;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public FleetSection(HoconObject values, HoconPosition position, IReadOnlyList<string> path, ICollection<FleetProblem> problems)
    {
        _values = values;
        _position = position;
        _problems = problems;
        Path = path;
    }

    public IReadOnlyList<string> Path { get; }

    /// <summary>Whether the key is written, even with a wrong value.</summary>
    public bool Has(string key) => Take(key) is not null;

    /// <summary>
    /// The object of a key; an empty one when the key is not written, so that the defaults apply. If the value is not an object, only that
    /// is reported, and not also the keys that the object would lack.
    /// </summary>
    public FleetSection Section(string key)
    {
        IReadOnlyList<string> path = [.. Path, key];
        switch (Take(key))
        {
            case null:
                return new FleetSection(HoconObject.Empty, _position, path, _problems);
            case { Value: HoconObject values } field:
                return new FleetSection(values, field.KeyPosition, path, _problems);
            case var other:
                ReportValue(key, $"must be an object in braces, {key} {{ }}, not {other.Value.Kind}.");
                return new FleetSection(HoconObject.Empty, _position, path, problems: []);
        }
    }

    /// <summary>The objects within this one, each under an id that the user chose. An id with the value null is left out.</summary>
    public IEnumerable<(string Id, FleetSection Section)> Children()
    {
        foreach (var field in _values.Fields.Where(field => Has(field.Key)))
        {
            CheckId(field.Key, field.KeyPosition);
            yield return (field.Key, Section(field.Key));
        }
    }

    /// <summary>The ids in this object and where they are written.</summary>
    public IEnumerable<(string Id, HoconPosition Position)> Places() => _values.Fields.Select(field => (field.Key, field.KeyPosition));

    /// <summary>Where a key's value is written; null when there is none.</summary>
    public HoconPosition? Place(string key) => Take(key)?.Value.Position;

    /// <summary>Reports an id that cannot be part of paths, logs and actor names.</summary>
    public void CheckId(string id, HoconPosition position)
    {
        if (!IsId(id))
            Report(id, position, "is not a valid id: use 1 to 64 letters (without accents), digits, '-' and '_'.");
    }

    public string? Text(string key) => Scalar(key)?.Text;

    /// <summary>The text of a single value; null for an object or a list, which is not reported.</summary>
    public string? Word(string key) => (Take(key)?.Value as HoconScalar)?.Text;

    public bool? Flag(string key) =>
        Parse<bool>(key, TryParseFlag, text => $"must be true or false, not '{text}'.");

    public uint? Number(string key, uint min, uint max) =>
        Parse(
            key,
            (string text, out uint value) => TryParseNumber(text, min, max, out value),
            text => $"must be a whole number from {min} to {max}, not '{text}'.");

    /// <summary>Reads a secret number: no sentence about a problem repeats it.</summary>
    public Secret? Password(string key) =>
        Parse(
            key,
            (string text, out Secret value) =>
            {
                var good = TryParseNumber(text, 0, uint.MaxValue, out var number);
                value = new Secret(number);
                return good;
            },
            _ => $"must be a whole number from 0 to {uint.MaxValue}.");

    public TimeSpan? Duration(string key, TimeSpan min, TimeSpan max) =>
        Parse<TimeSpan>(
            key,
            (text, out value) => HoconDuration.TryParse(text, out value) && value >= min && value <= max,
            text => $"must be a duration from {Show(min)} to {Show(max)}, such as {ExamplesWithin(min, max)}, not '{text}'.");

    /// <summary>
    /// Reads a duration, or a word for an unlimited one (<c>always</c>, <c>forever</c>). The result also tells whether the key is written
    /// at all.
    /// </summary>
    public (bool Written, TimeSpan? Value) DurationOr(string word, string key, TimeSpan min, TimeSpan max)
    {
        if (Word(key) == word)
            return (true, null);

        var value = Parse<TimeSpan>(
            key,
            (text, out value) => HoconDuration.TryParse(text, out value) && value >= min && value <= max,
            text => $"must be '{word}' or a duration from {Show(min)} to {Show(max)} such as 60s, not '{text}'.");
        return (value is not null, value);
    }

    public LocalTime? TimeOfDay(string key) =>
        Parse(
            key,
            (string text, out LocalTime value) => HoursAndMinutes.Parse(text).TryGetValue(default, out value),
            text => $"must be a time of day from 00:00 to 23:59, such as \"07:00\", not '{text}'.");

    public T Choice<T>(string key, T otherwise, params IReadOnlyList<(string Word, T Value)> choices)
    {
        if (Scalar(key) is not { } scalar)
            return otherwise;

        foreach (var (word, value) in choices)
        {
            if (word == scalar.Text)
                return value;
        }

        ReportValue(key, $"must be {OneOf(choices.Select(choice => choice.Word))}, not '{scalar.Text}'.");
        return otherwise;
    }

    public T? Parse<T>(string key, TryParse<T> tryParse, Func<string, string> sentence)
        where T : struct
    {
        if (Scalar(key) is not { } scalar)
            return null;
        if (tryParse(scalar.Text, out var value))
            return value;

        ReportValue(key, sentence(scalar.Text));
        return null;
    }

    /// <summary>The items of a list; null when the key is not written or its value is not a list.</summary>
    public IReadOnlyList<HoconValue>? List(string key)
    {
        if (Take(key) is not { } field)
            return null;
        if (field.Value is HoconList list)
            return list.Items;

        ReportValue(key, $"must be a list in brackets, {key} = [ ], not {field.Value.Kind}.");
        return null;
    }

    /// <summary>The words of a list; items that are not single values are reported and left out.</summary>
    public IReadOnlyList<HoconScalar>? Words(string key)
    {
        var words = new List<HoconScalar>();
        if (List(key) is not { } items)
            return null;

        foreach (var item in items)
        {
            if (item is HoconScalar word)
                words.Add(word);
            else
                Report(key, item.Position, $"must hold single values, not {item.Kind}.");
        }

        return words;
    }

    /// <summary>Reports every key that no getter has read, with the nearest key that one has.</summary>
    public void RejectUnknown()
    {
        foreach (var field in _values.Fields.Where(field => !_known.Contains(field.Key)))
            Report(field.Key, field.KeyPosition, $"this key is unknown; the nearest known one is '{Nearest.To(field.Key, _known)}'.");
    }

    /// <summary>Reports that a key is missing.</summary>
    public void ReportMissing(string key, string sentence) => Report(key, _position, sentence);

    /// <summary>Reports that a key's value is wrong.</summary>
    public void ReportValue(string key, string sentence) => Report(key, _values.Field(key)?.Value.Position ?? _position, sentence);

    /// <summary>Reports a problem at a position within a key's value.</summary>
    public void Report(string key, HoconPosition position, string sentence) =>
        _problems.Add(new FleetProblem(position.File, position.Line, position.Column, HoconPath.Join([.. Path, key]), sentence));

    public static bool IsId(string text) =>
        text.Length is >= 1 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    public static string OneOf(IEnumerable<string> words) => string.Join(", ", words.SkipLast(1)) + " or " + words.Last();

    internal delegate bool TryParse<T>(string text, out T value);

    private HoconField? Take(string key)
    {
        _known.Add(key);
        return _values.Field(key) is { Value: not HoconScalar { IsNull: true } } field ? field : null;
    }

    private HoconScalar? Scalar(string key)
    {
        if (Take(key) is not { } field)
            return null;
        if (field.Value is HoconScalar scalar)
            return scalar;

        ReportValue(key, $"must be a single value, not {field.Value.Kind}.");
        return null;
    }

    private static bool TryParseFlag(string text, out bool value)
    {
        value = text is "true" or "yes" or "on";
        return value || text is "false" or "no" or "off";
    }

    private static bool TryParseNumber(string text, uint min, uint max, out uint value) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;

    private static string ExamplesWithin(TimeSpan min, TimeSpan max) => string.Join(
        " or ", ((string[])["500ms", "15s", "2m", "1h", "30d"]).Where(
            text => HoconDuration.TryParse(text, out var time) && time >= min && time <= max));

    private static string Show(TimeSpan time) =>
        time == TimeSpan.Zero ? "0s"
        : time.Ticks % TimeSpan.TicksPerDay == 0 ? $"{time.TotalDays}d"
        : time.Ticks % TimeSpan.TicksPerHour == 0 ? $"{time.TotalHours}h"
        : time.Ticks % TimeSpan.TicksPerSecond == 0 ? $"{time.TotalSeconds}s"
        : $"{time.TotalMilliseconds}ms";
}
