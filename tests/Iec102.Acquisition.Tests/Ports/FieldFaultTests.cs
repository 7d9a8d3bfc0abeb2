using Akka.Event;
using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>What converters and modems do to a port besides carrying frames, and what operators are told of it.</summary>
public sealed class FieldFaultTests() : PortBench("akka.loglevel = DEBUG")
{
    private const uint DistinctiveKey = 0xD1A7C35E;

    private static readonly LinkTiming Timing = new() { ReplyTimeout = Seconds(5), Retries = 3 };

    private readonly PortSettings _tcp = Tcp with { Timing = Timing, ReconnectMin = Seconds(1), ReconnectMax = Seconds(60) };

    private static byte[] SevenBits(byte[] octets) => [.. octets.Select(octet => (byte)(octet & 0x7F))];

    private static void Says(Iec102.Testing.MemoryLine line, string text) => line.Deliver(System.Text.Encoding.ASCII.GetBytes(text));

    private Recorder LogRecorder()
    {
        var log = Record("log");
        Sys.EventStream.Subscribe(log.Ref, typeof(Info));
        Sys.EventStream.Subscribe(log.Ref, typeof(Warning));
        Sys.EventStream.Subscribe(log.Ref, typeof(Debug));
        return log;
    }

    private static List<string> LinesOf(Recorder log) =>
        [.. log.All<LogEvent>().Select(entry => entry.Message.ToString()!).Where(line => line.Contains("north"))];

    [Fact]
    public async Task A_converter_that_closes_without_a_word_may_be_held_by_another_program()
    {
        Far.Add(1);
        Lines.Greeting = line => line.Finish();
        Start(_tcp);
        Meter("m1", 1).Ask(Request.Login(1, 7));
        await Advance(Seconds(1));

        Status.LastError.ShouldBe("The far end closed the line before anything came; check that no other program holds the converter.");
    }

    [Fact]
    public async Task A_converter_that_says_its_port_is_in_use_and_closes_is_tried_at_growing_pauses_and_logged_once()
    {
        var log = LogRecorder();
        Far.Add(1);
        Lines.Greeting = line =>
        {
            Says(line, "Port already in use\r\n");
            line.Finish();
        };
        Start(_tcp);
        var meter = Meter("m1", 1);
        meter.Ask(Request.Login(1, 7));
        await Advance(Seconds(20));

        // At 0, 1, 3, 7 and 15 s, each pause up to a fifth longer.
        Lines.Attempts.Count.ShouldBeInRange(4, 5);
        const string Error = "The far end closed the line; before that came the text \"Port already in use\".";
        (Status.LastError, Status.Fault, Status.Failures).ShouldBe((Error, LineFault.Text, Lines.Attempts.Count));
        (meter.Ended[0].End, meter.Ended[0].Error, meter.Ended[0].Fault).ShouldBe((ExchangeEnd.PortLost, Error, LineFault.Text));
        var told = meter.Recorder.All<PortStateChanged>().First(change => change.State == PortState.BackingOff);
        (told.Error, told.Fault).ShouldBe((Error, LineFault.Text));
        // That it was open, once, and why it was lost, once.
        LinesOf(log).Count.ShouldBe(2);
        LinesOf(log)[1].ShouldContain($"{Error} Next attempt in 1");

        await Advance(TimeSpan.FromMinutes(10));
        LinesOf(log).Count.ShouldBe(2);
        Lines.Greeting = _ => { };
        var failures = Lines.Attempts.Count;
        await Advance(Seconds(100));
        (await meter.LogIn()).End.ShouldBe(ExchangeEnd.Completed);
        await Advance(Seconds(2));
        LinesOf(log)[^1].ShouldContain($"is open again (failures in a row before: {failures})");
        (Status.Fault, Status.Failures).ShouldBe((LineFault.None, 0));
    }

