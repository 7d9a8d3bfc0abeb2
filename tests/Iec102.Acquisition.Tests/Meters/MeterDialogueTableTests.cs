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
public class MeterDialogueTableTests
{
    private static readonly (string Name, Action<DialogueBench> Happens)[] Events =
    [
        ("port open", bench => bench.Dialogue.PortChanged(new PortStateChanged(PortState.Open, null), bench.Moment.Now)),
        ("port closed", bench => bench.Dialogue.PortChanged(new PortStateChanged(PortState.Closed, null), bench.Moment.Now)),
        ("port lost", bench => bench.Dialogue.PortChanged(new PortStateChanged(PortState.BackingOff, "lost"), bench.Moment.Now)),
        ("link silent", bench => bench.Dialogue.LinkChanged(new LinkStateChanged(1, Answers: false), bench.Moment.Now)),
        ("link answers", bench => bench.Dialogue.LinkChanged(new LinkStateChanged(1, Answers: true), bench.Moment.Now)),
        ("retry", bench => bench.Dialogue.Retry()),
        ("replaced", bench => bench.Dialogue.DeclareReplaced()),
        ("job", bench => bench.Wants(Readable.Configuration)),
        ("session wanted", bench => bench.Dialogue.WantSession(1, null, bench.Moment)),
        ("chunk", bench => bench.HasChunk()),
        ("segment begun", bench => bench.Dialogue.CurveOf(Curve.Hourly)?.SegmentBegun(bench.Moment.Now)),
        ("clock to be set", bench => bench.Dialogue.SetClock()),
        ("storage silent", bench => bench.Dialogue.StorageSilent(bench.Moment.Now)),
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
        bench.Dialogue.PortChanged(new PortStateChanged(PortState.BackingOff, "lost"), bench.Moment.Now);
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
    [InlineData("login",
        "LoggingIn 100 | Refused - | Demoted - | Offline - | Offline - | Offline - | Offline - | Offline - | LoggingIn 183")]
    [InlineData("identity",
        "LoggingIn 103 | LoggingIn 103 | Demoted - | Offline - | Offline - | Offline - | Offline - | Offline - | LoggingIn 183")]
    [InlineData("clock",
        "Online - | LoggingIn 183 | Demoted - | Offline - | Offline - | Offline - | Offline - | Offline - | LoggingIn 183")]
    [InlineData("reading", "Online - | Online 103 | Demoted - | Offline - | Offline - | Offline - | Offline - | Offline - | Online -")]
    [InlineData("proof", "Online - | Online - | Demoted - | Offline - | Offline - | Offline - | Offline - | Offline - | Online -")]
    [InlineData("fact", "Online 156 | Online 103 | Demoted - | Offline - | Offline - | Offline - | Offline - | Offline - | LoggingIn 183")]
    [InlineData("clock writing",
        "Online 103 | Online 103 | Demoted - | Offline - | Offline - | Offline - | Offline - | Offline - | LoggingIn 183")]
    [InlineData("write login",
        "Online 181 | LoggingIn 183 | Demoted - | Offline - | Offline - | Offline - | Offline - | Offline - | Online -")]
    public void Every_end_of_every_exchange(string state, string row) =>
        string.Join(" | ", Ends.Select(end => After(state, bench => End(bench, end)))).ShouldBe(row);

    [Fact]
    public void The_tables_have_every_state_and_every_end()
    {
        static IEnumerable<string> Rows(string test) => typeof(MeterDialogueTableTests).GetMethod(test)!
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
}
