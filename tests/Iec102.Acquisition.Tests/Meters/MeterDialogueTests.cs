using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>Every state of a dialogue with every event. A cell says which state follows, and which type is asked next; "-" for nothing.</summary>
public class MeterDialogueTests
{
    private static readonly Request Question = Request.ReadConfiguration(1);

    private static readonly (string Name, Action<DialogueBench> Happens)[] Events =
    [
        ("port open", bench => bench.Dialogue.PortChanged(PortState.Open, null)),
        ("port closed", bench => bench.Dialogue.PortChanged(PortState.Closed, null)),
        ("port lost", bench => bench.Dialogue.PortChanged(PortState.BackingOff, "lost")),
        ("link silent", bench => bench.Dialogue.LinkChanged(answers: false)),
        ("link answers", bench => bench.Dialogue.LinkChanged(answers: true)),
        ("retry", bench => bench.Dialogue.Retry()),
        ("replaced", bench => bench.Dialogue.DeclareReplaced()),
        ("job", bench => bench.AsksFor(Question)),
        ("session wanted", bench => bench.Dialogue.WantSession(1, null, bench.Moment)),
        ("chunk", bench => bench.HasChunk()),
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
        ["demoted"] = () => new DialogueBench().Begin().Ends(ExchangeEnd.NoAnswer),
        ["lost"] = () => Lost(new DialogueBench().Begin().Ends(ExchangeEnd.PortLost)),
        ["refused"] = () => new DialogueBench().Begin().Ends(ExchangeEnd.Refused),
        ["wrong meter"] = () => new DialogueBench().Begin(known: DialogueBench.Serial + 1).Answers().Answers(),
    };

    private static DialogueBench Lost(DialogueBench bench)
    {
        bench.Dialogue.PortChanged(PortState.BackingOff, "lost");
        return bench.Proceed();
    }

    [Theory]
    [InlineData(
        "not begun",
        "Offline - | Offline - | Offline - | Demoted - | Offline - | Offline - | "
        + "Offline - | Offline - | Offline - | Offline - | Offline -")]
    [InlineData(
        "login",
        "LoggingIn 183 | Offline 183 | Offline 183 | Demoted 183 | LoggingIn 183 | LoggingIn 183 | "
        + "LoggingIn 183 | LoggingIn 183 | LoggingIn 183 | LoggingIn 183 | LoggingIn 183")]
    [InlineData(
        "identity",
        "LoggingIn 100 | Offline 100 | Offline 100 | Demoted 100 | LoggingIn 100 | LoggingIn 100 | "
        + "LoggingIn 100 | LoggingIn 100 | LoggingIn 100 | LoggingIn 100 | LoggingIn 100")]
    [InlineData(
        "clock",
        "LoggingIn 103 | Offline 103 | Offline 103 | Demoted 103 | LoggingIn 103 | LoggingIn 103 | "
        + "LoggingIn 103 | LoggingIn 103 | LoggingIn 103 | LoggingIn 103 | LoggingIn 103")]
    [InlineData(
        "online",
        "Online - | Offline - | Offline - | Demoted - | Online - | Online - | "
        + "Online - | Online 141 | Online - | Online 190 | Online -")]
    [InlineData(
        "reading",
        "Online 190 | Offline 190 | Offline 190 | Demoted 190 | Online 190 | Online 190 | "
        + "Online 190 | Online 190 | Online 190 | Online 190 | Online 190")]
    [InlineData(
        "proof",
        "Online 103 | Offline 103 | Offline 103 | Demoted 103 | Online 103 | Online 103 | "
        + "Online 103 | Online 103 | Online 103 | Online 103 | Online 103")]
    [InlineData(
        "demoted",
        "Demoted - | LoggingIn 183 | Offline - | Demoted - | LoggingIn 183 | Demoted - | "
        + "Demoted - | Demoted 183 | Demoted - | Demoted - | Demoted -")]
    [InlineData(
        "lost",
        "LoggingIn 183 | Offline - | Offline - | Demoted - | Offline - | Offline - | "
        + "Offline - | Offline - | Offline - | Offline - | Offline -")]
    [InlineData(
        "refused",
        "Refused - | Refused - | Refused - | Demoted - | LoggingIn 183 | LoggingIn 183 | "
        + "LoggingIn 183 | Refused - | Refused - | Refused - | Refused -")]
    [InlineData(
        "wrong meter",
        "WrongMeter - | WrongMeter - | WrongMeter - | Demoted - | LoggingIn 183 | LoggingIn 183 | "
        + "LoggingIn 183 | WrongMeter - | WrongMeter - | WrongMeter - | WrongMeter -")]
    public void Every_event_in_every_state(string state, string row) =>
        string.Join(" | ", Events.Select(each => After(state, each.Happens))).ShouldBe(row);

