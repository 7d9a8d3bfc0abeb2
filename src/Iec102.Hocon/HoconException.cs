namespace Iec102.Hocon;

/// <summary>
/// The only exception this library throws because of what a text contains. Its message is <c>file:line:column: sentence</c>.
/// Sentences about syntax never repeat the value itself, which may be a secret.
/// </summary>
public sealed class HoconException : Exception
{
    /// <summary>Reports an error at a position.</summary>
    /// <param name="position">Where the offending text begins.</param>
    /// <param name="sentence">What is wrong and what to write instead, without the position.</param>
    public HoconException(HoconPosition position, string sentence)
        : base($"{position}: {sentence}")
    {
        Position = position;
        Sentence = sentence;
    }

    /// <summary>Where the offending text begins.</summary>
    public HoconPosition Position { get; }

    /// <summary>The file of <see cref="Position"/>.</summary>
    public string File => Position.File;

    /// <summary>The line of <see cref="Position"/>, from 1.</summary>
    public int Line => Position.Line;

    /// <summary>The column of <see cref="Position"/>, from 1.</summary>
    public int Column => Position.Column;

    /// <summary>What is wrong, without the position.</summary>
    public string Sentence { get; }
}
