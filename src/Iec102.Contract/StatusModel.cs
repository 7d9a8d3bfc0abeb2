using System.Text.Json.Serialization;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Contract;

/// <summary>
/// A problem in the API: of a node or a port, with the meters behind it, or of one meter, with its name and site. Where there are nodes it
/// has the node that is to blame, or that runs the port.
/// </summary>
public sealed record ProblemModel(
    string? Port, string? Meter, string Verdict, string? Cause, string? Since, string? NextTry, string? LastError, Advice? Advice,
    IReadOnlyList<string> Meters, string? Name = null, string? Site = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Node = null)
{
    public static ProblemModel Of(OpenProblem problem, DateTimeZone zone, MeterLabels? labels) => new(
        problem.Port, problem.Meter, Names.Of(problem.Verdict.Kind), Names.Of(problem.Verdict.Cause),
        TimeText.Format(problem.Verdict.Since, zone), TimeText.Format(problem.Verdict.NextTry, zone), problem.LastError,
        problem.Verdict.Advice, problem.Meters, labels?.Name, labels?.Site, problem.Node);
}

/// <summary>For how many meters yesterday is complete, of those that record a curve.</summary>
public sealed record YesterdayModel(int Complete, int Of);

/// <summary>
/// What is wrong, and how many ports and meters have which verdict. The fleet is starting, applying, in-force, rejected (a changed file is
/// not applied) or failed (a part could not be started).
/// </summary>
public sealed record StatusModel(
    string At, string Fleet, IReadOnlyList<ProblemModel> Problems, IReadOnlyDictionary<string, int> Meters,
    IReadOnlyDictionary<string, int> Ports, double? CatchingUpSeconds, YesterdayModel? Yesterday = null)
{
    public static StatusModel Of(FleetVerdicts verdicts, LiveMeters meters, FleetStatus fleet, Instant at)
    {
        var zone = fleet.Fleet.TimeZone;
        var state = fleet.Rejected is not null ? "rejected" : fleet.Failed.Count > 0 ? "failed" : FleetModel.StateOf(fleet);
        var labels = fleet.Fleet.Meters.ToDictionary(meter => meter.Id, meter => meter.Labels, StringComparer.Ordinal);
        var longest = verdicts.Meters.Values.Max(verdict => verdict.Remaining);
        var yesterday = CompleteMeters.Yesterday(fleet.Fleet, meters, at);
        return new StatusModel(
            TimeText.Format(at, zone), state,
            [.. verdicts.Problems.Select(problem => ProblemModel.Of(problem, zone, labels.GetValueOrDefault(problem.Meter ?? "")))],
            Count(verdicts.Meters.Values), Count(verdicts.Ports.Values),
            longest is { } remaining ? Math.Round(remaining.TotalSeconds) : null, new YesterdayModel(yesterday.Complete, yesterday.Of));
    }

    /// <summary>Every verdict, also those that nothing has.</summary>
    private static Dictionary<string, int> Count(IEnumerable<Verdict> verdicts)
    {
        var counts = verdicts.CountBy(verdict => verdict.Kind).ToDictionary();
        return Enum.GetValues<VerdictKind>().ToDictionary(Names.Of, kind => counts.GetValueOrDefault(kind));
    }
}
