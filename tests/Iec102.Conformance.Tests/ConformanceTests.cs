using Iec102.Protocol.Application;
using Iec102.Testing;


namespace Iec102.Conformance.Tests;

/// <summary>Runs every case of the conformance report, and checks the report itself.</summary>
public class ConformanceTests
{
    public static TheoryData<string> Ids => [.. Case.All.Select(each => each.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_stations_conform_in_case(string id) => Case.All.Single(each => each.Id == id).Exchange(new Transcript());

    [Fact]
    public void R7_the_calendar_holds_in_every_case()
    {
        var cases = Case.All.Where(
            each => each.Id.StartsWith("CM-", StringComparison.Ordinal) || each.Id.StartsWith("CS-", StringComparison.Ordinal)).ToList();
        cases.ShouldNotBeEmpty();
        foreach (var each in cases)
            each.Exchange(new Transcript());
        Promise.Report("R7", "calendar",
            $"{cases.Count} cases of docs/conformance.md, days of 23 and 25 hours, year end, 29 February: all as written");
    }

    [Fact]
    public void R3_no_frame_of_the_report_is_lost_to_a_cut_or_taken_for_another_by_an_error_of_one_bit()
    {
        var transcripts = Case.All.Select(each =>
        {
            var transcript = new Transcript();
            each.Exchange(transcript);
            return transcript;
        });

        new FrameRobustness(transcripts).Rows().ShouldAllBe(row => row.IsKept);
    }

    [Fact]
    public void Every_id_is_used_once() => Case.All.Select(each => each.Id).ShouldBeUnique();

    [Theory]
    [InlineData("-> 10 49 02 00 4b 16")]
    [InlineData("-> 10 49 01 00 4a 16\n<- 10 0b 01 00 0c 16\n! Completed, link up")]
    [InlineData("-> 10 49 01 00 4a 16\n.. 4 s without an answer")]
    public void A_master_that_does_not_follow_the_script_is_caught(string script)
    {
        var master = new MasterBench(new Transcript());
        master.Ask(Request.Login(1, 1), restartLink: true);
        Should.Throw<Exception>(() => master.Follow(script));
    }

    [Theory]
    [InlineData("-> 10 49 01 00 4a 16\n<- 10 0b 02 00 0d 16")]
    [InlineData("-> 10 49 01 00 4a 16\n<- silence")]
    [InlineData("-> 10 49 01 00 4a 16")]
    public void A_slave_that_does_not_follow_the_script_is_caught(string script) =>
        Should.Throw<Exception>(() => new SlaveBench(new Transcript()).Follow(script));

    [Fact]
    public void The_report_in_docs_is_what_the_cases_exchange() => CheckedPage.Check("docs/conformance.md", ConformanceReport.Render());
}
