using Iec102.Acquisition.Ports;
using Iec102.Lines;
using Iec102.Lines.Modems;
using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>Two ports that call through one modem: north calls 600111, south calls 600222; both have a meter with link address 1.</summary>
public sealed class DialTests : PortBench
{
    private static readonly PortSettings North = Tcp with
    {
        Hold = Seconds(60),
        MaxCall = TimeSpan.FromMinutes(15),
        ReconnectMin = TimeSpan.FromMinutes(1),
        ReconnectMax = TimeSpan.FromHours(1),
        Timing = new LinkTiming { ReplyTimeout = Seconds(2), Retries = 1 },
    };

    private readonly Modem _shared = new();
    private readonly ScriptedModem _modem;
    private readonly FarEnd _farSouth;

    public DialTests()
    {
        _farSouth = new FarEnd(Scheduler);
        _modem = new ScriptedModem(Scheduler.Time)
        {
            FarEnd = (number, line, octets) => (number == "600111" ? Far : _farSouth).Receive(line, octets.Span),
        };
        Far.Add(1);
        _farSouth.Add(1);
    }

    internal override ILineFactory Factory => FactoryOf("600111");

    [Fact]
    public async Task A_call_is_made_for_the_first_request_shared_by_the_meters_and_hung_up_after_the_hold()
    {
        Far.Add(2);
        Start(North);
        var (a, b) = (Meter("a", 1), Meter("b", 2));

        (await a.LogIn()).IsCompleted.ShouldBeTrue();
        await Advance(Seconds(40));
        (await b.LogIn()).IsCompleted.ShouldBeTrue();
        await Advance(Seconds(59));
        _modem.Calls.ShouldBe(["600111"]);
        await Advance(Seconds(4));

        _modem.Calls.ShouldBe(["600111", "-"]);
        Status.State.ShouldBe(PortState.Closed);
        Status.Address.ShouldBe("modem-line calls 600111");
        Status.IsDialled.ShouldBeTrue();
    }

    [Fact]
    public async Task A_number_that_has_no_work_left_gives_the_modem_to_the_one_that_waits()
    {
        Start(North);
        var south = StartAnother(North with { Id = "south" }, FactoryOf("600222"));
        var (a, b) = (Meter("a", 1), Client("b", 1, port: south));

        await a.LogIn();
        var asked = Moment;
        (await b.LogIn()).IsCompleted.ShouldBeTrue();

        _modem.Calls.ShouldBe(["600111", "-", "600222"], "one call at a time");
        (Moment - asked).ShouldBeLessThan(Seconds(10), "the hold of 60 s is not waited for");
    }

    [Fact]
    public async Task A_number_with_work_without_end_gives_the_modem_back_after_the_longest_call()
    {
        Start(North);
        var south = StartAnother(North with { Id = "south" }, FactoryOf("600222"));
        var (a, b) = (Meter("a", 1), Client("b", 1, port: south));
        var epoch = (await a.LogIn()).Epoch;
        b.Ask(Protocol.Application.Request.Login(1, 7), timeout: 3600);

        while (b.Ended.Count == 0 && Moment < TimeSpan.FromHours(1))
        {
            var ended = await a.Get(a.ReadClock, epoch);
            if (ended.End == ExchangeEnd.SessionLost)
                epoch = (await a.LogIn(epoch)).Epoch;
            await Advance(Seconds(1));
        }

        b.Ended.Single().IsCompleted.ShouldBeTrue();
        Moment.ShouldBeInRange(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(16));
        (await a.LogIn(epoch)).IsCompleted.ShouldBeTrue();
        _modem.Calls.ShouldBe(["600111", "-", "600222", "-", "600111"]);
    }

    [Fact]
    public async Task A_number_that_is_engaged_is_called_again_later_and_does_not_hold_up_the_others()
    {
        _modem.AnswerTo = command => command switch { "ATD600111" => "BUSY", "ATD600222" => "CONNECT", _ => "OK" };
        Start(North);
        var south = StartAnother(North with { Id = "south" }, FactoryOf("600222"));
        var (a, b) = (Meter("a", 1), Client("b", 1, port: south));

        (await a.LogIn()).Error.ShouldBe("600111 is engaged (BUSY); perhaps another master is calling it.");
        (await b.LogIn()).IsCompleted.ShouldBeTrue();
        await Advance(TimeSpan.FromHours(4));

        // After about 1, 2, 4, 8, 16, 32 and then every 60 minutes.
        _modem.Commands.Count(command => command == "ATD600111").ShouldBeInRange(8, 10);
    }

    [Fact]
    public async Task A_meter_that_does_not_answer_costs_few_calls()
    {
        Start(North);
        var c = Meter("c", 9);

        (await c.LogIn()).End.ShouldBe(ExchangeEnd.NoAnswer);
        await Advance(TimeSpan.FromHours(6));

        _modem.Calls.Count(call => call != "-").ShouldBeInRange(6, 16);
    }

    [Fact]
    public async Task A_call_that_the_far_end_ends_when_nothing_is_left_to_do_is_not_made_again()
    {
        Start(North);
        await Meter("a", 1).LogIn();
        await Advance(Seconds(30));

        _modem.HangUp();
        _modem.Lines.Single().Deliver("\r\nNO CARRIER\r\n"u8.ToArray());
        await Advance(TimeSpan.FromHours(3));

        _modem.Calls.ShouldBe(["600111", "-"]);
        Status.State.ShouldBe(PortState.Closed);
    }

    [Fact]
    public async Task A_meter_that_is_removed_is_not_called_any_more()
    {
        Start(North);
        var (a, c) = (Meter("a", 1), Meter("c", 9));
        await a.LogIn();
        (await c.LogIn()).End.ShouldBe(ExchangeEnd.NoAnswer);

        Port.Tell(new UnregisterMeter("c"), c.Recorder.Ref);
        await Advance(TimeSpan.FromHours(6));

        _modem.Calls.ShouldBe(["600111", "-"]);
    }

    [Fact]
    public async Task A_port_that_is_released_hangs_up()
    {
        Start(North);
        await Meter("a", 1).LogIn();

        await Release();
        await Advance(Seconds(5));

        _modem.Calls.ShouldBe(["600111", "-"]);
        _modem.Lines.Single().IsClosed.ShouldBeTrue();
    }

    private DialledLineFactory FactoryOf(string number) => new(_shared, _modem, new DialOptions(number), Scheduler.Time);
}
