namespace Iec102.Hocon;

/// <summary>The place of a key or a value: what an error message points at.</summary>
/// <param name="File">The file as it was named by the caller or reached through an include.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1, in UTF-16 characters; a tab is one.</param>
public readonly record struct HoconPosition(string File, int Line, int Column)
{
    /// <summary>The place as <c>file:line:column</c>, which editors and terminals can follow.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
