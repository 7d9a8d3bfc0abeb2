namespace Iec102.Hocon;

/// <summary>The position of a key or a value, to which error messages point.</summary>
/// <param name="File">The file, as the caller or an include named it.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1, in UTF-16 characters; a tab is one.</param>
public readonly record struct HoconPosition(string File, int Line, int Column)
{
    /// <summary>The position as <c>file:line:column</c>, which editors and terminals can follow.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