    [Fact]
    public async Task A_line_whose_modem_says_no_carrier_is_lost_at_once_and_opened_again()
    {
        Far.Add(1);
        Start(_tcp with { IsTcp = false });
        var meter = Meter("m1", 1);
        await meter.LogIn();
        Far.OnTheWay = _ => System.Text.Encoding.ASCII.GetBytes("\r\nNO CARRIER\r\n");

        var asked = Moment;
        var ended = await meter.Get(meter.ReadClock, 1);

        (Moment - asked).ShouldBe(Far.Latency);
        (ended.End, ended.Error, ended.Fault).ShouldBe(
            (ExchangeEnd.PortLost, "The modem says NO CARRIER: the call has ended.", LineFault.Text));
        Lines.Opened[0].IsClosed.ShouldBeTrue();
        Status.State.ShouldBe(PortState.BackingOff);
        Far.OnTheWay = answer => answer;
        await Advance(Seconds(2));
        (await meter.LogIn(1)).End.ShouldBe(ExchangeEnd.Completed);
    }

    [Theory]
    [InlineData("\r\nBUSY\r\n", "BUSY")]
    [InlineData("\r\nNO ANSWER\r\n", "NO ANSWER")]
    [InlineData("\r\nNO DIALTONE\r\n", "NO DIALTONE")]
    public async Task Text_in_place_of_an_answer_is_quoted(string said, string quoted)
    {
        Far.Add(1);
        Start(_tcp);
        var meter = Meter("m1", 1);
        Far.OnTheWay = _ => System.Text.Encoding.ASCII.GetBytes(said);

        var ended = await meter.LogIn();

        ended.End.ShouldBe(ExchangeEnd.NoAnswer);
        ended.Error.ShouldBe($"Link 1 did not answer within 5 s, asked 4 times; the far end sent the text \"{quoted}\".");
        ended.Fault.ShouldBe(LineFault.Text);
        var told = meter.Recorder.All<LinkStateChanged>().ShouldHaveSingleItem();
        (told.Answers, told.Error, told.Fault).ShouldBe((false, ended.Error, LineFault.Text));
    }

    [Fact]
    public async Task A_converter_that_speaks_Telnet_on_a_raw_port_is_named_once_in_the_log_and_in_every_error()
    {
        const string Advice = "the converter speaks Telnet: write tcp = \"rfc2217://host:port\" and line, or tcp = "
            + "\"telnet://host:port\", or set it to raw TCP";
        var log = LogRecorder();
        Start(Tcp with { Timing = new LinkTiming { ReplyTimeout = Seconds(2), Retries = 1 } });
        Lines.Greeting = line => line.Deliver(new byte[] { 255, 253, 3, 255, 251, 1 });
        var meter = Meter("a", 1);

        (await meter.LogIn()).Error.ShouldBe($"Link 1 did not answer within 2 s, asked 2 times; {Advice}.");
        Status.LastError.ShouldBe($"No valid frame came from link 1, nor from another; {Advice}.");
        await Advance(TimeSpan.FromMinutes(5));

        Lines.Opened.Count.ShouldBeGreaterThan(1);
        LinesOf(log).Count(line => line == $"port north: {Advice}").ShouldBe(1);
    }

    [Fact]
    public async Task Damaged_answers_are_told_and_traced_with_their_octets_but_without_what_may_be_a_key()
    {
        var log = LogRecorder();
        Far.Add(1);
        Start(_tcp with { LogsFrames = true });
        var meter = Meter("m1", 1);
        await meter.LogIn();
        Far.OnTheWay = answer => [.. answer[..^2], (byte)(answer[^2] ^ 0x21), answer[^1]];
        meter.Ask(Request.Login(1, DistinctiveKey), 1);
        await Advance(Seconds(1));
        Far.OnTheWay = answer => answer[0] == 0x68 ? [.. answer[..7], (byte)(answer[7] ^ 1), .. answer[8..]] : answer;
        await Advance(Seconds(60));

        var ended = meter.Ended[^1];
        (ended.End, ended.Fault).ShouldBe((ExchangeEnd.NoAnswer, LineFault.Damaged));
        ended.Error.ShouldBe(
            "Link 1 did not answer within 5 s, asked 4 times; what came was damaged: check speed and parity of the line and of "
            + "its converter, the wiring, and whether another program or master uses the line.");
        var lines = LinesOf(log);
        // One status answer with a wrong checksum, and four confirmations of the login with a damaged type.
        lines.Count(line => line.Contains("<- no valid frame: 6 octets, the checksum is")).ShouldBe(1);
        var damaged = lines.Where(line => line.Contains("<- no valid frame: 19 octets")).ToList();
        damaged.Count.ShouldBe(4);
        damaged[0].ShouldContain("[68 0d 0d 68 08 01 00 b6 ** **");
        var all = string.Join('\n', lines).Replace(" ", "").ToUpperInvariant();
        all.ShouldNotContain("D1A7C35E");
        all.ShouldNotContain("5EC3A7D1");
    }

