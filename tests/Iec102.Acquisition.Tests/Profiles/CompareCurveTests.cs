using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>When journal and tables count as being from the same moment.</summary>
public class CompareCurveTests
{
    private static readonly Instant Noon = Instant.FromUtc(2024, 7, 15, 12, 0);

    /// <summary>Events 11, 12 and 13, with the hours that end at 13:00, 14:00 and 15:00.</summary>
    private static readonly CompareCurve Journal = new(
        "profile-m-1-hourly", 13, LeastProgress: 10, "m-1", Curve.Hourly, [(11, Hour(1)), (12, Hour(2)), (13, Hour(3))]);

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(12, true)]
    [InlineData(13, true)]
    [InlineData(14, false)]
    public void The_writer_is_neither_behind_what_was_deleted_nor_ahead_of_the_journal(long progress, bool agrees) =>
        Journal.Agrees(progress, deletedBefore: null, _ => true).ShouldBe(agrees);

    /// <summary>The numbers and the newest interval may fit by chance, when the tables are from before a loss of the journal.</summary>
    [Fact]
    public void Every_event_that_the_writer_has_stored_must_be_in_the_tables()
    {
        Journal.Agrees(13, deletedBefore: null, end => end != Hour(1)).ShouldBeFalse();
        Journal.Agrees(13, deletedBefore: null, end => end != Hour(3)).ShouldBeFalse();
        Journal.Agrees(12, deletedBefore: null, end => end != Hour(3)).ShouldBeTrue("Event 13 is still to be stored.");
        Journal.Agrees(13, deletedBefore: Hour(2), end => end != Hour(1)).ShouldBeTrue("It was deleted on purpose.");
    }

    [Fact]
    public void A_journal_that_lacks_events_agrees_with_no_tables() =>
        (Journal with { IsShort = true }).Agrees(13, deletedBefore: null, _ => true).ShouldBeFalse();

    private static Instant Hour(int hours) => Noon + Duration.FromHours(hours);
}
