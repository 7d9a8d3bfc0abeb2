using Iec102.Page.Pages;

namespace Iec102.Page.Tests;

/// <summary>What the page Data asks the API for.</summary>
public sealed class DataChoiceTests
{
    private static readonly DateOnly Sunday = new(2026, 3, 1);

    [Theory]
    [InlineData("yesterday", 0, "2026-02-28", "2026-02-28")]
    [InlineData("week", 0, "2026-02-16", "2026-02-22")]
    [InlineData("week", 1, "2026-02-23", "2026-03-01")]
    [InlineData("month", 0, "2026-03-01", "2026-03-01")]
    [InlineData("last-month", 0, "2026-02-01", "2026-02-28")]
    [InlineData("last-month", -31, "2025-12-01", "2025-12-31")]
    public void A_period_follows_from_the_day(string period, int daysLater, string first, string last)
    {
        var days = new DataChoice { Period = period }.Days(Sunday.AddDays(daysLater));

        ($"{days.First:yyyy-MM-dd}", $"{days.Last:yyyy-MM-dd}").ShouldBe((first, last));
    }

    [Fact]
    public void The_calls_have_the_days_with_the_last_one_whole_and_the_choice_escaped()
    {
        var choice = new DataChoice { Text = " Bomba & pozo ", Site = "Norte", Curves = ["hourly", "daily-closing"], Format = "json" };

        choice.ExportPath(Sunday).ShouldBe(
            "/api/export?from=2026-02-28&to=2026-03-01&curves=hourly,daily-closing&q=Bomba%20%26%20pozo&site=Norte&format=json");
        choice.CompletenessPath(Sunday).ShouldBe(
            "/api/completeness?from=2026-02-28&to=2026-03-01&curves=hourly&q=Bomba%20%26%20pozo&site=Norte");
    }

    [Fact]
    public void Days_of_ones_own_must_be_given_in_order_and_a_curve_chosen()
    {
        var own = new DataChoice { Period = "own", First = Sunday, Last = Sunday };

        own.IsWhole.ShouldBeTrue();
        (own with { Last = null }).IsWhole.ShouldBeFalse();
        (own with { Last = Sunday.AddDays(-1) }).IsWhole.ShouldBeFalse();
        own.Turn("hourly").IsWhole.ShouldBeFalse();
        own.Turn("daily-closing").Turn("hourly").HasRecorded.ShouldBeFalse();
        own.Turn("quarter-hour").Curves.ShouldBe(["hourly", "quarter-hour"]);
    }
}
