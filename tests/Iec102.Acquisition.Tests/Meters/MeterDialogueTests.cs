using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>
/// What a dialogue concludes from refusals, losses and answers. The table of all its states is in <see cref="MeterDialogueTableTests"/>.
/// </summary>
public class MeterDialogueTests
{
    [Fact]
    public void Waiting_for_a_modem_that_others_have_is_no_failure_of_the_meter()
    {
        var bench = new DialogueBench().Begin();
        bench.Dialogue.PortChanged(new PortStateChanged(PortState.Opening, null), bench.Moment.Now);

        bench.Dialogue.Take(
            new ExchangeEnded(
                default, bench.Asked.ShouldNotBeNull().Request, ExchangeEnd.Expired, default, IsNegative: false, 0, [], bench.Moment.Now,
                bench.Moment.Now, TimeSpan.Zero, "The timeout passed before the line was open.", default),
            bench.Moment);

        bench.State.ShouldBe(MeterState.Offline);
        bench.Dialogue.Status.LastError.ShouldBeNull();
        bench.Dialogue.Next(bench.Moment).ShouldBeNull();
        bench.Dialogue.WakeAt.ShouldBe(bench.Moment.Now + Duration.FromSeconds(1));
    }

    [Fact]
    public void A_curve_that_is_ready_when_a_rest_begins_is_read_when_the_rest_is_over()
    {
        var bench = new DialogueBench().Begin().LogsIn();
        bench.Dialogue.CurveOf(Curve.Hourly)!.IsReady.ShouldBeFalse();
        var now = bench.Moment.Now;
        var request = Request.ReadCurrentTime(1);
        bench.Agenda.Series.Take(
            new ExchangeEnded(
                default, request, ExchangeEnd.Excess, default, IsNegative: false, 0, [], now, now, TimeSpan.Zero, "failed", default), now);

        bench.HasChunk();

        bench.Asked.ShouldBeNull();
        bench.Dialogue.WakeAt.ShouldBe(now + Duration.FromMinutes(5));
        bench.Wait(Duration.FromMinutes(5)).AskedType.ShouldNotBeNull();
    }

    [Fact]
    public void A_refusal_is_believed_once_the_clock_was_told()
    {
        var bench = new DialogueBench().Begin().LogsIn().HasNothing(Duration.FromDays(1)).Wants(Readable.CurrentValues);
        bench.Refuses();
        bench.AskedType.ShouldBe(TypeIdentification.ReadCurrentTime);
        bench.Answer.ShouldBeNull();
        bench.Answers();
        bench.Answer.ShouldBeOfType<ReadNowAnswer.Refused>();
    }

    [Theory]
    [InlineData(Readable.CurrentValues, 162)]
    [InlineData(Readable.Events, 102)]
    public void What_a_meter_refuses_because_it_had_dropped_the_session_is_asked_once_more_for_whoever_waits(Readable what, byte type)
    {
        var bench = new DialogueBench().Begin().LogsIn().HasNothing(Duration.FromDays(1)).Wants(what);
        DropsSession(bench, type);
        bench.Told.OfType<DialogueNotice.SessionDropped>().ShouldHaveSingleItem();
        bench.Answer.ShouldBeNull();
        bench.LogsIn();
        DropsSession(bench, type);
        bench.Answer.ShouldBeOfType<ReadNowAnswer.NoAnswer>().Error.ShouldBe("the meter had dropped the session");

        static void DropsSession(DialogueBench bench, byte type)
        {
            bench.AskedType.ShouldBe((TypeIdentification)type);
            bench.Refuses().Refuses();
        }
    }

    [Fact]
    public void Whoever_waits_gets_the_values_of_the_next_session()
    {
        var bench = new DialogueBench().Begin().LogsIn().HasNothing(Duration.FromDays(1)).Wants(Readable.CurrentValues);
        bench.Refuses().Refuses().LogsIn();
        bench.Answers();
        bench.Answer.ShouldBeOfType<ReadNowAnswer.CurrentValues>();
    }

