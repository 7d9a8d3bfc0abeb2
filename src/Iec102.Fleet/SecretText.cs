namespace Iec102.Fleet;

/// <summary>
/// A text that must not get into a log, an exception or an answer of the API, such as a connection string or a key between nodes: it has no
/// public property, and shows as <c>****</c>.
/// </summary>
/// <param name="value">The text.</param>
public sealed class SecretText(string value) : IEquatable<SecretText>
{
    private readonly string _value = value;

    /// <summary>The text itself.</summary>
    public string Reveal() => _value;

    /// <summary>Always <c>****</c>.</summary>
    public override string ToString() => "****";

    /// <inheritdoc/>
    public bool Equals(SecretText? other) => other?._value == _value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SecretText);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);
}
