using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>
/// Every state of a dialogue with every event. Each cell names the state that follows and the type that is asked next; "-" means that
/// nothing is asked.
/// </summary>
public class MeterDialogueTests
{
    private static readonly (string Name, Action<DialogueBench> Happens)[] Events =
    [
        ("port open", bench => bench.Dialogue.PortChanged(PortState.Open, null)),
        ("port closed", bench => bench.Dialogue.PortChanged(PortState.Closed, null)),
        ("port lost", bench => bench.Dialogue.PortChanged(PortState.BackingOff, "lost")),
        ("link silent", bench => bench.Dialogue.LinkChanged(answers: false)),
        ("link answers", bench => bench.Dialogue.LinkChanged(answers: true)),
        ("retry", bench => bench.Dialogue.Retry()),
        ("replaced", bench => bench.Dialogue.DeclareReplaced()),
        ("job", bench => bench.Wants(Readable.Configuration)),
        ("session wanted", bench => bench.Dialogue.WantSession(1, null, bench.Moment)),
        ("chunk", bench => bench.HasChunk()),
        ("segment begun", bench => bench.Dialogue.CurveOf(Curve.Hourly)?.SegmentBegun(bench.Moment.Now)),
        ("clock to be set", bench => bench.Dialogue.SetClock()),
        ("storage silent", bench => bench.Dialogue.StorageSilent()),
        ("a minute", bench => bench.Wait(Duration.FromMinutes(1))),
    ];

    private static readonly ExchangeEnd[] Ends = Enum.GetValues<ExchangeEnd>();

    private static readonly Dictionary<string, Func<DialogueBench>> States = new()
    {
        ["not begun"] = () => new DialogueBench().Proceed(),
        ["login"] = () => new DialogueBench().Begin(),
        ["identity"] = () => new DialogueBench().Begin().Answers(),
        ["clock"] = () => new DialogueBench().Begin().Answers().Answers(),
        ["online"] = () => new DialogueBench().Begin().LogsIn(),
        ["reading"] = () => new DialogueBench().Begin().LogsIn().HasChunk(),
        ["proof"] = () => new DialogueBench().Begin().LogsIn().HasChunk().Refuses(),
        ["fact"] = () => new DialogueBench().Begin().LogsIn().Wants(Readable.Configuration),
        ["clock writing"] = () => SetsClock(new DialogueBench()),
        ["write login"] = () => SetsClock(new DialogueBench(DialogueBench.Silent with { WritePassword = new Secret(99) })),
        ["idle for too long"] = () => new DialogueBench().Begin().LogsIn().HasNothing(Duration.FromDays(1)).Wait(Duration.FromMinutes(3)),
        ["demoted"] = () => new DialogueBench().Begin().Ends(ExchangeEnd.NoAnswer),
        ["lost"] = () => Lost(new DialogueBench().Begin().Ends(ExchangeEnd.PortLost)),
        ["refused"] = () => new DialogueBench().Begin().Ends(ExchangeEnd.Refused),
        ["wrong meter"] = () => new DialogueBench().Begin(known: DialogueBench.Serial + 1).Answers().Answers(),
    };

    private static DialogueBench SetsClock(DialogueBench bench)
    {
        bench.Begin().LogsIn().Dialogue.SetClock();
        return bench.Proceed();
    }

    private static DialogueBench Lost(DialogueBench bench)
    {
        bench.Dialogue.PortChanged(PortState.BackingOff, "lost");
        return bench.Proceed();
    }

