using Iec102.Lines.Modems;
using Iec102.Lines.Serial;
using Iec102.Lines.Tcp;
using Iec102.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Iec102.Lines.Tests;

public class ModemTests
{
    private static readonly DialOptions Number = new("600111222") { Init = ["ATZ", "AT+CPIN=4321"] };

    private readonly FakeTimeProvider _time = new();
    private readonly Modem _shared = new();
    private readonly ScriptedModem _modem;

    public ModemTests() => _modem = new ScriptedModem(_time);

    [Fact]
    public async Task A_line_is_a_call_and_closing_it_hangs_up()
    {
        _modem.Greeting = [0x10, 0x0B];
        _modem.FarEnd = (_, line, octets) => line.Deliver(octets.ToArray());
        var factory = Factory(Number);
        factory.Address.ShouldBe("modem-line calls 600111222");

        var call = await Played(factory.OpenAsync(default).AsTask());
        _modem.Commands.ShouldBe(["ATE0Q0V1", "ATZ", "AT+CPIN=4321", "ATD600111222"]);
        (await call.ReadExactly(2)).ShouldBe([0x10, 0x0B], "what comes behind CONNECT is the far end's");
        await call.WriteAsync(new byte[] { 0x16 }, default);
        (await call.ReadExactly(1)).ShouldBe([0x16]);

        var pending = call.ReadAsync(new byte[1], default).AsTask();
        await Played(Closed(call));

        (await Should.ThrowAsync<LineException>(() => pending)).Message.ShouldBe("The call to 600111222 was ended by this program.");
        await Should.ThrowAsync<LineException>(async () => await call.WriteAsync(new byte[1], default));
        _modem.Commands.Skip(4).ShouldBe(["+++", "ATH"]);
        _modem.Calls.ShouldBe(["600111222", "-"]);
        _modem.Lines.Single().IsClosed.ShouldBeTrue();
        await _shared.WhenFreeAsync(default).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("BUSY", "600111222 is engaged (BUSY); perhaps another master is calling it.")]
    [InlineData("NO ANSWER", "600111222 does not pick up (NO ANSWER); check that the modem there is powered.")]
    [InlineData("NO CARRIER",
        "No connection with 600111222 (NO CARRIER); check the number, and that the modem there takes data calls.")]
    [InlineData("NO DIALTONE", "The modem on modem-line has no dial tone (NO DIALTONE); check its telephone line or SIM.")]
    [InlineData("ERROR", "The modem on modem-line does not dial 600111222 (ERROR); check the number and init.")]
    [InlineData("+CME ERROR: 10", "The modem on modem-line does not dial 600111222 (+CME ERROR: 10); check the number and init.")]
    public async Task What_the_modem_says_in_place_of_CONNECT_is_one_sentence(string answer, string sentence)
    {
        _modem.AnswerTo = command => command.StartsWith("ATD", StringComparison.Ordinal) ? answer : "OK";

        (await OpeningFails(Number)).ShouldBe(sentence);

        _modem.Commands[^1].ShouldBe("ATD600111222", "there is no call to hang up");
    }

