using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>Two real nodes over one PostgreSQL: each line is read by exactly one of them, whatever becomes of the other.</summary>
public sealed class NodesTests
{
    private const int Days = 20;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    /// <summary>A lock that is released is taken at the next beat, and the session with each meter takes a moment.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Lines_and_their_gateways_move_when_a_node_is_killed_and_wander_back_when_it_is_there_again()
    {
        await using var two = await TwoNodes.StartAsync(Days);
        var a = await two.ServeBothAsync();

        var killed = DateTimeOffset.UtcNow;
        await a.KillAsync();
        await two.TalksAsync("line-1", since: killed);
        await two.RunsAsync("b", "line-1", "line-2");
        two.Silence("line-1", killed).ShouldBeLessThan(LongestSilence);
        two.Silence("line-2", killed).ShouldBeLessThan(LongestSilence);
        await ServedAsync(two.Gateways["line-1"]);

        var back = DateTimeOffset.UtcNow;
        await two.ServeAsync("a");
        await two.RunsAsync("a", "line-1");
        await two.RunsAsync("b", "line-2");
        await two.TalksAsync("line-1", since: back);
        two.Silence("line-1", back).ShouldBeLessThan(LongestSilence);
        await ServedAsync(two.Gateways["line-1"]);

        await two.ExactAsync("b");
        await two.VerifyAsync();
        two.Offences.ShouldBeEmpty(two.Output());
    }

    [Fact]
    public async Task A_node_that_is_stopped_gives_its_lines_away_at_once_and_a_changed_file_moves_them()
    {
        await using var two = await TwoNodes.StartAsync(Days);
        var a = await two.ServeBothAsync();

        var (exit, output) = await two.TwinAsync("b");
        exit.ShouldBe(2);
        output.ShouldContain("Another process is node 'b'");

        var changed = DateTimeOffset.UtcNow;
        await two.WriteAsync("ports.line-2.nodes = [a, b]");
        await two.RunsAsync("a", "line-1", "line-2");
        await two.TalksAsync("line-2", since: changed);
        two.Silence("line-2", changed).ShouldBeLessThan(AtOnce);

        var stopped = DateTimeOffset.UtcNow;
        (await a.TerminateAsync()).ShouldBe(0, two.Output());
        await two.TalksAsync("line-1", since: stopped);
        await two.TalksAsync("line-2", since: stopped);
        two.Silence("line-1", stopped).ShouldBeLessThan(AtOnce);
        two.Silence("line-2", stopped).ShouldBeLessThan(AtOnce);
        two.Offences.ShouldBeEmpty(two.Output());
        await two.RunsAsync("a");
        two.Output().ShouldNotContain("is lost");
    }

    [Fact]
    public async Task A_node_that_starts_without_the_database_reads_only_the_lines_that_are_pinned_to_it()
    {
        await using var two = await TwoNodes.StartAsync(Days);
        await two.WriteAsync("ports.line-1 { nodes = null, node = a }");
        var before = await two.ServeAsync("a");
        await two.TalksAsync("line-1", since: default);
        await before.TerminateAsync();
        await two.WriteAsync("store.postgres = \"Host=127.0.0.1;Port=1;Database=iec102\"");

        var (started, others) = (DateTimeOffset.UtcNow, two.Frames("line-2"));
        await two.ServeAsync("a");
        await two.TalksAsync("line-1", since: started);
        await ServedAsync(two.Gateways["line-1"]);
        two.Frames("line-2").ShouldBe(others);
    }

    /// <summary>The gateway of a line answers: on the node that owns the line now.</summary>
    private static async Task ServedAsync(int gateway)
    {
        await using var client = await OutsideMaster.ConnectAsync(gateway, link: 1);
        (await client.LogInAsync()).Outcome.ShouldBe(ExchangeOutcome.Completed);
        (await client.AskAsync(Request.ReadCurrentTime(1))).Outcome.ShouldBe(ExchangeOutcome.Completed);
    }
}
