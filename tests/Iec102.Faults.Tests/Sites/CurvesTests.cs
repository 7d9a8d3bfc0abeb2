namespace Iec102.Faults.Tests.Sites;

/// <summary>The comparison of curves notices each kind of difference.</summary>
public sealed class CurvesTests
{
    private const string One = "sim-1,hourly,2026-11-29T01:00:00+01:00,7,0";
    private const string Two = "sim-1,hourly,2026-11-29T02:00:00+01:00,8,0";
    private const string Other = "sim-2,hourly,2026-11-29T01:00:00+01:00,7,0";

    [Fact]
    public void Each_interval_that_is_missing_altered_doubled_or_invented_is_counted()
    {
        Curves.Compare([One, Two, Other], [One, Two, Other]).AreExact.ShouldBeTrue();
        Curves.Compare([One, Other], [One, Two, Other]).ShouldBe(new Curves(3, Missing: 1, Altered: 0, Doubled: 0));
        Curves.Compare([One, Two.Replace(",8,", ",9,", StringComparison.Ordinal)], [One, Two]).ShouldBe(new Curves(2, 0, Altered: 1, 0));
        Curves.Compare([One, Two, Two], [One, Two]).ShouldBe(new Curves(2, 0, 0, Doubled: 1));
        Curves.Compare([One, Other], [One]).ShouldBe(new Curves(1, 0, 0, Doubled: 1));
    }

    [Fact]
    public void A_range_has_its_end_and_not_its_beginning() =>
        Curves.Within(
                [One, Two],
                new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 29, 1, 0, 0, TimeSpan.Zero))
            .ShouldBe([Two]);
}