    [Fact]
    public async Task A_number_that_is_not_connected_in_time_is_given_up_and_hung_up()
    {
        _modem.AnswerTo = command => command.StartsWith("ATD", StringComparison.Ordinal) ? null : "OK";
        var start = _time.GetUtcNow();

        (await OpeningFails(Number with { ConnectTimeout = TimeSpan.FromSeconds(45) }))
            .ShouldBe("600111222 was not connected within 45 s; check the number and the modem there.");

        (_time.GetUtcNow() - start).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(45));
        _modem.Commands[^1].ShouldEndWith("ATH");
    }

    [Fact]
    public async Task A_call_that_is_no_longer_wanted_while_it_is_made_is_hung_up()
    {
        using var cancellation = new CancellationTokenSource();
        _modem.AnswerTo = command =>
        {
            if (!command.StartsWith("ATD", StringComparison.Ordinal))
                return "OK";
            cancellation.Cancel();
            return "CONNECT";
        };

        await Should.ThrowAsync<OperationCanceledException>(
            () => Played(Factory(Number with { ConnectDelay = TimeSpan.FromSeconds(1) }).OpenAsync(cancellation.Token).AsTask()));

        _modem.Calls.ShouldBe(["600111222", "-"]);
        _modem.Lines.Single().IsClosed.ShouldBeTrue();
        await _shared.WhenFreeAsync(default).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_modem_that_does_not_answer_is_named()
    {
        _modem.AnswerTo = _ => null;

        (await OpeningFails(Number)).ShouldBe(
            "The modem on modem-line does not answer to AT commands; check that it is powered, and speed and format of its line.");
    }

    [Fact]
    public async Task A_refused_init_command_is_named_without_its_text()
    {
        _modem.AnswerTo = command => command.Contains("CPIN") ? "ERROR" : "OK";

        (await OpeningFails(Number)).ShouldBe("The modem on modem-line answers ERROR to command 2 of init; correct it.");
        Number.ToString().ShouldBe("600111222", "init may hold a PIN");
    }

    [Fact]
    public async Task A_call_that_an_earlier_run_left_is_hung_up_first()
    {
        _modem.ConnectedWith = "600999999";

        var call = await Played(Factory(Number).OpenAsync(default).AsTask());

        _modem.Calls.ShouldBe(["-", "600111222"]);
        _modem.Commands.ShouldBe(["+++", "ATH", "ATE0Q0V1", "ATZ", "AT+CPIN=4321", "ATD600111222"]);
        await Played(Closed(call));
    }

    [Fact]
    public async Task One_call_at_a_time_and_who_calls_is_told_that_others_wait()
    {
        var first = await Played(Factory(Number).OpenAsync(default).AsTask());
        var wanted = first.ShouldBeAssignableTo<ISharedLine>().ShouldNotBeNull().Wanted;
        wanted.IsCompleted.ShouldBeFalse();

        using var cancellation = new CancellationTokenSource();
        var givenUp = Factory(new DialOptions("1")).OpenAsync(cancellation.Token).AsTask();
        var second = Factory(new DialOptions("2")).OpenAsync(default).AsTask();
        var third = Factory(new DialOptions("3")).OpenAsync(default).AsTask();
        wanted.IsCompleted.ShouldBeTrue();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => givenUp);
        second.IsCompleted.ShouldBeFalse();

        await Played(Closed(first));
        var call2 = await Played(second);
        ((ISharedLine)call2).Wanted.IsCompleted.ShouldBeTrue("the third still waits");
        await Played(Closed(call2));
        var call3 = await Played(third);
        ((ISharedLine)call3).Wanted.IsCompleted.ShouldBeFalse();
        await Played(Closed(call3));

        _modem.Calls.ShouldBe(["600111222", "-", "2", "-", "3", "-"]);
    }

    [Fact]
    public async Task A_call_that_failed_lets_the_next_one_be_made()
    {
        _modem.AnswerTo = command => command == "ATD1" ? "BUSY" : command == "ATD2" ? "CONNECT" : "OK";
        var first = Factory(new DialOptions("1")).OpenAsync(default).AsTask();
        var second = Factory(new DialOptions("2")).OpenAsync(default).AsTask();

        await Should.ThrowAsync<LineException>(() => Played(first));
        await Played(Closed(await Played(second)));
    }

    [Fact]
    public async Task A_line_with_DTR_hangs_up_by_it()
    {
        var factory = new DialledLineFactory(_shared, new WithDtr(_modem), Number, _time);
        var call = await Played(factory.OpenAsync(default).AsTask());

        await Played(Closed(call));

        _modem.Calls.ShouldBe(["600111222", "-"]);
        _modem.Commands.Skip(4).ShouldBe(["AT"], "the modem is back in command mode");
    }

    [Fact]
    public async Task A_modem_behind_a_converter_is_called_over_a_real_connection()
    {
        using var listener = new TcpLineListener();
        using var stop = new CancellationTokenSource();
        var modem = new ScriptedModem(TimeProvider.System) { FarEnd = (_, line, octets) => line.Deliver(octets.ToArray()) };
        var converting = ConvertAsync(listener, modem, stop.Token);
        var factory = new DialledLineFactory(
            _shared, new TcpLineFactory(new TcpLineOptions("127.0.0.1", listener.Port)), new DialOptions("600111222"));

        var call = await factory.OpenAsync(default).Soon();
        var all = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        await call.WriteAsync(all, default).Soon();
        (await call.ReadExactly(256)).ShouldBe(all);
        await call.DisposeAsync().Soon();

        modem.Calls.ShouldBe(["600111222", "-"]);
        modem.Commands.ShouldBe(["ATE0Q0V1", "ATD600111222", "+++", "ATH"]);
        await stop.CancelAsync();
        await converting.WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Passes octets between a connection and a modem until either ends.</summary>
    private static async Task ConvertAsync(TcpLineListener listener, ScriptedModem modem, CancellationToken ct)
    {
        await using var connection = await listener.AcceptAsync(ct);
        await using var line = await modem.OpenAsync(ct);
        await Task.WhenAny(PassAsync(connection, line), PassAsync(line, connection));

        async Task PassAsync(ILine from, ILine to)
        {
            var octets = new byte[512];
            while (await from.ReadAsync(octets, ct) is > 0 and var count)
                await to.WriteAsync(octets.AsMemory(0, count), ct);
        }
    }

    [Fact]
    public void Results_are_found_at_any_split_among_echoes_and_reports()
    {
        var said = "AT\r\r\nRING\r\n\r\n+CREG: 1\r\nOKAY\r\n\r\nNO CARRIER\r\n\r\nCONNECT 9600/V32\r\n\x10\x0B"u8.ToArray();
        for (var split = 0; split <= said.Length; split++)
        {
            var text = new ModemText();
            var results = new List<string>();
            var data = new List<byte>();
            foreach (var piece in (byte[][])[said[..split], said[split..]])
            {
                ReadOnlySpan<byte> octets = piece;
                while (results is not [.., "CONNECT 9600/V32"] && text.Take(ref octets) is { } result)
                    results.Add(result);
                data.AddRange(octets);
            }

            results.ShouldBe(["NO CARRIER", "CONNECT 9600/V32"], $"split at {split}");
            data.ShouldBe([(byte)0x10, 0x0B], $"split at {split}");
        }
    }

    [Theory]
    [InlineData("600111222", true)]
    [InlineData("T0,600111222", true)]
    [InlineData("+34600111222", true)]
    [InlineData("*99#", true)]
    [InlineData("", false)]
    [InlineData("600;", false)]
    [InlineData("600 111", false)]
    [InlineData("600\r", false)]
    public void A_number_is_what_can_be_dialled(string text, bool isNumber) => DialOptions.IsNumber(text).ShouldBe(isNumber);

    private DialledLineFactory Factory(DialOptions options) => new(_shared, _modem, options, _time);

    private async Task<string> OpeningFails(DialOptions options)
    {
        var failure = await Should.ThrowAsync<LineException>(() => Played(Factory(options).OpenAsync(default).AsTask()));
        _modem.Lines.Single().IsClosed.ShouldBeTrue();
        await _shared.WhenFreeAsync(default).WaitAsync(TimeSpan.FromSeconds(20));
        return failure.Message;
    }

    private static async Task<bool> Closed(ILine line)
    {
        await line.DisposeAsync();
        return true;
    }

    /// <summary>Lets time pass until a task has ended.</summary>
    private async Task<T> Played<T>(Task<T> task)
    {
        var start = _time.GetUtcNow();
        while (!task.IsCompleted)
        {
            (_time.GetUtcNow() - start).ShouldBeLessThan(TimeSpan.FromHours(1), "it never ends");
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await task;
    }

    /// <summary>A line on which the fall of DTR reaches the modem.</summary>
    private sealed class WithDtr(ScriptedModem modem) : ILineFactory
    {
        public string Address => modem.Address;

        public async ValueTask<ILine> OpenAsync(CancellationToken ct) => new Line(modem, await modem.OpenAsync(ct));

        private sealed class Line(ScriptedModem modem, ILine line) : ILine, IDtrLine
        {
            public TimeSpan CharacterTime => line.CharacterTime;

            public bool SetDtr(bool raised)
            {
                if (!raised)
                    modem.HangUp();
                return true;
            }

            public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct) => line.ReadAsync(buffer, ct);

            public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct) => line.WriteAsync(octets, ct);

            public ValueTask DisposeAsync() => line.DisposeAsync();
        }
    }
}