    [Theory]
    [InlineData(0x47, ExchangeEnd.NoAnswer)]
    [InlineData(7, ExchangeEnd.Expired)]
    public async Task A_converter_left_on_seven_data_bits_is_named_whether_its_frames_pass_their_checks_or_not(uint key, ExchangeEnd end)
    {
        Far.Add(1);
        Far.OnTheWay = SevenBits;
        Start(_tcp);
        var meter = Meter("m1", 1);

        var ended = await meter.Get(Request.Login(1, key), timeout: 60);

        ended.End.ShouldBe(end);
        ended.Fault.ShouldBe(LineFault.Damaged);
        ended.Error.ShouldEndWith(
            "all octets have bit 7 = 0, so the line or its converter is set to 7 data bits: set it to 8 data bits.");
    }

    [Fact]
    public async Task A_wrong_link_address_among_others_is_asked_once_so_the_others_do_not_wait_for_its_whole_budget()
    {
        Far.Add(2);
        Far.Add(3);
        Start(_tcp);
        var wrong = Meter("wrong", 1);
        var good = Meter("good", 2);
        var better = Meter("better", 3);
        wrong.Ask(Request.Login(1, 7));
        good.Ask(Request.Login(1, 7));
        better.Ask(Request.Login(1, 7));

        await Until(() => good.Ended.Count + better.Ended.Count == 2, Seconds(60));

        // One reply timeout, where four went by before; the silence after it and the logins take less than a second more.
        Moment.ShouldBeInRange(Seconds(5), Seconds(6));
        Far.Seen.Count(frame => frame.Link == 1).ShouldBe(1);
        (wrong.Ended[0].End, wrong.Ended[0].Error).ShouldBe((ExchangeEnd.NoAnswer, "Link 1 did not answer within 5 s"
            + ": check the link address, the line and its format, and that the meter is powered."));
        wrong.LinkStates.ShouldBe([false]);
        good.LinkStates.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_meter_that_has_answered_before_and_one_that_is_alone_have_their_whole_budget()
    {
        var far = Far.Add(2);
        Start(_tcp with { IsTcp = false });
        var meter = Meter("m2", 2);
        far.IsOff = true;
        (await meter.LogIn()).Error.ShouldBe("Link 2 did not answer within 5 s, asked 4 times"
            + ": check the link address, the line and its format, and that the meter is powered.");
        Meter("other", 1);
        far.IsOff = false;
        await Until(() => meter.LinkStates.Count == 2, Seconds(30));
        await meter.LogIn();
        far.IsOff = true;
        (await meter.Get(meter.ReadClock, 1)).Error.ShouldBe("Link 2 did not answer within 5 s, asked 4 times"
            + ": check the link address, the line and its format, and that the meter is powered.");
    }

    [Fact]
    public async Task A_far_end_that_sends_without_end_is_read_no_faster_than_a_converters_line_could_carry()
    {
        Far.Add(1);
        Start(_tcp);
        var meter = Meter("m1", 1);
        await meter.LogIn();
        var line = Lines.Current;
        line.Deliver(new byte[4 << 20]);
        for (var second = 1; second <= 10; second++)
        {
            await Advance(Seconds(1));
            // The line is read on another thread, which virtual time does not wait for.
            var least = 60 * second << 10;
            await AwaitConditionAsync(() => Task.FromResult(Read() >= least), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(5));
        }

        // 64 KiB a second, after 64 KiB at once and 32 KiB that were read ahead.
        Read().ShouldBeLessThanOrEqualTo((640 + 64 + 33) << 10);

        int Read() => (4 << 20) - line.Unread;
    }
}
