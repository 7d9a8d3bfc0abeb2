namespace Iec102.Page.Components;

/// <summary>The words that several pages share (Words.resx): verdicts, causes, ages.</summary>
public sealed class Words;
