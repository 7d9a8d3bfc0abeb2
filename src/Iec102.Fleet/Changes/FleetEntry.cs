using System.Text.RegularExpressions;
using Iec102.Hocon;

namespace Iec102.Fleet.Changes;

/// <summary>A key that is to be written into a fleet file: with a single value, or with an object.</summary>
public sealed partial class FleetEntry
{
    /// <summary>A key with a single value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; as a password also <c>${NAME}</c>, which stands for what the file or the environment has.</param>
    public FleetEntry(string key, string value) => (Key, Value) = (key, value);

    /// <summary>A key with an object.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fields">What the object holds.</param>
    public FleetEntry(string key, IReadOnlyList<FleetEntry> fields) => (Key, Fields) = (key, fields);

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The single value; null for an object.</summary>
    public string? Value { get; }

    /// <summary>The fields of the object.</summary>
    public IReadOnlyList<FleetEntry> Fields { get; } = [];

    /// <summary>Whether the value is looked up when the file is read.</summary>
    public bool IsSubstitution => Value is { } value && FleetSecrets.IsPassword(Key) && Substitution().IsMatch(value);

    /// <summary>The entry on one line.</summary>
    internal string OnOneLine => Value is { } value
        ? $"{HoconPath.Join([Key])} = {(IsSubstitution ? value : HoconText.Scalar(value))}"
        : $"{HoconPath.Join([Key])} {{ {string.Join(", ", Fields.Select(inner => inner.OnOneLine))} }}";

    [GeneratedRegex(@"^\$\{[A-Za-z_][A-Za-z0-9_.-]*\}$")]
    private static partial Regex Substitution();
}
