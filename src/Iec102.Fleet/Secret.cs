namespace Iec102.Fleet;

/// <summary>
/// A meter's password (the access key of the login, type 183), held so that it cannot get into a log, an exception text or a serialised
/// object: it has no public property, and its text is always <c>****</c>.
/// </summary>
/// <param name="value">The key, 0 to 4294967295.</param>
public readonly struct Secret(uint value) : IEquatable<Secret>
{
    private readonly uint _value = value;

    /// <summary>The key itself, for the login request only.</summary>
    public uint Reveal() => _value;

    /// <summary>Always <c>****</c>.</summary>
    public override string ToString() => "****";

    /// <inheritdoc/>
    public bool Equals(Secret other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Secret other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <summary>Whether both are the same key.</summary>
    public static bool operator ==(Secret left, Secret right) => left.Equals(right);

    /// <summary>Whether they are different keys.</summary>
    public static bool operator !=(Secret left, Secret right) => !left.Equals(right);
}
