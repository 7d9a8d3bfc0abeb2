using FsCheck;
using FsCheck.Xunit;
using Iec102.Protocol.Time;
using Iec102.Testing;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Protocol.Tests;

/// <summary>Labels and instants around the clock changes, and over a century (protocol notes 3.3).</summary>
public class CivilTimeTests
{
    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];
    private static readonly DateTimeZone Canary = DateTimeZoneProviders.Tzdb["Atlantic/Canary"];
    private static readonly Instant First = Instant.FromUtc(2000, 1, 1, 0, 0);
    private static readonly Instant End = Instant.FromUtc(2099, 12, 31, 22, 0);

    /// <summary>
    /// The notes' labels of 2024-10-27, a day of 25 hours; the label 02:00 winter is the hour that ends with the clock change.
    /// </summary>
    [Theory]
    [InlineData("00 81 fb 0a 18", "2024-10-26T23:00Z")]
    [InlineData("00 82 fb 0a 18", "2024-10-27T00:00Z")]
    [InlineData("00 02 fb 0a 18", "2024-10-27T01:00Z")]
    [InlineData("00 03 fb 0a 18", "2024-10-27T02:00Z")]
    [InlineData("0f 82 fb 0a 18", "2024-10-27T00:15Z")]
    [InlineData("2d 82 fb 0a 18", "2024-10-27T00:45Z")]
    [InlineData("0f 02 fb 0a 18", "2024-10-27T01:15Z")]
    [InlineData("00 01 ff 03 18", "2024-03-31T00:00Z")]
    [InlineData("00 83 ff 03 18", "2024-03-31T01:00Z")]
    [InlineData("00 84 ff 03 18", "2024-03-31T02:00Z")]
    public void Golden_labels_with_the_summer_bit_go_both_ways(string octets, string instant)
    {
        CivilTime.ToInstant(Tag(octets), Madrid, SummerTimeHabit.SuBit).ShouldBe(Utc(instant));
        CivilTime.ToTagA(Utc(instant), Madrid).ShouldBe(Tag(octets));
    }

    [Fact]
    public void Two_in_winter_time_at_the_spring_change_is_three_in_summer_time() =>
        CivilTime.ToInstant(Tag("00 02 ff 03 18"), Madrid, SummerTimeHabit.SuBit).ShouldBe(Utc("2024-03-31T01:00Z"));

    [Theory]
    [InlineData("2024-10-27", 25)]
    [InlineData("2024-03-31", 23)]
    [InlineData("2024-07-15", 24)]
    public void A_day_has_as_many_hourly_labels_as_hours_and_all_differ(string date, int hours)
    {
        var day = LocalDatePattern.Iso.Parse(date).Value;
        var from = day.AtStartOfDayInZone(Madrid).ToInstant();
        var to = day.PlusDays(1).AtStartOfDayInZone(Madrid).ToInstant();
        var labels = Hours(from + Duration.FromHours(1), to).Select(end => CivilTime.ToTagA(end, Madrid)).ToList();
        labels.Count.ShouldBe(hours);
        labels.Distinct().Count().ShouldBe(hours);
        labels[^1].ToString().ShouldStartWith($"{LocalDatePattern.Iso.Format(day.PlusDays(1))} 00:00", Case.Sensitive);
    }

    [Theory]
    [InlineData(SummerTimeHabit.SuBit)]
    [InlineData(SummerTimeHabit.AlwaysWinter)]
    [InlineData(SummerTimeHabit.Civil)]
    public void Instants_of_the_whole_century_come_back_from_their_labels(SummerTimeHabit habit)
    {
        // A step of a prime number of minutes reaches every hour and every minute.
        for (var instant = First; instant <= End; instant += Duration.FromMinutes(367))
        {
            var back = CivilTime.ToInstant(CivilTime.ToTagA(instant, Madrid, habit), Madrid, habit, instant - Duration.FromHours(1));
            if (back != instant)
                Assert.Fail($"{instant} became {CivilTime.ToTagA(instant, Madrid, habit)} became {back}");
        }
    }

    [Theory]
    [InlineData(SummerTimeHabit.SuBit)]
    [InlineData(SummerTimeHabit.AlwaysWinter)]
    [InlineData(SummerTimeHabit.Civil)]
    public void Every_minute_about_the_clock_changes_comes_back_in_series(SummerTimeHabit habit)
    {
        for (var year = 2000; year < 2100; year++)
        {
            foreach (var (month, zone) in ((int, DateTimeZone)[])[(3, Madrid), (10, Madrid), (3, Canary), (10, Canary)])
            {
                var change = new LocalDate(year, month, 31)
                    .With(date => date.DayOfWeek == IsoDayOfWeek.Sunday ? date : date.Previous(IsoDayOfWeek.Sunday));
                var instant = change.AtStartOfDayInZone(zone).ToInstant();
                Instant? before = null;
                for (var minute = 0; minute < 240; minute++, before = instant, instant += Duration.FromMinutes(1))
                    CivilTime.ToInstant(CivilTime.ToTagA(instant, zone, habit), zone, habit, before).ShouldBe(instant);
            }
        }
    }

    [Property(MaxTest = 2000)]
    public void Any_minute_comes_back_from_its_label_but_for_the_doubled_hour_without_the_summer_bit(DoNotSize<uint> number)
    {
        var instant = First + Duration.FromMinutes(number.Item % (long)(End - First).TotalMinutes);
        foreach (var habit in Enum.GetValues<SummerTimeHabit>())
        {
            var back = CivilTime.ToInstant(CivilTime.ToTagA(instant, Madrid, habit), Madrid, habit);
            var isDoubled = habit == SummerTimeHabit.Civil && Madrid.MapLocal(instant.InZone(Madrid).LocalDateTime).Count == 2;
            (back == instant || (isDoubled && back == instant - Duration.FromHours(1))).ShouldBeTrue($"{instant} {habit}");
        }
    }

    [Property(MaxTest = 2000)]
    public void Any_millisecond_comes_back_from_a_tag_of_type_b(DoNotSize<ulong> number)
    {
        var instant = First + Duration.FromMilliseconds((long)(number.Item % (ulong)(End - First).TotalMilliseconds));
        foreach (var habit in (SummerTimeHabit[])[SummerTimeHabit.SuBit, SummerTimeHabit.AlwaysWinter])
            CivilTime.ToInstant(CivilTime.ToTagB(instant, Madrid, habit), Madrid, habit).ShouldBe(instant);
    }

    [Fact]
    public void Always_winter_is_standard_time_and_takes_no_notice_of_the_summer_bit()
    {
        var noon = Utc("2024-07-15T12:00Z");
        var tag = CivilTime.ToTagA(noon, Madrid, SummerTimeHabit.AlwaysWinter);
        tag.ToString().ShouldBe("2024-07-15 13:00 W");
        CivilTime.ToInstant(TimeTagA.Read(Octets.Of("00 8d 2f 07 18")), Madrid, SummerTimeHabit.AlwaysWinter).ShouldBe(noon);
    }

    [Fact]
    public void Civil_time_without_the_bit_is_told_apart_by_what_came_before()
    {
        var two = Tag("00 02 fb 0a 18");
        CivilTime.ToInstant(two, Madrid, SummerTimeHabit.Civil).ShouldBe(Utc("2024-10-27T00:00Z"));
        CivilTime.ToInstant(two, Madrid, SummerTimeHabit.Civil, Utc("2024-10-26T23:00Z")).ShouldBe(Utc("2024-10-27T00:00Z"));
        CivilTime.ToInstant(two, Madrid, SummerTimeHabit.Civil, Utc("2024-10-27T00:00Z")).ShouldBe(Utc("2024-10-27T01:00Z"));
        CivilTime.ToInstant(two, Madrid, SummerTimeHabit.Civil, Utc("2024-10-27T00:45Z")).ShouldBe(Utc("2024-10-27T01:00Z"));
    }

    [Fact]
    public void Civil_time_in_the_hour_that_spring_leaves_out_is_taken_as_if_the_clock_had_not_changed() =>
        CivilTime.ToInstant(Tag("1e 02 ff 03 18"), Madrid, SummerTimeHabit.Civil).ShouldBe(Utc("2024-03-31T01:30Z"));

    private static TimeTagA Tag(string octets) => TimeTagA.Read(Octets.Of(octets));

    private static Instant Utc(string text) => InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm'Z'").Parse(text).Value;

    private static IEnumerable<Instant> Hours(Instant from, Instant to)
    {
        for (; from <= to; from += Duration.FromHours(1))
            yield return from;
    }
}
