using System.Text;

namespace Iec102.Conformance.Tests;

/// <summary>Renders docs/conformance.md from what the cases really exchange.</summary>
internal static class ConformanceReport
{
    private const int OctetsPerLine = 32;

    private static readonly (string Prefix, string Title)[] Groups =
    [
        ("LM", "Link layer, master"), ("LS", "Link layer, slave"), ("AM", "Application layer, master"), ("AS", "Application layer, slave"),
        ("CM", "Calendar, master"), ("CS", "Calendar, slave"),
    ];

    public static string Render()
    {
        var reports = Case.All.Select(Run).ToList();
        var passed = reports.Count(report => report.Failure is null);
        var page = new StringBuilder();
        page.Append($"""
            # Conformance report

            The tests make this page from what the stations really exchange (`scripts/test.sh --update` writes it; a test fails
            when it is out of date). Clauses are sections of the [protocol notes](protocol.md). Two stations are tested: the
            **master** is the link layer and the codecs with which the server reads meters, and the meter is scripted; the
            **slave** is the link layer and the simulated meter, and the master is scripted. The octets of the scripts are
            written by hand after the notes.

            `->` master to meter, `<-` meter to master, `..` time that passes, `=` what the octets mean according to the
            product's decoders, `!` how the exchange ends for the master. Application and calendar cases begin after LM-01 or
            LS-01, whose octets are not shown again. The link address is 1, the point 1, the key 1; the reply timeout is 5 s.

            {reports.Count} cases: {passed} pass, {reports.Count - passed} fail.


            """);
        foreach (var (prefix, title) in Groups)
            AppendSummary(page, title, [.. reports.Where(report => report.Case.Id.StartsWith(prefix, StringComparison.Ordinal))]);
        AppendPromises(page, new FrameRobustness(reports.Select(report => report.Transcript)).Rows());
        foreach (var (prefix, title) in Groups)
        {
            page.Append($"## {title}\n\n");
            foreach (var report in reports.Where(report => report.Case.Id.StartsWith(prefix, StringComparison.Ordinal)))
                AppendCase(page, report);
        }

        return page.ToString().TrimEnd() + "\n";
    }

    private static Report Run(Case each)
    {
        var transcript = new Transcript();
        try
        {
            each.Exchange(transcript);
            return new Report(each, transcript, null);
        }
        catch (Exception failure)
        {
            return new Report(each, transcript, failure.Message.ReplaceLineEndings(" "));
        }
    }

    private static void AppendSummary(StringBuilder page, string title, List<Report> reports)
    {
        page.Append($"| {title} | clause | result |\n|---|---|---|\n");
        foreach (var report in reports)
        {
            page.Append($"| [{report.Case.Id}](#{report.Case.Id.ToLowerInvariant()}) {report.Case.Title} ");
            page.Append($"| {report.Case.Clause} | {report.Result} |\n");
        }
        page.Append('\n');
    }

    private static void AppendPromises(StringBuilder page, IEnumerable<PromiseRow> rows)
    {
        page.Append("| Promise | procedure | observed | result |\n|---|---|---|---|\n");
        foreach (var row in rows)
            page.Append($"| {row.Id} | {row.Procedure} | {row.Observed} | {(row.IsKept ? "pass" : "FAIL")} |\n");
        page.Append(
            "\nThe [promises](promises.md) R3 and R7 are held by cases of this page: R7, the calendar, by CM and CS. Figures of the\n");
        page.Append("others change from run to run; `scripts/test.sh` prints them at its end.\n\n");
    }

    private static void AppendCase(StringBuilder page, Report report)
    {
        page.Append($"### {report.Case.Id}\n\n**{report.Case.Title}** ({report.Case.Clause}).\n{report.Case.Procedure}\n");
        page.Append($"Expected: {report.Case.Expected}\n");
        page.Append($"Observed: {report.Failure ?? "as expected"}. Result: **{report.Result}**\n\n");
        foreach (var line in report.Transcript.Lines.SelectMany(Wrap))
            page.Append($"    {line}\n");
        page.Append('\n');
    }

    private static IEnumerable<string> Wrap(string line)
    {
        var width = 3 + OctetsPerLine * 3;
        if (line[0] is not ('-' or '<') || line.Length < width)
            return [line];
        return line[3..].Split(' ').Chunk(OctetsPerLine).Select((octets, i) => $"{(i == 0 ? line[..3] : "   ")}{string.Join(' ', octets)}");
    }

    private sealed record Report(Case Case, Transcript Transcript, string? Failure)
    {
        public string Result => Failure is null ? "pass" : "FAIL";
    }
}