    [Theory]
    [InlineData(
        "not begun",
        "Offline - | Offline - | Offline - | Demoted - | Offline - | Offline - | Offline - | "
        + "Offline - | Offline - | Offline - | Offline - | Offline - | Offline - | Offline -")]
    [InlineData(
        "login",
        "LoggingIn 183 | Offline 183 | Offline 183 | Demoted 183 | LoggingIn 183 | LoggingIn 183 | LoggingIn 183 | "
        + "LoggingIn 183 | LoggingIn 183 | LoggingIn 183 | LoggingIn 183 | LoggingIn 183 | LoggingIn 183 | LoggingIn 183")]
    [InlineData(
        "identity",
        "LoggingIn 100 | Offline 100 | Offline 100 | Demoted 100 | LoggingIn 100 | LoggingIn 100 | LoggingIn 100 | "
        + "LoggingIn 100 | LoggingIn 100 | LoggingIn 100 | LoggingIn 100 | LoggingIn 100 | LoggingIn 100 | LoggingIn 100")]
    [InlineData(
        "clock",
        "LoggingIn 103 | Offline 103 | Offline 103 | Demoted 103 | LoggingIn 103 | LoggingIn 103 | LoggingIn 103 | "
        + "LoggingIn 103 | LoggingIn 103 | LoggingIn 103 | LoggingIn 103 | LoggingIn 103 | LoggingIn 103 | LoggingIn 103")]
    [InlineData(
        "online",
        "Online - | Offline - | Offline - | Demoted - | Online - | Online - | Online - | "
        + "Online 141 | Online - | Online 190 | Online - | Online 181 | Online - | Online -")]
    [InlineData(
        "reading",
        "Online 190 | Offline 190 | Offline 190 | Demoted 190 | Online 190 | Online 190 | Online 190 | "
        + "Online 190 | Online 190 | Online 190 | Online 190 | Online 190 | Online 190 | Online 190")]
    [InlineData(
        "proof",
        "Online 103 | Offline 103 | Offline 103 | Demoted 103 | Online 103 | Online 103 | Online 103 | "
        + "Online 103 | Online 103 | Online 103 | Online 103 | Online 103 | Online 103 | Online 103")]
    [InlineData(
        "fact",
        "Online 141 | Offline 141 | Offline 141 | Demoted 141 | Online 141 | Online 141 | Online 141 | "
        + "Online 141 | Online 141 | Online 141 | Online 141 | Online 141 | Online 141 | Online 141")]
    [InlineData(
        "clock writing",
        "Online 181 | Offline 181 | Offline 181 | Demoted 181 | Online 181 | Online 181 | Online 181 | "
        + "Online 181 | Online 181 | Online 181 | Online 181 | Online 181 | Online 181 | Online 181")]
    [InlineData(
        "write login",
        "Online 183 | Offline 183 | Offline 183 | Demoted 183 | Online 183 | Online 183 | Online 183 | "
        + "Online 183 | Online 183 | Online 183 | Online 183 | Online 183 | Online 183 | Online 183")]
    [InlineData(
        "idle for too long",
        "Online - | Offline - | Offline - | Demoted - | Online - | Online - | Online - | "
        + "LoggingIn 183 | LoggingIn 183 | Online - | Online - | LoggingIn 183 | Online - | Online -")]
    [InlineData(
        "demoted",
        "Demoted - | LoggingIn 183 | Offline - | Demoted - | LoggingIn 183 | Demoted - | Demoted - | "
        + "Demoted 183 | Demoted - | Demoted - | Demoted - | Demoted - | Demoted - | Demoted -")]
    [InlineData(
        "lost",
        "LoggingIn 183 | Offline - | Offline - | Demoted - | Offline - | Offline - | Offline - | "
        + "Offline - | Offline - | Offline - | Offline - | Offline - | Offline - | Offline -")]
    [InlineData(
        "refused",
        "Refused - | Refused - | Refused - | Refused - | Refused - | LoggingIn 183 | LoggingIn 183 | "
        + "Refused - | Refused - | Refused - | Refused - | Refused - | Refused - | Refused -")]
    [InlineData(
        "wrong meter",
        "WrongMeter - | WrongMeter - | WrongMeter - | WrongMeter - | WrongMeter - | LoggingIn 183 | LoggingIn 183 | "
        + "WrongMeter - | WrongMeter - | WrongMeter - | WrongMeter - | WrongMeter - | WrongMeter - | WrongMeter -")]
    public void Every_event_in_every_state(string state, string row) =>
        string.Join(" | ", Events.Select(each => After(state, each.Happens))).ShouldBe(row);

    [Theory]
    [InlineData("login", "LoggingIn 100 | Refused - | Demoted - | Offline - | Offline - | Offline - | Offline - | LoggingIn 183")]
    [InlineData("identity", "LoggingIn 103 | LoggingIn 103 | Demoted - | Offline - | Offline - | Offline - | Offline - | LoggingIn 183")]
    [InlineData("clock", "Online - | LoggingIn 183 | Demoted - | Offline - | Offline - | Offline - | Offline - | LoggingIn 183")]
    [InlineData("reading", "Online - | Online 103 | Demoted - | Offline - | Offline - | Offline - | Offline - | Online -")]
    [InlineData("proof", "Online - | Online - | Demoted - | Offline - | Offline - | Offline - | Offline - | Online -")]
    [InlineData("fact", "Online 156 | Online 103 | Demoted - | Offline - | Offline - | Offline - | Offline - | LoggingIn 183")]
    [InlineData("clock writing", "Online 103 | Online 103 | Demoted - | Offline - | Offline - | Offline - | Offline - | LoggingIn 183")]
    [InlineData("write login", "Online 181 | LoggingIn 183 | Demoted - | Offline - | Offline - | Offline - | Offline - | Online -")]
    public void Every_end_of_every_exchange(string state, string row) =>
        string.Join(" | ", Ends.Select(end => After(state, bench => End(bench, end)))).ShouldBe(row);

    [Fact]
    public void The_tables_have_every_state_and_every_end()
    {
        static IEnumerable<string> Rows(string test) => typeof(MeterDialogueTests).GetMethod(test)!
            .GetCustomAttributesData().Where(data => data.AttributeType == typeof(InlineDataAttribute))
            .Select(data => (IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)
            .Select(arguments => (string)arguments[0].Value!);
        Rows(nameof(Every_event_in_every_state)).ShouldBe(States.Keys);
        Rows(nameof(Every_end_of_every_exchange))
            .ShouldBe(States.Where(state => state.Value().Asked is not null).Select(state => state.Key));
    }

    private static void End(DialogueBench bench, ExchangeEnd end)
    {
        if (end == ExchangeEnd.Completed)
            bench.Answers();
        else
            bench.Ends(end, end == ExchangeEnd.Refused ? CauseOfTransmission.RecordNotKnown : default);
    }

    private static string After(string state, Action<DialogueBench> happens)
    {
        var bench = States[state]();
        happens(bench);
        bench.Proceed();
        return $"{bench.State} {(bench.AskedType is { } type ? $"{(byte)type}" : "-")}";
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