    [Theory]
    [InlineData("login", "LoggingIn 100 | Refused - | Demoted - | Offline - | Offline - | Offline - | Offline - | LoggingIn 183")]
    [InlineData("identity", "LoggingIn 103 | LoggingIn 103 | Demoted - | Offline - | Offline - | Offline - | Offline - | LoggingIn 183")]
    [InlineData("clock", "Online - | LoggingIn 183 | Demoted - | Offline - | Offline - | Offline - | Offline - | LoggingIn 183")]
    [InlineData("reading", "Online - | Online 103 | Demoted - | Offline - | Offline - | Offline - | Offline - | Online -")]
    [InlineData("proof", "Online - | Online - | Demoted - | Offline - | Offline - | Offline - | Offline - | Online -")]
    public void Every_end_of_every_exchange(string state, string row) =>
        string.Join(" | ", Ends.Select(end => After(state, bench => End(bench, end)))).ShouldBe(row);

    [Fact]
    public void The_tables_have_every_state_and_every_end()
    {
        static IEnumerable<string> Rows(string test) => typeof(MeterDialogueTests).GetMethod(test)!
            .GetCustomAttributesData().Where(data => data.AttributeType == typeof(InlineDataAttribute))
            .Select(data => (string)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)[0].Value!);
        Rows(nameof(Every_event_in_every_state)).ShouldBe(States.Keys);
        Rows(nameof(Every_end_of_every_exchange)).ShouldBe(States.Where(state => state.Value().Asked is not null).Select(state => state.Key));
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
    public void A_refusal_is_believed_once_the_clock_was_told_and_else_the_request_counts_as_never_sent()
    {
        var bench = new DialogueBench().Begin().LogsIn().HasNothing(Duration.FromDays(1));
        var believed = bench.AsksFor(Question);
        bench.Refuses();
        bench.AskedType.ShouldBe(TypeIdentification.ReadCurrentTime);
        bench.Answers();
        believed.Ended.ShouldNotBeNull().End.ShouldBe(ExchangeEnd.Refused);

        var again = bench.AsksFor(Question);
        bench.Refuses();
        bench.Refuses();
        again.Ended.ShouldBeNull();
        bench.Told.OfType<DialogueNotice.SessionDropped>().ShouldHaveSingleItem();
        bench.LogsIn();
        bench.AskedType.ShouldBe(TypeIdentification.ReadConfiguration);
        bench.Answers();
        again.Ended.ShouldNotBeNull().End.ShouldBe(ExchangeEnd.Completed);
    }

    [Fact]
    public void Whoever_waits_with_patience_is_served_after_losses_and_told_the_last_one_when_they_do_not_end()
    {
        var patience = new Patience(3, TimeSpan.FromMinutes(30));
        var bench = new DialogueBench(patience: patience).Begin().LogsIn().HasNothing(Duration.FromDays(1));
        bench.AsksFor(Question);
        for (var loss = 1; loss <= 3; loss++)
        {
            bench.Ends(ExchangeEnd.PortLost);
            bench.Wait(Duration.FromSeconds(loss - 1));
            bench.LogsIn();
        }

        bench.Ends(ExchangeEnd.Expired);

        bench.Told.OfType<DialogueNotice.AsksAgain>().Select(again => again.Loss).ShouldBe([1, 2, 3]);
        bench.Told.OfType<DialogueNotice.JobEnded>().ShouldHaveSingleItem().Job.Failure.ShouldNotBeNull().End.ShouldBe(ExchangeEnd.Expired);
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
}
