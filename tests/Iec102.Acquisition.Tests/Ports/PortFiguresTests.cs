using Iec102.Acquisition.Ports;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>The figures of a port that tell how well its line does.</summary>
public sealed class PortFiguresTests
{
    [Fact]
    public void Counts_grow_in_the_last_minutes_only_and_evenly_between_two_samples()
    {
        var window = new CountWindow(counts: 2, startedAt: Seconds(3));
        long busy = 0;
        // An hour in use, then idle.
        for (var second = 3; second <= 3603; second++)
            Take(busy = 1000 * (second - 3), second);
        Share(1).ShouldBe(1, 0.001);
        Share(15).ShouldBe(1, 0.001);

        Take(busy, 3603 + 30);
        Share(1).ShouldBe(0.5, 0.1);
        Share(15).ShouldBe(870 / 900.0, 0.02);
        Take(busy, 3603 + 450);
        (Share(1), Share(15)).ShouldSatisfyAllConditions(
            share => share.Item1.ShouldBe(0), share => share.Item2.ShouldBe(0.5, 0.02));
        Take(busy, 3603 + 7200);
        Share(15).ShouldBe(0);

        // In use again for a whole minute, after a long silence without a sample.
        Take(busy + 60_000, 3603 + 7260);
        // The minute begins on a full 10 s.
        Share(1).ShouldBeInRange(60 / 70.0, 1);
        Share(15).ShouldBe(1 / 15.0, 0.01);

        // The other count is its own, and an int holds it as little as that of a line in use for a month.
        window.Take([busy + 60_000, 3_000_000_000], Seconds(3603 + 7261));
        window.Take([busy + 60_000, 3_000_000_007], Seconds(3603 + 8400));
        window.Growth(1, TimeSpan.FromMinutes(15)).ShouldBeInRange(5, 7);
        window.Growth(0, TimeSpan.FromMinutes(15)).ShouldBe(0);

        void Take(long first, int second) => window.Take([first, 0], Seconds(second));

        double Share(int minutes)
        {
            var of = TimeSpan.FromMinutes(minutes);
            return window.Growth(0, of) / window.Span(of).TotalMilliseconds;
        }
    }

    [Fact]
    public void Half_and_nearly_all_answers_came_within_a_time_that_is_right_to_a_fifth_and_old_answers_no_longer_count()
    {
        var trips = new RoundTrips();
        trips.Within(0.5).ShouldBeNull();
        for (var i = 0; i < 98; i++)
            trips.Add(TimeSpan.FromMilliseconds(100), Seconds(i));
        trips.Add(Seconds(2), Seconds(98));
        trips.Add(TimeSpan.FromMinutes(10), Seconds(99));

        Of(0.5).ShouldBeInRange(100, 120);
        Of(0.98).ShouldBeInRange(100, 120);
        Of(0.99).ShouldBeInRange(2000, 2400);
        Of(1).ShouldBeInRange(120_000, 145_000);

        for (var turn = 1; turn <= 2; turn++)
            trips.Add(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(15 * turn + 2));
        Of(1).ShouldBeInRange(10, 12);

        double Of(double share) => trips.Within(share)!.Value.TotalMilliseconds;
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
