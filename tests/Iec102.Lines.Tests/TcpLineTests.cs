using System.Net;
using System.Net.Sockets;
using Iec102.Lines.Tcp;
using Microsoft.Extensions.Time.Testing;

namespace Iec102.Lines.Tests;

public class TcpLineTests
{
    [Fact]
    public async Task What_was_written_before_the_far_end_closed_is_still_read()
    {
        await using var pair = await LinePair.OverTcp();
        await pair.Far.WriteAsync(new byte[] { 1, 2, 3 }, default);
        await pair.FarVanishes();

        (await pair.Near.ReadExactly(3)).ShouldBe([1, 2, 3]);
        (await pair.Near.ReadAsync(new byte[1], default).Soon()).ShouldBe(0);
    }

    [Fact]
    public async Task Closing_a_line_with_a_read_pending_is_an_orderly_end_for_the_far_end()
    {
        await using var pair = await LinePair.OverTcp();
        var read = pair.Near.ReadAsync(new byte[1], default);
        await pair.Near.WriteAsync(new byte[] { 1, 2, 3 }, default);

        await pair.Near.DisposeAsync();

        (await pair.Far.ReadExactly(3)).ShouldBe([1, 2, 3]);
        (await pair.Far.ReadAsync(new byte[1], default).Soon()).ShouldBe(0);
        await Should.ThrowAsync<LineException>(() => read.Soon());
    }

    [Fact]
    public async Task A_refused_connection_is_said_to_be_refused()
    {
        var port = FreePort();
        var failure = await OpeningFails(new TcpLineOptions("127.0.0.1", port));
        failure.ShouldContain($"127.0.0.1:{port} refuses the connection");
    }

    [Fact]
    public async Task An_unknown_host_is_said_to_be_unknown()
    {
        // A label of more than 63 characters makes a host name invalid, which is found without asking a name server.
        var host = new string('m', 64) + ".example";
        (await OpeningFails(new TcpLineOptions(host, 4001))).ShouldContain($"host name {host} is not known");
    }

    [Fact]
    public async Task A_far_end_that_does_not_answer_is_given_up_after_the_connect_timeout()
    {
        // A listener whose queue of waiting connections is full does not answer further ones.
        using var full = new Socket(SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(full.LocalEndPoint!);

        var time = new FakeTimeProvider();
        var options = new TcpLineOptions("127.0.0.1", ((IPEndPoint)full.LocalEndPoint!).Port) { ConnectTimeout = TimeSpan.FromSeconds(7) };
        var open = new TcpLineFactory(options, time).OpenAsync(default).AsTask();

        time.Advance(TimeSpan.FromSeconds(6.9));
        open.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(0.1));

        var failure = await Should.ThrowAsync<LineException>(() => open.Soon());
        failure.Message.ShouldContain($"No answer from {options.EndPoint} within 7 s");
    }

