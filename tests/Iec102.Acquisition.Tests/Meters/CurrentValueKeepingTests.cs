using Iec102.Acquisition.Meters;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

public sealed class CurrentValueKeepingTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 10, 0);
    private static readonly CurrentValue[] Values = [new("voltage.l1", 230, "V", ValueQuality.Good, At, At)];

    [Fact]
    public void Without_history_the_latest_values_are_kept_every_10_s()
    {
        var keeping = new CurrentValueKeeping("m-1", historyEvery: null);

        Kept(keeping, [0, 5, 9.9, 10, 19, 21]).ShouldBe([(0, false), (10, false), (21, false)]);
    }

    [Fact]
    public void History_is_kept_as_often_as_asked_for_also_when_the_latest_need_not_be()
    {
        Kept(new CurrentValueKeeping("m-1", TimeSpan.FromSeconds(4)), [0, 1, 4, 8, 9]).ShouldBe([(0, true), (4, true), (8, true)]);
        Kept(new CurrentValueKeeping("m-1", TimeSpan.FromMinutes(1)), [0, 15, 30, 45, 60]).ShouldBe(
            [(0, true), (15, false), (30, false), (45, false), (60, true)]);
    }

    private static IReadOnlyList<(double Second, bool KeepsHistory)> Kept(CurrentValueKeeping keeping, double[] seconds) =>
    [
        .. from second in seconds
           let store = keeping.Take(Values, TimeSpan.FromSeconds(second))
           where store is not null && store.Meter == "m-1" && store.Values == Values
           select (second, store.KeepHistory),
    ];
}
