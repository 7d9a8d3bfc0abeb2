namespace Iec102.Page.Components;

/// <summary>The texts of the dialogs that change the fleet file.</summary>
public sealed class ChangeTexts;
