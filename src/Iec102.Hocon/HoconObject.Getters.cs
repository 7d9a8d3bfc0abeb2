using System.Globalization;

namespace Iec102.Hocon;

/// <content>Typed getters. Each takes a dotted path, and fails with the place and that path when the value is missing or of another kind.</content>
public sealed partial class HoconObject
{
    /// <summary>Whether there is a value, other than null, at the path.</summary>
    public bool Has(string path) => Find(path) is not (null or HoconScalar { IsNull: true });

    /// <summary>The object at the path.</summary>
    /// <exception cref="HoconException">It is missing or not an object.</exception>
    public HoconObject GetObject(string path) => Get<HoconObject>(path);

    /// <summary>The list at the path.</summary>
    /// <exception cref="HoconException">It is missing or not a list.</exception>
    public HoconList GetList(string path) => Get<HoconList>(path);

    /// <summary>The texts of the list at the path.</summary>
    /// <exception cref="HoconException">It is missing, not a list, or holds an object or list.</exception>
    public IReadOnlyList<string> GetStringList(string path) =>
        [.. GetList(path).Items.Select(item => item is HoconScalar scalar ? scalar.Text : throw WrongKind(path, item, "a list of single values"))];

    /// <summary>The text at the path.</summary>
    /// <exception cref="HoconException">It is missing, an object or a list.</exception>
    public string GetString(string path) => Get<HoconScalar>(path).Text;

    /// <summary>The text at the path, or another when there is none.</summary>
    /// <exception cref="HoconException">It is an object or a list.</exception>
    public string? GetString(string path, string? fallback) => Has(path) ? GetString(path) : fallback;

    /// <summary>The truth value at the path: true, yes, on; false, no, off.</summary>
    /// <exception cref="HoconException">It is missing or none of these words.</exception>
    public bool GetBoolean(string path) => Convert<bool>(path, TryParseBoolean, "is neither true nor false");

    /// <summary>The truth value at the path, or another when there is none.</summary>
    /// <exception cref="HoconException">It is none of the words for one.</exception>
    public bool GetBoolean(string path, bool fallback) => Has(path) ? GetBoolean(path) : fallback;

    /// <summary>The whole number at the path.</summary>
    /// <exception cref="HoconException">It is missing, not a whole number, or outside 32 bits.</exception>
    public int GetInt32(string path) => Convert<int>(path, TryParseInt32, "is not a whole number");

    /// <summary>The whole number at the path, or another when there is none.</summary>
    /// <exception cref="HoconException">It is not a whole number, or outside 32 bits.</exception>
    public int GetInt32(string path, int fallback) => Has(path) ? GetInt32(path) : fallback;

    /// <summary>The whole number at the path.</summary>
    /// <exception cref="HoconException">It is missing, not a whole number, or outside 64 bits.</exception>
    public long GetInt64(string path) => Convert<long>(path, TryParseInt64, "is not a whole number");

    /// <summary>The number at the path.</summary>
    /// <exception cref="HoconException">It is missing or not a number.</exception>
    public double GetDouble(string path) => Convert<double>(path, TryParseDouble, "is not a number");

    /// <summary>The duration at the path, see <see cref="HoconQuantity.TryParseDuration"/>.</summary>
    /// <exception cref="HoconException">It is missing or not a duration.</exception>
    public TimeSpan GetTimeSpan(string path) => Convert<TimeSpan>(path, HoconQuantity.TryParseDuration, "is not a duration such as 500ms, 3s, 2m, 1h or 30d");

    /// <summary>The duration at the path, or another when there is none.</summary>
    /// <exception cref="HoconException">It is not a duration.</exception>
    public TimeSpan GetTimeSpan(string path, TimeSpan fallback) => Has(path) ? GetTimeSpan(path) : fallback;

    /// <summary>The size in bytes at the path, see <see cref="HoconQuantity.TryParseSize"/>.</summary>
    /// <exception cref="HoconException">It is missing or not a size.</exception>
    public long GetByteSize(string path) => Convert<long>(path, HoconQuantity.TryParseSize, "is not a size such as 512, 64KiB or 10MB");

    /// <summary>Reads true, yes, on, false, no, off.</summary>
    public static bool TryParseBoolean(string text, out bool value)
    {
        value = text is "true" or "yes" or "on";
        return value || text is "false" or "no" or "off";
    }

    private delegate bool TryParse<T>(string text, out T value);

    private static bool TryParseInt32(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryParseInt64(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryParseDouble(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private T Convert<T>(string path, TryParse<T> tryParse, string otherwise)
    {
        var scalar = Get<HoconScalar>(path);
        return tryParse(scalar.Text, out var value)
            ? value
            : throw new HoconException(scalar.Position, $"{path}: '{scalar.Text}' {otherwise}.");
    }

    private T Get<T>(string path)
        where T : HoconValue => Find(path) switch
        {
            null or HoconScalar { IsNull: true } => throw new HoconException(Position, $"{path} is missing."),
            T value => value,
            var other => throw WrongKind(path, other, KindOf<T>()),
        };

    private static string KindOf<T>() =>
        typeof(T) == typeof(HoconObject) ? "an object"
        : typeof(T) == typeof(HoconList) ? "a list"
        : "a single value";

    private static HoconException WrongKind(string path, HoconValue value, string expected) =>
        new(value.Position, $"{path}: {expected} was expected here, but this is {value.Kind}.");
}