    [Fact]
    public void Whoever_has_waited_too_long_is_told_that_there_is_no_answer()
    {
        var bench = new DialogueBench().Begin().LogsIn().HasNothing(Duration.FromDays(1)).Wants(Readable.CurrentValues);
        bench.Refuses().Refuses();
        bench.Wait(Duration.FromSeconds(31)).LogsIn();
        bench.Answer.ShouldBeOfType<ReadNowAnswer.NoAnswer>();
    }

    [Fact]
    public void What_a_meter_does_not_have_is_answered_with_nothing()
    {
        var bench = new DialogueBench().Begin().LogsIn().HasNothing(Duration.FromDays(1)).Wants(Readable.Powers);
        bench.Answer.ShouldBeOfType<ReadNowAnswer.Facts>().Read.ShouldBeEmpty();
    }

    [Fact]
    public void Sessions_wanted_by_others_are_the_meters_own()
    {
        var bench = new DialogueBench().Begin();
        bench.Dialogue.WantSession(7, null, bench.Moment);
        bench.Proceed().LogsIn();
        bench.Told.OfType<DialogueNotice.SessionReady>().ShouldBe([new DialogueNotice.SessionReady(7, 1)]);

        bench.Dialogue.WantSession(8, lostEpoch: 1, bench.Moment);
        bench.Proceed().LogsIn();
        bench.Told.OfType<DialogueNotice.SessionReady>().Last().ShouldBe(new DialogueNotice.SessionReady(8, 2));
    }

    [Fact]
    public void Whoever_waits_for_the_identification_has_it_by_the_login_and_it_is_not_asked_twice()
    {
        var bench = new DialogueBench();
        bench.Dialogue.Do(new MeterJob(0, bench.Agenda.Identification));
        bench.Begin().LogsIn();

        bench.Told.OfType<DialogueNotice.JobEnded>().ShouldHaveSingleItem().Job.Answer
            .ShouldBeOfType<ReadNowAnswer.Identification>().Value.SerialNumber.ShouldBe(DialogueBench.Serial);
        bench.AskedType.ShouldBeNull();
    }

    [Fact]
    public void What_nobody_waits_for_any_more_is_not_asked()
    {
        var bench = new DialogueBench().Begin().LogsIn().HasChunk();
        bench.Wants(Readable.Events).Wants(Readable.Tariff);

        bench.Wait(DialogueBench.Patience).Answers();

        bench.AskedType.ShouldBeNull();
        bench.Told.OfType<DialogueNotice.JobEnded>().Select(ended => ended.Job.Answer)
            .ShouldAllBe(answer => answer is ReadNowAnswer.NoAnswer);
        bench.Told.OfType<DialogueNotice.JobEnded>().Count().ShouldBe(2);
    }

    [Fact]
    public void Whoever_waits_for_the_identification_keeps_it_when_the_line_is_lost_before_the_clock_is_told()
    {
        var bench = new DialogueBench();
        bench.Dialogue.Do(new MeterJob(0, bench.Agenda.Identification));
        bench.Begin().Answers().Answers();

        bench.AskedType.ShouldBe(TypeIdentification.ReadCurrentTime);
        bench.Ends(ExchangeEnd.PortLost);

        bench.Told.OfType<DialogueNotice.JobEnded>().ShouldHaveSingleItem().Job.Answer
            .ShouldBeOfType<ReadNowAnswer.Identification>().Value.SerialNumber.ShouldBe(DialogueBench.Serial);
    }

    [Fact]
    public void Where_nothing_is_recorded_a_session_begins_without_the_identification_and_it_is_asked_when_somebody_wants_it()
    {
        var bench = new DialogueBench(identifies: false).Begin().Answers();

        bench.AskedType.ShouldBe(TypeIdentification.ReadCurrentTime);
        bench.Answers().HasNothing(Duration.FromDays(1)).AskedType.ShouldBeNull();
        bench.Wants(Readable.Identification).AskedType.ShouldBe(TypeIdentification.ReadDeviceIdentification);
        bench.Answers().Answer.ShouldBeOfType<ReadNowAnswer.Identification>();
    }

    [Fact]
    public void Whoever_waits_for_the_identification_gets_it_before_the_clock_is_asked()
    {
        var bench = new DialogueBench(identifies: false);
        bench.Dialogue.Do(new MeterJob(0, bench.Agenda.Identification));

        bench.Begin().Answers().AskedType.ShouldBe(TypeIdentification.ReadDeviceIdentification);
        bench.Answers().AskedType.ShouldBe(TypeIdentification.ReadCurrentTime);
    }

