using FsCheck.Xunit;
using Iec102.Fleet;
using Iec102.Server.Deliveries;
using Iec102.Storage.Writing;
using NodaTime;
using Period = Iec102.Server.Deliveries.Period;

namespace Iec102.Server.Tests.Deliveries;

/// <summary>Which periods a delivery has to look at, and what its files are called.</summary>
public sealed class DeliveryPlanTests
{
    private static readonly LocalDate Begin = new(2024, 1, 1);

    [Theory]
    [InlineData(DeliveredPeriod.Yesterday, "2026-11-30", "2026-11-29")]
    [InlineData(DeliveredPeriod.Week, "2026-11-30", "2026-W48")]
    [InlineData(DeliveredPeriod.Week, "2026-11-29", "2026-W47")]
    [InlineData(DeliveredPeriod.Week, "2027-01-04", "2026-W53")]
    [InlineData(DeliveredPeriod.Month, "2026-12-01", "2026-11")]
    [InlineData(DeliveredPeriod.Month, "2026-11-30", "2026-10")]
    public void The_last_whole_period_has_a_name(DeliveredPeriod what, string day, string name) =>
        Period.EndedBy(what, NodaTime.Text.LocalDatePattern.Iso.Parse(day).Value).Name.ShouldBe(name);

    [Property]
    public void Periods_follow_one_another_without_a_gap_and_their_names_sort_as_they_do(ushort days, byte kind)
    {
        var (what, day) = ((DeliveredPeriod)(kind % 3), Begin.PlusDays(days));
        var period = Period.EndedBy(what, day);

        (period.End <= day && day < period.Next.End).ShouldBeTrue();
        (period.Next.First, period.Next.Previous, period.Previous.Next).ShouldBe((period.End, period, period));
        string.CompareOrdinal(period.Name, period.Next.Name).ShouldBeLessThan(0);
        Enum.GetValues<DeliveredPeriod>().Where(one => Period.IsName(one, period.Name)).ShouldBe([what]);
        (what != DeliveredPeriod.Week || period.First.DayOfWeek == IsoDayOfWeek.Monday).ShouldBeTrue();
        (what != DeliveredPeriod.Month || period.First.Day == 1).ShouldBeTrue();
    }

    [Theory]
    [InlineData("2026-11-30T06:29", "2026-11-28")]
    [InlineData("2026-11-30T06:30", "2026-11-29")]
    public void Nothing_is_due_before_the_set_time(string now, string period) =>
        DeliveryPlan.LastDue(Daily(DeliveredPeriod.Yesterday), At(now)).Name.ShouldBe(period);

    [Fact]
    public void A_week_is_due_on_Monday_and_a_month_on_the_first()
    {
        DeliveryPlan.LastDue(Daily(DeliveredPeriod.Week), At("2026-11-30T06:29")).Name.ShouldBe("2026-W47");
        DeliveryPlan.LastDue(Daily(DeliveredPeriod.Week), At("2026-11-30T06:30")).Name.ShouldBe("2026-W48");
        DeliveryPlan.LastDue(Daily(DeliveredPeriod.Month), At("2026-12-01T06:29")).Name.ShouldBe("2026-10");
        DeliveryPlan.LastDue(Daily(DeliveredPeriod.Month), At("2026-12-01T06:30")).Name.ShouldBe("2026-11");
    }

    [Fact]
    public void A_new_delivery_begins_with_the_last_period()
    {
        DeliveryPlan.Periods(Daily(DeliveredPeriod.Yesterday), [], At("2026-11-30T08:00")).Select(one => one.Name).ShouldBe(["2026-11-29"]);
        // What it delivered as another kind counts as nothing.
        DeliveryPlan.Periods(Daily(DeliveredPeriod.Month), [File("2026-11-20")], At("2026-11-30T08:00")).Select(one => one.Name)
            .ShouldBe(["2026-10"]);
    }

    [Fact]
    public void Periods_that_ended_more_than_forty_days_ago_are_left_alone()
    {
        var (daily, now) = (Daily(DeliveredPeriod.Yesterday), At("2026-11-30T08:00"));
        var periods = DeliveryPlan.Periods(daily, [File("2026-10-01"), File("2026-10-20")], now);
        (periods[0].Name, periods[^1].Name, periods.Count).ShouldBe(("2026-10-20", "2026-11-29", 41));

        DeliveryPlan.Periods(daily, [File("2026-10-19")], now).ShouldHaveSingleItem();
    }

    [Property(MaxTest = 300)]
    public void However_the_server_stops_and_starts_no_period_is_missed_or_comes_before_its_time(byte[] offHours, byte kind)
    {
        var delivery = Daily((DeliveredPeriod)(kind % 3));
        var (now, known) = (new LocalDateTime(2026, 3, 2, 12, 0), new List<DeliveredFile>());
        foreach (var hours in offHours.Prepend((byte)0))
        {
            // Up to 38 days without the server; a month lies at most 31 days before.
            now = now.PlusHours(hours * (kind % 3 == 2 ? 1 : 3));
            var periods = DeliveryPlan.Periods(delivery, known, now);
            periods.ShouldAllBe(one => one.End + delivery.At <= now);
            periods.SkipLast(1).ShouldAllBe(one => one.End.PlusDays(DeliveryPlan.MostDays) >= now.Date);
            known.AddRange(periods.Select(one => File(one.Name)).Except(known));
        }

        var all = known.Select(file => file.Period).Order(StringComparer.Ordinal).ToList();
        var expected = new List<string>();
        for (var one = DeliveryPlan.LastDue(delivery, now); expected.Count < all.Count; one = one.Previous)
            expected.Insert(0, one.Name);
        all.ShouldBe(expected);
    }

    [Fact]
    public void A_file_is_named_after_delivery_period_and_version()
    {
        var delivery = Daily(DeliveredPeriod.Yesterday);
        DeliveryPlan.FileName(delivery, "2026-11-29", 1).ShouldBe("daily_2026-11-29.csv");
        DeliveryPlan.FileName(delivery with { Format = DeliveryFormat.Json }, "2026-11-29", 2).ShouldBe("daily_2026-11-29-v2.json");
    }

    [Fact]
    public void A_period_is_that_of_each_meter_in_its_own_zone()
    {
        var day = new Period(DeliveredPeriod.Yesterday, new LocalDate(2026, 10, 25));
        var madrid = day.RangeIn(DateTimeZoneProviders.Tzdb["Europe/Madrid"], ofMidnights: false);
        madrid.Length.ShouldBe(Duration.FromHours(25));
        day.RangeIn(DateTimeZoneProviders.Tzdb["Atlantic/Canary"], ofMidnights: false).From.ShouldBe(madrid.From + Duration.FromHours(1));
        day.RangeIn(DateTimeZoneProviders.Tzdb["Europe/Madrid"], ofMidnights: true).Contains(madrid.From).ShouldBeTrue();
    }

    private static LocalDateTime At(string text) =>
        NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm").Parse(text).Value;

    private static DeliveryConfiguration Daily(DeliveredPeriod what) =>
        new() { Name = "daily", Folder = "/x", What = what, At = new LocalTime(6, 30) };

    private static DeliveredFile File(string period) => new("daily", period, 1, default, "", null, "", 1, 1, 1, 1);
}
