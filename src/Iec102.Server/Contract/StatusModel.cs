using Iec102.Acquisition.Verdicts;
using NodaTime;

namespace Iec102.Server.Contract;

/// <summary>A problem in the API: of a port, with the meters behind it, or of one meter.</summary>
internal sealed record ProblemModel(
    string Port, string? Meter, string Verdict, string? Cause, string? Since, string? NextTry, string? LastError, Advice? Advice,
    IReadOnlyList<string> Meters)
{
    public static ProblemModel Of(OpenProblem problem, DateTimeZone zone) => new(
        problem.Port, problem.Meter, Names.Of(problem.Verdict.Kind), Names.Of(problem.Verdict.Cause),
        TimeText.Format(problem.Verdict.Since, zone), TimeText.Format(problem.Verdict.NextTry, zone), problem.LastError,
        problem.Verdict.Advice, problem.Meters);
}

/// <summary>How many ports and meters have which verdict, and what is wrong.</summary>
internal sealed record StatusModel(
    string At, IReadOnlyList<ProblemModel> Problems, IReadOnlyDictionary<string, int> Meters, IReadOnlyDictionary<string, int> Ports)
{
    public static StatusModel Of(FleetVerdicts verdicts, Instant at, DateTimeZone zone) => new(
        TimeText.Format(at, zone), [.. verdicts.Problems.Select(problem => ProblemModel.Of(problem, zone))],
        Count(verdicts.Meters.Values), Count(verdicts.Ports.Values));

    /// <summary>Every verdict, also those that nothing has.</summary>
    private static Dictionary<string, int> Count(IEnumerable<Verdict> verdicts)
    {
        var counts = verdicts.CountBy(verdict => verdict.Kind).ToDictionary();
        return Enum.GetValues<VerdictKind>().ToDictionary(Names.Of, kind => counts.GetValueOrDefault(kind));
    }
}
