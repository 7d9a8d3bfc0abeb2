using Iec102.Acquisition.Ports;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>The figures of a port that tell how well its line does.</summary>
public sealed class PortFiguresTests
{
    [Fact]
    public void The_time_in_use_is_that_of_the_last_minutes_and_not_the_mean_since_the_start()
    {
        var window = new BusyWindow(startedAt: Seconds(3));
        var busy = TimeSpan.Zero;
        // An hour in use, then idle.
        for (var second = 3; second <= 3603; second++)
            window.Take(busy = Seconds(second - 3), Seconds(second));
        Share(1).ShouldBe(1, 0.001);
        Share(15).ShouldBe(1, 0.001);

        window.Take(busy, Seconds(3603 + 30));
        Share(1).ShouldBe(0.5, 0.1);
        Share(15).ShouldBe(870 / 900.0, 0.02);
        window.Take(busy, Seconds(3603 + 450));
        (Share(1), Share(15)).ShouldSatisfyAllConditions(
            share => share.Item1.ShouldBe(0), share => share.Item2.ShouldBe(0.5, 0.02));
        window.Take(busy, Seconds(3603 + 7200));
        Share(15).ShouldBe(0);

        // In use again for a whole minute, after a long silence without a sample.
        window.Take(busy + Seconds(60), Seconds(3603 + 7260));
        // The minute begins on a full 10 s.
        Share(1).ShouldBeInRange(60 / 70.0, 1);
        Share(15).ShouldBe(1 / 15.0, 0.01);

        double Share(int minutes) => window.Share(TimeSpan.FromMinutes(minutes));
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
