namespace Iec102.Page.Meters;

/// <summary>The words of the meter's pages (MeterTexts.resx).</summary>
public sealed class MeterTexts;
