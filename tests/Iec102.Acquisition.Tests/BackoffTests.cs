using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Iec102.Acquisition.Tests;

public sealed class BackoffTests
{
    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void Pauses_double_from_the_first_to_the_longest()
    {
        var backoff = Backoff.Doubling(Seconds(1), Seconds(60));
        Enumerable.Range(0, 9).Select(earlier => backoff.After(earlier).TotalSeconds).ShouldBe([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    [Fact]
    public void The_last_pause_of_a_schedule_is_repeated()
    {
        double[] minutes = [15, 60, 24 * 60, 24 * 60];
        Enumerable.Range(0, 4).Select(earlier => Backoff.ForPeople.After(earlier).TotalMinutes).ShouldBe(minutes);
    }

    [Fact]
    public void A_first_pause_beyond_the_longest_is_cut_to_it_and_one_of_nothing_is_refused()
    {
        Backoff.Doubling(Seconds(90), Seconds(60)).After(0).ShouldBe(Seconds(60));
        Should.Throw<ArgumentOutOfRangeException>(() => Backoff.Doubling(TimeSpan.Zero, Seconds(60)));
    }

    [Fact]
    public void Jitter_makes_each_pause_longer_by_its_share_at_most()
    {
        double[] bases = [1, 2, 4, 8, 16, 32, 60, 60, 60];
        var backoff = Backoff.Doubling(Seconds(1), Seconds(60), jitter: 0.2);
        for (var earlier = 0; earlier < bases.Length; earlier++)
            backoff.After(earlier, "north").TotalSeconds.ShouldBeInRange(bases[earlier], bases[earlier] * 1.2);
    }

    [Fact]
    public void Ports_lost_together_do_not_come_back_together_and_each_waits_as_long_in_every_run()
    {
        var backoff = Backoff.Doubling(Seconds(1), Seconds(60), jitter: 0.2);
        var pauses = Enumerable.Range(0, 100).Select(port => backoff.After(5, $"p{port}")).ToList();

        pauses.Distinct().Count().ShouldBeGreaterThan(90);
        (pauses.Max() - pauses.Min()).ShouldBeGreaterThan(Seconds(3));
        Backoff.Doubling(Seconds(1), Seconds(60), jitter: 0.2).After(5, "p7").ShouldBe(pauses[7]);
    }

    [Property]
    public Property However_often_it_fails_the_pause_stays_within_its_bounds() => Prop.ForAll(
        Gen.Choose(0, 100_000).ToArbitrary(),
        earlier => Backoff.Doubling(Seconds(2), Seconds(30), jitter: 0.2).After(earlier, "north") is var pause
            && pause >= Seconds(2) && pause <= Seconds(36));
}
