using Iec102.Acquisition.Fleets;
using Iec102.Fleet;

namespace Iec102.Contract;

/// <summary>A child of the fleet in the API.</summary>
public sealed record FleetChildModel(string Part, string Id, string? Curve)
{
    public static FleetChildModel Of(FleetChild child) => new(Names.Of(child.Part), child.Id, child.Curve?.Name());
}

/// <summary>A change that is not in force yet.</summary>
public sealed record PendingChangeModel(
    string Part, string Id, string? Curve, string Change, string Since, bool Ending, IReadOnlyList<FleetChildModel> WaitsFor);

/// <summary>A child that could not be started.</summary>
public sealed record FailedChangeModel(string Part, string Id, string? Curve, string Error, string NextTry);

/// <summary>A changed fleet file that is not applied.</summary>
public sealed record RejectionModel(string At, IReadOnlyList<FleetProblem> Problems)
{
    public static RejectionModel? Of(FleetStatus status) => status.Rejected is { } rejected
        ? new RejectionModel(TimeText.Format(rejected.At, status.Fleet.TimeZone), rejected.Problems)
        : null;
}

/// <summary>The fleet in the API; its state is starting, in-force or applying.</summary>
public sealed record FleetModel(
    string State, int Ports, int Meters, string? AcceptedAt, IReadOnlyList<PendingChangeModel> Pending,
    IReadOnlyList<FailedChangeModel> Failed, RejectionModel? Rejected)
{
    /// <summary>The name of the fleet file; null for a server that has none.</summary>
    public string? File { get; init; }

    /// <summary>The hash of the fleet file as it is on the disk; null when it cannot be read.</summary>
    public string? Hash { get; init; }

    public static string StateOf(FleetStatus status) =>
        status.AcceptedAt is null ? "starting" : status.IsInForce ? "in-force" : "applying";

    public static FleetModel Of(FleetStatus status)
    {
        var zone = status.Fleet.TimeZone;
        return new FleetModel(
            StateOf(status),
            status.Fleet.Ports.Count, status.Fleet.Meters.Count, status.AcceptedAt is { } at ? TimeText.Format(at, zone) : null,
            [
                .. status.Pending.Select(pending => new PendingChangeModel(
                    Names.Of(pending.Child.Part), pending.Child.Id, pending.Child.Curve?.Name(), Names.Of(pending.Change),
                    TimeText.Format(pending.Since, zone), pending.IsEnding,
                    [.. pending.WaitsFor.Select(FleetChildModel.Of)])),
            ],
            [
                .. status.Failed.Select(failed => new FailedChangeModel(
                    Names.Of(failed.Child.Part), failed.Child.Id, failed.Child.Curve?.Name(), failed.Error,
                    TimeText.Format(failed.NextTry, zone))),
            ],
            RejectionModel.Of(status));
    }
}
