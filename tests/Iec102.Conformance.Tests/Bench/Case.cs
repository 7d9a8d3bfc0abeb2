
namespace Iec102.Conformance.Tests;

/// <summary>
/// One test case of the conformance report. The case contains its octets, taken from the worked examples of the protocol notes or made by
/// hand after their layouts; the report shows what was really exchanged.
/// </summary>
/// <param name="Id">A prefix and a number. LM, LS: link layer, master and slave; AM, AS: application layer; CM, CS: calendar.</param>
/// <param name="Title">What is tested, in a few words.</param>
/// <param name="Clause">Sections of the protocol notes.</param>
/// <param name="Procedure">What happens to the station under test.</param>
/// <param name="Expected">What the station must do.</param>
/// <param name="Exchange">Runs the case; throws when the station does anything else.</param>
internal sealed record Case(string Id, string Title, string Clause, string Procedure, string Expected, Action<Transcript> Exchange)
{
    /// <summary>A case that tests the master; the meter is scripted.</summary>
    public static Case Master(string id, string title, string clause, string procedure, string expected, Action<MasterBench> exchange) =>
        new(id, title, clause, procedure, expected, transcript => exchange(new MasterBench(transcript)));

    /// <summary>A case that tests the simulated meter; the master is scripted.</summary>
    public static Case Slave(string id, string title, string clause, string procedure, string expected, Action<SlaveBench> exchange) =>
        new(id, title, clause, procedure, expected, transcript => exchange(new SlaveBench(transcript)));

    /// <summary>All cases, by id.</summary>
    public static IReadOnlyList<Case> All { get; } =
    [
        .. ((IEnumerable<Case>)[
            .. LinkMasterCases.All, .. LinkFaultCases.All, .. LinkSlaveCases.All,
            .. MasterReadCases.All, .. MasterSeriesCases.All, .. MasterContractCases.All,
            .. RefusalCases.All, .. SlaveReadCases.All, .. SlaveContractCases.All, .. CalendarMasterCases.All, .. CalendarSlaveCases.All,
        ]).OrderBy(each => each.Id, StringComparer.Ordinal),
    ];

    public override string ToString() => $"{Id} {Title}";
}

/// <summary>What was exchanged, line by line, in the notation of the cases.</summary>
internal sealed class Transcript
{
    private readonly List<string> _lines = [];

    /// <summary>While true, nothing is recorded: for the frames before the case proper.</summary>
    public bool IsMuted { get; set; }

    public IReadOnlyList<string> Lines => _lines;

    public void Add(string line)
    {
        if (!IsMuted)
            _lines.Add(line);
    }
}
