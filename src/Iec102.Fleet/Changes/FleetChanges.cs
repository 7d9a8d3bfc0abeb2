namespace Iec102.Fleet.Changes;

/// <summary>A value of a port or meter that is to be changed.</summary>
/// <param name="Section">The section that it stands in, <c>ports</c> or <c>meters</c>.</param>
/// <param name="Id">The id of the port or meter.</param>
/// <param name="Key">The key within it, such as <c>name</c> or <c>profiles.hourly.enabled</c>.</param>
/// <param name="Value">The new value.</param>
public sealed record FleetSetting(string Section, string Id, string Key, string Value);

/// <summary>What is to be changed in a fleet file.</summary>
/// <param name="Ports">The ports to add, each an object under its id.</param>
/// <param name="Meters">The meters to add, each an object under its id.</param>
/// <param name="Settings">The values to change.</param>
public sealed record FleetChanges(
    IReadOnlyList<FleetEntry> Ports, IReadOnlyList<FleetEntry> Meters, IReadOnlyList<FleetSetting> Settings);

/// <summary>A changed text of a fleet file, or why it could not be changed.</summary>
/// <param name="Text">The text, with the changes that were possible.</param>
/// <param name="Problems">The changes that were not possible, and why.</param>
public sealed record ChangedFleetText(string Text, IReadOnlyList<FleetProblem> Problems);
