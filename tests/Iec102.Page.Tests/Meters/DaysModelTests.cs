using Iec102.Acquisition.Profiles;
using Iec102.Contract;
using NodaTime;

namespace Iec102.Page.Tests.Meters;

/// <summary>The days of the calendar of a curve.</summary>
public class DaysModelTests
{
    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    [Fact]
    public void What_ends_at_midnight_was_revised_on_the_day_before()
    {
        DayCoverage[] days = [new(new LocalDate(2024, 10, 27), 25, 25), new(new LocalDate(2024, 10, 28), 24, 20, 1, 2)];
        var midnight = Madrid.AtStartOfDay(new LocalDate(2024, 10, 28)).ToInstant();

        Instant[] revised = [midnight - Duration.FromHours(1), midnight, midnight + Duration.FromHours(1)];
        var model = DaysModel.Of("m-1", "hourly", days, revised, Madrid);

        model.Days.ShouldBe(
            [new CurveDayModel("2024-10-27", 25, 25, 2, 0, 0, 0), new CurveDayModel("2024-10-28", 24, 20, 1, 1, 1, 2)]);
    }
}