    [Fact]
    public async Task An_attempt_to_open_can_be_given_up()
    {
        using var listener = new TcpLineListener();
        var options = new TcpLineOptions("127.0.0.1", listener.Port) { ConnectDelay = TimeSpan.FromHours(1) };
        using var cancellation = new CancellationTokenSource();
        var open = new TcpLineFactory(options).OpenAsync(cancellation.Token);
        await using var far = await listener.AcceptAsync(default).Soon();

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => open.Soon());
        (await far.ReadAsync(new byte[1], default).Soon()).ShouldBe(0, "nothing stays open");
    }

    [Fact]
    public async Task A_line_counts_as_open_after_the_connect_delay_and_keeps_what_came_in_meanwhile()
    {
        using var listener = new TcpLineListener();
        var time = new FakeTimeProvider();
        var start = time.GetUtcNow();
        var options = new TcpLineOptions("127.0.0.1", listener.Port) { ConnectDelay = TimeSpan.FromSeconds(2) };
        var open = new TcpLineFactory(options, time).OpenAsync(default).AsTask();
        await using var far = await listener.AcceptAsync(default).Soon();
        await far.WriteAsync(new byte[] { 0x16 }, default);

        while (!open.IsCompleted)
        {
            (time.GetUtcNow() - start).ShouldBeLessThan(TimeSpan.FromHours(1), "the delay never ended");
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        (time.GetUtcNow() - start).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
        await using var near = await open;
        (await near.ReadExactly(1)).ShouldBe([0x16]);
    }

    [Fact]
    public async Task A_silent_connection_is_asked_for_a_sign_of_life_within_half_a_minute()
    {
        using var listener = new TcpLineListener();
        await using var near = await new TcpLineFactory(new TcpLineOptions("127.0.0.1", listener.Port)).OpenAsync(default);
        await using var far = await listener.AcceptAsync(default).Soon();

        // Linux lists the timer of each socket: kind 2 is keep-alive, followed by the hundredths of a second until it fires.
        var (local, remote) = ($":{far.FarEnd.Port:X4}", $":{listener.Port:X4}");
        var timer = File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(columns => columns[1].EndsWith(local, StringComparison.Ordinal)
                && columns[2].EndsWith(remote, StringComparison.Ordinal))[5].Split(':');
        timer[0].ShouldBe("02");
        Convert.ToInt32(timer[1], 16).ShouldBeInRange(1, 3000);
    }

    [Fact]
    public async Task A_taken_port_is_said_to_be_taken()
    {
        using var listener = new TcpLineListener();
        Should.Throw<LineException>(() => new TcpLineListener(listener.Port))
            .Message.ShouldContain($"port {listener.Port} on 127.0.0.1 is taken");

        listener.Dispose();
        await Should.ThrowAsync<LineException>(() => listener.AcceptAsync(default).Soon());
    }

    [Theory]
    [InlineData("192.0.2.10:4001", "192.0.2.10", 4001)]
    [InlineData("converter-7.example:950", "converter-7.example", 950)]
    [InlineData("[2001:db8::1]:65535", "2001:db8::1", 65535)]
    public void An_end_point_is_read_and_printed(string text, string host, int port)
    {
        TcpLineOptions.TryParse(text, out var options).ShouldBeTrue();
        (options!.Host, options.Port, options.EndPoint).ShouldBe((host, port, text));
        new TcpLineFactory(options).Address.ShouldBe("tcp://" + text);
    }

    [Theory]
    [InlineData("telnet://192.0.2.10:4001", TcpProtocol.Telnet, "telnet://192.0.2.10:4001")]
    [InlineData("RFC2217://[2001:db8::1]:4001", TcpProtocol.Rfc2217, "rfc2217://[2001:db8::1]:4001")]
    public void A_scheme_says_what_the_far_end_speaks(string text, TcpProtocol protocol, string name)
    {
        TcpLineOptions.TryParse(text, out var options).ShouldBeTrue();
        (options!.Protocol, options.Name, options.Address).ShouldBe((protocol, name, name));
        (options with { Format = LinePair.Format("9600-8E1") }).Address.ShouldBe($"{name} 9600-8E1");
    }

    [Theory]
    [InlineData("telnet://")]
    [InlineData("rfc2217://192.0.2.10")]
    [InlineData("http://192.0.2.10:4001")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("192.0.2.10")]
    [InlineData("192.0.2.10:")]
    [InlineData("192.0.2.10:0")]
    [InlineData("192.0.2.10:65536")]
    [InlineData("192.0.2.10:+80")]
    [InlineData(":4001")]
    [InlineData("2001:db8::1:4001")]
    [InlineData("[192.0.2.10]:4001")]
    [InlineData("[]:4001")]
    [InlineData("two words:4001")]
    [InlineData("tcp://192.0.2.10:4001")]
    public void Other_texts_are_no_end_point(string? text) => TcpLineOptions.TryParse(text, out _).ShouldBeFalse();

    private static async Task<string> OpeningFails(TcpLineOptions options) =>
        (await Should.ThrowAsync<LineException>(() => new TcpLineFactory(options).OpenAsync(default).Soon())).Message;

    private static int FreePort()
    {
        using var listener = new TcpLineListener();
        return listener.Port;
    }
}
