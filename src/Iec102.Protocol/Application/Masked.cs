namespace Iec102.Protocol.Application;

/// <summary>A value that is never shown by accident: it has no public property, and its text is always **.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="value">The value.</param>
public sealed class Masked<T>(T value) : IEquatable<Masked<T>>
    where T : notnull
{
    private readonly T _value = value;

    /// <summary>Returns the value itself, to code that must use it.</summary>
    public T Reveal() => _value;

    /// <summary>Always **.</summary>
    public override string ToString() => "**";

    /// <inheritdoc/>
    public bool Equals(Masked<T>? other) => other is not null && EqualityComparer<T>.Default.Equals(_value, other._value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Masked<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();
}
