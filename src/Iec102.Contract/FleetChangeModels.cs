using Iec102.Fleet;

namespace Iec102.Contract;

/// <summary>A port that is to be added to the fleet file: a TCP line, or a serial device.</summary>
public sealed record NewPortModel(string? Id, string? Tcp = null, string? Device = null, string? Line = null, string? Node = null);

/// <summary>A meter that is to be added to the fleet file; what is null is left to its preset, or to the defaults.</summary>
public sealed record NewMeterModel(
    string? Id, string? Port, string? Preset = null, string? MeterNumber = null, int? LinkAddress = null, int? PointAddress = null,
    string? Password = null, string? Name = null, string? Site = null, string? Group = null, string? Cups = null);

/// <summary>A value of a meter, or of a port, that is to be changed in the fleet file; the key as it is written there.</summary>
public sealed record FleetSettingModel(string? Meter, string? Key, string? Value, string? Port = null);

/// <summary>
/// Changes of the fleet file. The basis is the hash of the file as it was shown; without <paramref name="Save"/> nothing is written.
/// </summary>
public sealed record FleetChangesModel(
    IReadOnlyList<NewPortModel>? Ports = null, IReadOnlyList<NewMeterModel>? Meters = null, IReadOnlyList<FleetSettingModel>? Set = null,
    string? Basis = null, bool Save = false);

/// <summary>Whether the fleet file of another node was changed too.</summary>
public sealed record NodeSavedModel(string Node, bool Saved, string? Problem);

/// <summary>
/// What changes of the fleet file come to: the difference as unified lines with **** in place of secrets, what is wrong with the file then,
/// its hashes before and after, and whether it was saved here and at the other nodes.
/// </summary>
public sealed record FleetDifferenceModel(
    string File, string Before, string After, IReadOnlyList<string> Difference, IReadOnlyList<FleetProblem> Problems, bool Saved,
    IReadOnlyList<NodeSavedModel> Nodes);
