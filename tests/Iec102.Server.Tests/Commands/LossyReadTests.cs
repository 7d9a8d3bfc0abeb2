using Iec102.Protocol.Application;

namespace Iec102.Server.Tests.Commands;

/// <summary>One-off commands with a meter that is silent on one request, or whose line is lost in the middle of an answer.</summary>
public sealed class LossyReadTests(SimulatedMeters meters) : IClassFixture<SimulatedMeters>
{
    private const int Usual = 0;
    private const int Enough = 3;
    private const string Quick = "--reply-timeout 200ms --retries 1";

    [Fact]
    public async Task A_meter_that_does_not_say_who_it_is_is_read_all_the_same()
    {
        await using var relay = Relay((request, _) => IsLost(request, TypeIdentification.ReadDeviceIdentification));

        var read = await Cli.RunAsync($"read current {To(relay)} --format csv");

        read.Status.ShouldBe(0, read.Error);
        read.Lines.Length.ShouldBe(1 + 24);
    }

    [Fact]
    public async Task A_meter_that_does_not_tell_its_clock_says_who_it_is()
    {
        await using var relay = Relay((request, _) => IsLost(request, TypeIdentification.ReadCurrentTime));

        var result = await Cli.RunAsync($"read id {To(relay)} --format csv");

        result.Status.ShouldBe(0, result.Error);
        result.Output.ShouldBe((await Cli.RunAsync($"read id {meters.Options(Usual)} --format csv")).Output);
    }

    [Theory]
    [InlineData("current")]
    [InlineData("clock")]
    public async Task A_meter_that_does_not_tell_its_clock_is_given_up_with_a_sentence(string what)
    {
        await using var relay = Relay((request, _) => IsLost(request, TypeIdentification.ReadCurrentTime));

        var result = await Cli.RunAsync($"read {what} {To(relay)}");

        result.Status.ShouldBe(1);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain("did not answer");
    }

    [Fact]
    public async Task What_was_not_asked_for_when_the_line_was_lost_for_good_is_named()
    {
        await using var relay = Relay(
            (request, _) => request == TypeIdentification.ReadFurtherConfiguration ? Fate.CutsTheLine : Fate.Arrives);

        var result = await Cli.RunAsync($"read config {To(relay)} --format csv");

        result.Status.ShouldBe(1);
        result.Output.ShouldContain(",registrar.");
        result.Error.ShouldNotContain(".;");
        result.Error.TrimEnd().Split('\n')[^1].ShouldStartWith(
            "Its further configuration, the dates of its clock changes could not be read: the far end closed the line");
    }

    [Theory]
    [InlineData("events", TypeIdentification.ReadEventsInRange)]
    [InlineData("closings", TypeIdentification.ReadIntegratedTotals)]
    public async Task Of_a_line_that_is_lost_at_each_attempt_what_came_is_written_and_the_rest_is_said_to_be_missing(
        string what, TypeIdentification type)
    {
        var whole = await Cli.RunAsync($"read {what} {meters.Options(Usual)} --from {From} --format csv");
        await using var relay = Relay((request, polls) => request == type && polls > Enough ? Fate.CutsTheLine : Fate.Arrives);

        var result = await Cli.RunAsync($"read {what} {To(relay)} --from {From} --format csv");

        result.Status.ShouldBe(1);
        result.Error.ShouldContain("3 of 3");
        result.Lines.Length.ShouldBeInRange(2, whole.Lines.Length - 1);
        WithoutReadAt(result).ShouldBeSubsetOf(WithoutReadAt(whole));
    }

    [Theory]
    [InlineData("events", TypeIdentification.ReadEventsInRange)]
    [InlineData("closings", TypeIdentification.ReadIntegratedTotals)]
    public async Task Of_a_line_that_is_lost_once_everything_is_there_and_nothing_twice(string what, TypeIdentification type)
    {
        var whole = await Cli.RunAsync($"read {what} {meters.Options(Usual)} --from {From} --format csv");
        var cuts = 0;
        await using var relay = Relay(
            (request, polls) => request == type && polls > Enough && cuts++ == 0 ? Fate.CutsTheLine : Fate.Arrives);

        var result = await Cli.RunAsync($"read {what} {To(relay)} --from {From} --format csv");

        result.Status.ShouldBe(0, result.Error);
        cuts.ShouldBeGreaterThan(1);
        WithoutReadAt(result).ShouldBe(WithoutReadAt(whole));
    }

    private static IEnumerable<string> WithoutReadAt(CliResult result) => result.Lines.Select(line => line[..line.LastIndexOf(',')]);

    private static string From => $"{DateTime.Today.AddDays(-60):yyyy-MM-dd}";

    private LossyRelay Relay(FrameRule rule) => new(meters.Address(Usual), rule);

    private static Fate IsLost(TypeIdentification request, TypeIdentification lost) => request == lost ? Fate.IsLost : Fate.Arrives;

    private string To(LossyRelay relay) =>
        $"{meters.Options(Usual).Replace(meters.Address(Usual), relay.Address, StringComparison.Ordinal)} {Quick}";
}
