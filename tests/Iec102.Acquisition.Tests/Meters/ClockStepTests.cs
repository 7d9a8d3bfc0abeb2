using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>Our clock is set forward or back while a meter is read.</summary>
public sealed class ClockStepTests
{
    private const int Year = 365 * 24 * 60;
    private static readonly Duration FiveMinutes = Duration.FromMinutes(5);
    private static readonly Duration OneMinute = Duration.FromMinutes(1);
    private static readonly Duration OneHour = Duration.FromHours(1);

    private static readonly MeterConfiguration Live =
        FactBench.Meter with { CurrentValues = new CurrentValuesConfiguration { Every = TimeSpan.FromMinutes(1) } };

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    [InlineData(60, -60)]
    [InlineData(-60, 60)]
    [InlineData(Year, -Year)]
    public void Within_a_period_of_each_step_everything_is_read_again(params int[] minutes)
    {
        var bench = new DialogueBench(Live).Begin().Wait(OneMinute).LogsIn();
        ReadMinute(bench);
        foreach (var step in minutes)
        {
            var told = bench.Told.Count;
            bench.SetsClock(Duration.FromMinutes(step));

            var read = ReadMinute(bench);

            read.ShouldContain(TypeIdentification.ReadCurrentTime, $"the clock, after {step} min");
            read.Count(type => type == TypeIdentification.ReadInstantaneousValues).ShouldBeInRange(1, 2, $"after {step} min");
            bench.Told.Skip(told).OfType<DialogueNotice.CurveDue>().ShouldHaveSingleItem($"after {step} min");
        }
    }

    [Fact]
    public void The_clock_of_the_meter_is_compared_with_ours_before_a_curve_is_read()
    {
        var bench = new DialogueBench().Begin().LogsIn();
        bench.HasChunk().AskedType.ShouldBe(TypeIdentification.ReadIncrementalTotalBlocks);
        // What is on the wire meanwhile proves no absence, since nobody knows how far off the clock of the meter is.
        bench.SetsClock(OneHour).Ends(ExchangeEnd.Completed);
        bench.Told.OfType<DialogueNotice.ChunkEnded>().Last().Session.ClockOffset.ShouldBeNull();

        bench.AskedType.ShouldBe(TypeIdentification.ReadCurrentTime);
        bench.Answers().HasStored();
        bench.Told.OfType<DialogueNotice.CurveDue>().Last().Session.ClockOffset.ShouldBe(Duration.Zero);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    public void A_refused_login_is_tried_again_after_the_same_wait_and_whoever_waits_for_a_meter_waits_as_long(int minutes)
    {
        var bench = new DialogueBench().Begin().Refuses();
        bench.SetsClock(Duration.FromMinutes(minutes)).Wait(Duration.FromMinutes(14)).Asked.ShouldBeNull();
        (bench.Dialogue.Status.NextTry - bench.Moment.Now).ShouldBe(OneMinute);
        (bench.Moment.Now - bench.Dialogue.Status.Since).ShouldBe(Duration.FromMinutes(14));
        bench.Wait(OneMinute).AskedType.ShouldBe(TypeIdentification.Login);

        bench.Wants(Readable.Events).SetsClock(Duration.FromMinutes(minutes)).LogsIn();
        bench.AskedType.ShouldBe(TypeIdentification.ReadEventsInRange);
        bench.Answer.ShouldBeNull();
        bench.Wait(DialogueBench.Patience).Ends(ExchangeEnd.Completed).Answer.ShouldNotBeNull();
    }

    [Fact]
    public void What_is_being_read_for_somebody_is_read_to_its_end()
    {
        var bench = new DialogueBench().Begin().LogsIn().Wants(Readable.Events);
        bench.Ends(ExchangeEnd.Completed).AskedType.ShouldBe(TypeIdentification.ReadEventsInRange);
        bench.SetsClock(-OneHour);
        for (var left = EventsTask.Records.Count - 1; left > 0; left--)
        {
            bench.AskedType.ShouldBe(TypeIdentification.ReadEventsInRange, $"{left} of the records are still to be read");
            bench.Ends(ExchangeEnd.Completed);
        }

        bench.Answer.ShouldBeOfType<ReadNowAnswer.Facts>();
    }

    [Theory]
    [InlineData("10:00", 60)]
    [InlineData("10:00", -60)]
    [InlineData("10:00", 60, -60)]
    [InlineData("23:45", 60)]
    [InlineData("01:10", -60)]
    [InlineData("23:45", 60, -60)]
    [InlineData("10:00", Year, -Year)]
    public void What_is_read_once_a_day_is_read_once_after_each_midnight(string at, params int[] minutes)
    {
        var (bench, task) = (new FactBench(), new ClosingsTask(FactBench.Meter, FactBench.Midnight(15), null));
        task.Plan(task.ReadTo, bench.Now);
        var midnights = new List<Instant>();
        PassUntil(FactBench.Midnight(16));
        while (bench.Now.InZone(FactBench.Madrid).TimeOfDay.ToString("HH:mm", null) != at)
            PassUntil(bench.Now + FiveMinutes);
        var first = bench.Now;
        foreach (var step in minutes)
        {
            midnights.Clear();
            first = Instant.Min(bench.Now, bench.Now += Duration.FromMinutes(step));
            task.ClockStepped(Duration.FromMinutes(step), bench.Now);
            PassUntil(bench.Now + FiveMinutes);
        }

        first = FactBench.Madrid.AtStartOfDay(first.InZone(FactBench.Madrid).Date.PlusDays(1)).ToInstant();
        PassUntil(first + Duration.FromHours(60));

        midnights.ShouldBe([first, first + Duration.FromDays(1), first + Duration.FromDays(2)]);

        void PassUntil(Instant end)
        {
            while (bench.Now < end)
            {
                bench.Now += FiveMinutes;
                midnights.AddRange(bench.Run(task, Closing).OfType<ClosingsRead>().Select(read => read.ReadTo));
            }
        }
    }

    private static IReadOnlyList<byte[]> Closing(Request request) =>
        [MeterAnswers.Totals(21, FactBench.Time(request, 1), 1, FactBench.Madrid)];

    /// <summary>Answers whatever is asked within a minute; the profile actor has nothing to read for half an hour.</summary>
    private static List<TypeIdentification> ReadMinute(DialogueBench bench)
    {
        var read = new List<TypeIdentification>();
        for (var second = 0; second < 60; second++)
        {
            while (bench.HasNothing(Duration.FromMinutes(30)).AskedType is { } type)
            {
                read.Add(type);
                bench.Answers();
            }

            bench.Wait(Duration.FromSeconds(1));
        }

        return read;
    }
}
