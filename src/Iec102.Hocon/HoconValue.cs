namespace Iec102.Hocon;

/// <summary>A resolved value (substitutions replaced, duplicates merged) and the position where it is written.</summary>
public abstract class HoconValue
{
    private protected HoconValue(HoconPosition position) => Position = position;

    /// <summary>
    /// Where the value begins. A value that came through a substitution keeps the position where it was written; one from the environment
    /// has the position of the substitution.
    /// </summary>
    public HoconPosition Position { get; }

    /// <summary>What the value is, for use in sentences: "an object", "a list", "a single value".</summary>
    public abstract string Kind { get; }
}

/// <summary>A string, number, boolean or null: HOCON tells them apart only when the value is used.</summary>
public sealed class HoconScalar : HoconValue
{
    /// <summary>Makes a scalar from its text.</summary>
    /// <param name="text">The text, without quotes and with escapes replaced.</param>
    /// <param name="quoted">Whether any part of it was written in quotes (or came from the environment).</param>
    /// <param name="position">Where it begins.</param>
    public HoconScalar(string text, bool quoted, HoconPosition position)
        : base(position)
    {
        Text = text;
        Quoted = quoted;
    }

    /// <summary>The text, without quotes and with escapes replaced.</summary>
    public string Text { get; }

    /// <summary>Whether any part of it was written in quotes (or came from the environment).</summary>
    public bool Quoted { get; }

    /// <summary>Whether this is the unquoted word null, which means that there is no value.</summary>
    public bool IsNull => !Quoted && Text == "null";

    /// <inheritdoc/>
    public override string Kind => "a single value";
}

/// <summary>A list of values.</summary>
public sealed class HoconList : HoconValue
{
    /// <summary>Makes a list from its items.</summary>
    /// <param name="items">The items, in order.</param>
    /// <param name="position">Where the list begins.</param>
    public HoconList(IReadOnlyList<HoconValue> items, HoconPosition position)
        : base(position) => Items = items;

    /// <summary>The items, in the order written.</summary>
    public IReadOnlyList<HoconValue> Items { get; }

    /// <inheritdoc/>
    public override string Kind => "a list";
}

/// <summary>One key of an object and its value.</summary>
/// <param name="Key">The key, without quotes; one element of a dotted path.</param>
/// <param name="KeyPosition">
/// Where the key was written for this value; for an object written in several pieces, where the first of them begins.
/// </param>
/// <param name="Value">The value.</param>
public sealed record HoconField(string Key, HoconPosition KeyPosition, HoconValue Value);
