using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>An operator has the server set the clock of a meter, whose intervals end at every quarter of an hour.</summary>
public class WantedClockTests
{
    private static readonly Duration Offset = Duration.FromMinutes(-3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_clock_is_read_and_set_and_read_again(bool hasWritePassword)
    {
        var bench = AtMinute(7, hasWritePassword ? DialogueBench.Silent with { WritePassword = new Secret(9) } : null);
        bench.WantsClockSet().ShowsClock(Offset);
        if (hasWritePassword)
            bench.Answers();
        bench.AskedType.ShouldBe(TypeIdentification.SetClock);
        bench.Answers();
        bench.Answer.ShouldBeNull();
        if (hasWritePassword)
            bench.Answers().Answers();
        bench.ShowsClock(Duration.FromMilliseconds(20));

        var (written, after) = bench.Answer.ShouldBeOfType<ReadNowAnswer.ClockSet>();
        (written.Outcome, written.OffsetBefore).ShouldBe((ClockWriteOutcome.Set, Offset));
        after.ShouldNotBeNull().Offset.ShouldBe(Duration.FromMilliseconds(20));
        bench.HasNothing(Duration.FromDays(1)).AskedType.ShouldBeNull();
    }

    [Theory]
    [InlineData(14, "try again in 4 min")]
    [InlineData(16, "try again in 5 min")]
    public void While_an_interval_ends_nothing_is_written_and_the_answer_says_when(int minute, string sentence)
    {
        // The meter's clock is three minutes slow: it passes the quarter three minutes later.
        var bench = AtMinute(minute).WantsClockSet().ShowsClock(minute == 14 ? Duration.Zero : Offset);

        bench.Answer.ShouldBeOfType<ReadNowAnswer.Refused>().Error.ShouldNotBeNull().ShouldContain(sentence);
        bench.Dialogue.IsClockToBeSet.ShouldBeFalse();
    }

    [Fact]
    public void A_clock_that_has_to_jump_over_the_end_of_an_interval_is_set_all_the_same() =>
        AtMinute(7).WantsClockSet().ShowsClock(Duration.FromHours(1)).AskedType.ShouldBe(TypeIdentification.SetClock);

    [Fact]
    public void Nothing_is_written_while_the_clock_of_the_server_may_be_wrong()
    {
        var bench = AtMinute(7, isSynchronised: false).WantsClockSet().ShowsClock(Offset);

        bench.Answer.ShouldBeOfType<ReadNowAnswer.Refused>().Error.ShouldNotBeNull().ShouldContain("run NTP");
        bench.Dialogue.IsClockToBeSet.ShouldBeFalse();
    }

    [Fact]
    public void That_the_meter_refuses_is_said()
    {
        var bench = AtMinute(7).WantsClockSet().ShowsClock(Offset).Refuses();

        bench.Answer.ShouldBeOfType<ReadNowAnswer.Refused>().Error.ShouldNotBeNull().ShouldContain("refuses to have its clock set");
    }

    [Fact]
    public void A_clock_that_was_set_before_the_line_was_lost_counts_as_set()
    {
        var bench = AtMinute(7).WantsClockSet().ShowsClock(Offset).Answers();
        bench.AskedType.ShouldBe(TypeIdentification.ReadCurrentTime);
        bench.Ends(ExchangeEnd.PortLost);

        bench.Answer.ShouldBeOfType<ReadNowAnswer.ClockSet>().After.ShouldBeNull();
    }

    [Fact]
    public void An_answer_that_is_lost_leaves_it_open_whether_the_clock_was_set() =>
        AtMinute(7).WantsClockSet().ShowsClock(Offset).Ends(ExchangeEnd.NoAnswer)
            .Answer.ShouldBeOfType<ReadNowAnswer.NoAnswer>().Error.ShouldNotBeNull().ShouldContain("may or may not be set");

    private static DialogueBench AtMinute(int minute, MeterConfiguration? meter = null, bool isSynchronised = true)
    {
        var bench = new DialogueBench(meter, hostClock: new HostClock(isSynchronised));
        return bench.Wait(Duration.FromMinutes(minute)).Begin().LogsIn().HasNothing(Duration.FromDays(1));
    }

    private sealed record HostClock(bool IsSynchronised) : IHostClock;
}
