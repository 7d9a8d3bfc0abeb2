using Iec102.Faults.Tests.Networks;
using Iec102.Faults.Tests.Sites;

namespace Iec102.Faults.Tests;

/// <summary>
/// Promise R10 with real processes: whatever happens to nodes, links and database, no line ever has two talkers, a floating line is not
/// silent for long, a pinned one is not disturbed by what its node does not need, and no interval is lost, altered or doubled.
/// </summary>
public sealed class FaultTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    /// <summary>How long a node's session may be silent before the database frees its locks.</summary>
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(6);

    /// <summary>How long a floating line may be silent when its owner dies, stops or is cut off.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    /// <summary>How long a line that is read every second may seem silent.</summary>
    private static readonly TimeSpan Undisturbed = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a line may be silent that is given away: what is being asked may take 3 s, and the next node looks every second.
    /// </summary>
    private static readonly TimeSpan GivenAway = TimeSpan.FromSeconds(5);

    /// <summary>How long a gateway's client may wait when the line is busy with a request that takes 3 s.</summary>
    private static readonly TimeSpan Served = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Site Site => fixture.Site;

    private Node A => Site["a"];

    private Node B => Site["b"];

    /// <summary>Also a port that wanders from a to another node and back.</summary>
    [NetworkFact]
    public async Task Kill_9()
    {
        var trial = await Trial.BeginAsync(Site);
        await A.KillAsync();
        await trial.MovedAsync("line-3", from: A, Patience);
        await trial.MovedAsync("line-4", from: A, Patience);
        trial.Over();
        await A.StartAsync();

        var outcome = await trial.EndAsync("kill -9");

        outcome.FloatingSilence.ShouldBeLessThan(Bound);
        outcome.MovesBack.ShouldBeGreaterThanOrEqualTo(2);
    }

    [NetworkFact]
    public async Task Stopped_for_longer_than_its_session_may_be_silent_and_continued()
    {
        var trial = await Trial.BeginAsync(Site);
        A.Process.Pause();
        await Wait.ForAsync(Ttl * 2);
        var continued = DateTimeOffset.UtcNow;
        trial.Over();
        A.Process.Continue();
        await Wait.ForAsync(Ttl);
        // It takes a lock only after another ttl, so these would be frames of the old owner.
        Site.Record.Frames("line-3", A.Host.Address, continued).ShouldBe(0);
        Site.Record.Frames("line-4", A.Host.Address, continued).ShouldBe(0);

        var outcome = await trial.EndAsync("stopped and continued");

        outcome.FloatingSilence.ShouldBeLessThan(Bound);
        outcome.Moves.ShouldBeGreaterThanOrEqualTo(2);
    }

    [NetworkFact]
    public async Task Cut_off_from_the_database_a_node_reads_its_own_lines_on()
    {
        await using var client = await GatewayClient.ConnectAsync(A);
        var trial = await Trial.BeginAsync(Site);
        var cut = await Site.Network.CutAsync(A.Host, Site.DatabaseHost);
        await Wait.ForAsync(Ttl * 4);
        trial.Over();
        await cut.HealAsync();

        var outcome = await trial.EndAsync("cut off from the database");

        outcome.FloatingSilence.ShouldBeLessThan(Bound);
        outcome.PinnedSilence.ShouldBeLessThan(Undisturbed);
        client.Failures.ShouldBeEmpty();
        client.LongestWait.ShouldBeLessThan(Served);
        client.Answers.ShouldBeGreaterThan(30);
    }

    [NetworkFact]
    public async Task Cut_off_from_everything()
    {
        var trial = await Trial.BeginAsync(Site);
        var cut = await Site.Network.CutOffAsync(A.Host);
        await trial.MovedAsync("line-3", from: A, Patience);
        await trial.MovedAsync("line-4", from: A, Patience);
        trial.Over();
        // What a had on the way to the meters must not arrive now.
        await cut.HealAsync();

        (await trial.EndAsync("cut off from everything")).FloatingSilence.ShouldBeLessThan(Bound);
    }

    /// <summary>
    /// The journal holds back what a has given it until another node has taken the line over; then a's events come before, and after it has
    /// been continued also after those of its successor.
    /// </summary>
    [NetworkFact]
    public async Task A_stale_writer()
    {
        var trial = await Trial.BeginAsync(Site);
        await using (await Site.HoldJournalAsync())
        {
            A.Process.Pause();
            await trial.MovedAsync("line-3", from: A, Patience);
        }

        trial.Over();
        A.Process.Continue();

        await trial.EndAsync("stale writer");
    }

    [NetworkFact(setsClocks: true)]
    public async Task The_clock_of_a_node_jumps_an_hour_forward_and_back()
    {
        (await A.TerminateAsync()).ShouldBe(0);
        await A.StartAsync(canSetClock: true);
        await Site.SettleAsync();
        var trial = await Trial.BeginAsync(Site);
        await A.SetClockAsync(TimeSpan.FromHours(1));
        await Wait.ForAsync(Ttl);
        await A.SetClockAsync(TimeSpan.FromHours(-1));
        await Wait.ForAsync(Ttl);
        trial.Over();
        await A.SetClockAsync(TimeSpan.Zero);

        var outcome = await trial.EndAsync("clock +-1 h");

        outcome.PinnedSilence.ShouldBeLessThan(Undisturbed);
    }

    [NetworkFact]
    public async Task Two_nodes_that_cannot_see_each_other()
    {
        var trial = await Trial.BeginAsync(Site);
        var cut = await Site.Network.CutAsync(A.Host, B.Host);
        await Wait.ForAsync(Ttl * 2);
        trial.Over();
        await cut.HealAsync();

        AssertNothingMoved(await trial.EndAsync("two nodes cannot see each other"));
    }

    [NetworkFact]
    public async Task Started_while_it_is_cut_off_a_node_reads_its_own_lines()
    {
        var trial = await Trial.BeginAsync(Site);
        (await A.TerminateAsync()).ShouldBe(0);
        var cut = await Site.Network.CutAsync(A.Host, Site.DatabaseHost);
        var started = DateTimeOffset.UtcNow;
        await A.StartAsync();
        await Wait.UntilAsync(
            () => Task.FromResult(Site.Record.Frames("line-1", A.Host.Address, started) > 10 ? null : $"line-1 is silent.\n{A.Output}"),
            Patience);
        trial.Over();
        await cut.HealAsync();

        await trial.EndAsync("started while cut off");
    }

    [NetworkFact]
    public async Task The_database_is_restarted()
    {
        var trial = await Trial.BeginAsync(Site);
        await Site.Database.StopAsync();
        await Site.Database.StartAgainAsync();
        trial.Over();

        AssertNothingMoved(await trial.EndAsync("PostgreSQL restarted"));
    }

    [NetworkFact]
    public async Task The_database_is_away_for_35_s_and_a_node_starts_meanwhile()
    {
        await using var client = await GatewayClient.ConnectAsync(A);
        var trial = await Trial.BeginAsync(Site);
        await Site.Database.StopAsync();
        (await B.TerminateAsync()).ShouldBe(0);
        var started = DateTimeOffset.UtcNow;
        await B.StartAsync();
        await Wait.ForAsync(TimeSpan.FromSeconds(35) - (DateTimeOffset.UtcNow - started));
        Site.Record.Frames("line-2", B.Host.Address, started).ShouldBeGreaterThan(10);
        trial.Over();
        await Site.Database.StartAgainAsync();

        var outcome = await trial.EndAsync("PostgreSQL away for 35 s");

        client.Failures.ShouldBeEmpty();
        client.LongestWait.ShouldBeLessThan(Served);
        outcome.Moves.ShouldBe(0);
    }

    [NetworkFact]
    public async Task A_second_process_with_the_name_of_a_node()
    {
        var trial = await Trial.BeginAsync(Site);
        await using (var twin = A.BeginTwin(elsewhere: Site["c"].Host))
        {
            (await twin.EndedAsync()).ShouldNotBe(0);
            twin.Output.ShouldContain("node 'a'");
        }

        trial.Over();

        var outcome = await trial.EndAsync("the same name twice");

        outcome.FloatingSilence.ShouldBeLessThan(Undisturbed);
        outcome.PinnedSilence.ShouldBeLessThan(Undisturbed);
    }

    [NetworkFact]
    public async Task SIGTERM()
    {
        var trial = await Trial.BeginAsync(Site);
        (await A.TerminateAsync()).ShouldBe(0);
        await trial.MovedAsync("line-3", from: A, Patience);
        await trial.MovedAsync("line-4", from: A, Patience);
        trial.Over();
        await A.StartAsync();

        var outcome = await trial.EndAsync("SIGTERM");

        outcome.FloatingSilence.ShouldBeLessThan(GivenAway);
    }

    /// <summary>Another node is asked to, as an operator may ask any.</summary>
    [NetworkFact]
    public async Task Drained_for_a_while()
    {
        var trial = await Trial.BeginAsync(Site);
        await B.DrainAsync(A, isDraining: true);
        await trial.MovedAsync("line-3", from: A, Patience);
        await trial.MovedAsync("line-4", from: A, Patience);
        // Longer than it takes to hand a line back to the node that is preferred.
        await Wait.ForAsync(Ttl * 2);
        trial.Over();
        await B.DrainAsync(A, isDraining: false);

        var outcome = await trial.EndAsync("drained");

        outcome.FloatingSilence.ShouldBeLessThan(GivenAway);
        outcome.PinnedSilence.ShouldBeLessThan(Undisturbed);
        outcome.Moves.ShouldBe(2);
        outcome.MovesBack.ShouldBe(2);
    }

    private static void AssertNothingMoved(Trial.Outcome outcome)
    {
        outcome.Moves.ShouldBe(0);
        outcome.MovesBack.ShouldBe(0);
        outcome.FloatingSilence.ShouldBeLessThan(Undisturbed);
        outcome.PinnedSilence.ShouldBeLessThan(Undisturbed);
    }
}