    [Fact]
    public void What_a_cut_exchange_brought_of_a_range_that_somebody_wants_is_told()
    {
        var range = new TimeRange(FactBench.Noon - Duration.FromDays(12), FactBench.Noon);
        var task = new FactTasks(FactBench.Meter, [], range).Events(52);
        var bench = new DialogueBench().Begin().LogsIn().HasNothing(Duration.FromDays(1));
        bench.Dialogue.Do(new MeterJob(0, task));
        bench.Proceed();

        bench.Ends(ExchangeEnd.PortLost, default, MeterAnswers.Events(52, MeterAnswers.Event(1, 2, FactBench.Noon, FactBench.Madrid)));

        bench.Told.OfType<DialogueNotice.PartRead>().ShouldHaveSingleItem().Fact.ShouldBeOfType<EventsRead>().Events.Count.ShouldBe(1);
        bench.Told.OfType<DialogueNotice.FactRead>().ShouldBeEmpty();
    }

    [Fact]
    public void A_task_that_somebody_waits_for_is_asked_until_it_is_done_however_long_that_takes()
    {
        var bench = new DialogueBench().Begin().LogsIn().HasNothing(Duration.FromDays(1));
        var range = new TimeRange(FactBench.Noon - Duration.FromDays(12), FactBench.Noon - Duration.FromHours(1));
        var task = new RangeTask(Curve.Hourly, RecordAddress.LoadCurve1, range, FactBench.Madrid);
        bench.Dialogue.Do(new MeterJob(0, task));
        bench.Proceed();
        for (var chunks = 0; chunks < 3; chunks++)
        {
            bench.Told.OfType<DialogueNotice.JobEnded>().ShouldBeEmpty();
            bench.Asked!.Task.ShouldBe(task);
            bench.Wait(Duration.FromMinutes(1)).Answers();
        }

        bench.Told.OfType<DialogueNotice.JobEnded>().ShouldHaveSingleItem().Job.Answer.ShouldBeOfType<ReadNowAnswer.Facts>();
        task.Missing.Count().ShouldBe(task.Expected);
    }

    [Theory]
    [InlineData(false, "181")]
    [InlineData(true, "183 181")]
    public void A_clock_that_an_operator_wants_set_is_set_without_limits_in_the_configuration(bool hasWritePassword, string types)
    {
        var writePassword = hasWritePassword ? new Secret(9) : (Secret?)null;
        var bench = new DialogueBench(DialogueBench.Silent with { WritePassword = writePassword }).Begin().LogsIn()
            .HasNothing(Duration.FromDays(1));
        bench.Dialogue.SetClock();
        bench.Proceed();
        foreach (var type in types.Split(' '))
        {
            bench.Dialogue.IsClockToBeSet.ShouldBeTrue();
            $"{(byte)bench.AskedType!}".ShouldBe(type);
            bench.Answers();
        }

        bench.Dialogue.IsClockToBeSet.ShouldBeFalse();
        bench.Told.OfType<DialogueNotice.FactRead>()
            .ShouldHaveSingleItem().Fact.ShouldBeOfType<ClockWritten>().Outcome.ShouldBe(ClockWriteOutcome.Set);
        bench.AskedType.ShouldBe(hasWritePassword ? TypeIdentification.Login : TypeIdentification.ReadCurrentTime);
    }

    [Fact]
    public void A_demand_to_set_the_clock_does_not_outlive_a_refused_login_of_its_own()
    {
        var bench = new DialogueBench(DialogueBench.Silent with { WritePassword = new Secret(9) }).Begin().LogsIn()
            .HasNothing(Duration.FromDays(1));
        bench.Dialogue.SetClock();
        bench.Proceed().Refuses();

        bench.Dialogue.IsClockToBeSet.ShouldBeFalse();
        bench.Told.OfType<DialogueNotice.FactRead>()
            .ShouldHaveSingleItem().Fact.ShouldBeOfType<ClockWritten>().Outcome.ShouldBe(ClockWriteOutcome.Refused);
    }
}
