using Iec102.Lines.Tcp;
using Iec102.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Iec102.Lines.Tests;

public sealed class A_telnet_line_keeps_the_contract : LineContract
{
    protected override Task<LinePair> Connect() => TelnetLineTests.Connect("telnet://");
}

public sealed class An_rfc_2217_line_keeps_the_contract : LineContract
{
    protected override Task<LinePair> Connect() => TelnetLineTests.Connect("rfc2217://");
}

public class TelnetLineTests
{
    private static readonly LineFormat Format = LinePair.Format("9600-8E1");

    [Fact]
    public async Task The_serial_line_of_the_converter_is_set_and_an_octet_takes_its_time_there()
    {
        using var listener = new TcpLineListener();
        var opening = Open(listener, "rfc2217://");
        await using var converter = await TelnetConverter.ServeAsync(listener, opening);

        await using var line = await opening.Soon();

        line.CharacterTime.ShouldBe(Format.CharacterTime);
        converter.Settings.ShouldBe(
            [[5, 1], [5, 8], [5, 11], [1, 0, 0, 0x25, 0x80], [2, 8], [3, 3], [4, 1]], new SameOctets());
    }

    [Fact]
    public async Task A_setting_that_the_converter_does_not_take_is_named()
    {
        using var listener = new TcpLineListener();
        var opening = Open(listener, "rfc2217://");
        await using var converter = await TelnetConverter.ServeAsync(
            listener, opening, connection => new TelnetConverter(connection) { Keeps = (command, value) => command == 3 ? [1] : value });

        (await Should.ThrowAsync<LineException>(() => opening.Soon())).Message.ShouldBe(
            $"rfc2217://127.0.0.1:{listener.Port} does not take the parity even (it keeps none): correct line, or write telnet:// and set "
            + "its serial line by its own means.");
    }

    [Fact]
    public async Task A_converter_that_speaks_only_Telnet_is_said_to()
    {
        using var listener = new TcpLineListener();
        var opening = Open(listener, "rfc2217://");
        await using var converter = await TelnetConverter.ServeAsync(
            listener, opening, connection => new TelnetConverter(connection) { Options = [0, 3] });

        var failure = await Should.ThrowAsync<LineException>(() => opening.Soon());
        failure.Message.ShouldContain("speaks Telnet but not RFC 2217: write telnet://");
        converter.Settings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_far_end_that_does_not_negotiate_is_given_up_after_the_connect_timeout()
    {
        using var listener = new TcpLineListener();
        var time = new FakeTimeProvider();
        var opening = Open(listener, "telnet://", time);
        await using var connection = await listener.AcceptAsync(default).Soon();
        await connection.ReadExactly(12);

        time.Advance(TimeSpan.FromSeconds(10));

        (await Should.ThrowAsync<LineException>(() => opening.Soon())).Message.ShouldBe(
            $"telnet://127.0.0.1:{listener.Port} does not answer the Telnet negotiation: if this port of it is a raw one, write tcp = "
            + "\"host:port\" (waited for 10 s).");
        (await connection.ReadAsync(new byte[1], default).Soon()).ShouldBe(0, "the connection is closed");
    }

    [Fact]
    public async Task What_arrives_with_the_negotiation_is_kept()
    {
        using var listener = new TcpLineListener();
        var opening = Open(listener, "telnet://");
        await using var connection = await listener.AcceptAsync(default).Soon();
        byte[] negotiation = [0x48, 0x69, 255, 253, 0, 255, 251, 0, 0x21];
        foreach (var octet in negotiation)
            await connection.WriteAsync(new[] { octet }, default);

        await using var line = await opening.Soon();

        (await line.ReadExactly(3)).ShouldBe("Hi!"u8.ToArray());
    }

    [Fact]
    public async Task A_far_end_that_negotiates_and_takes_no_answers_is_cut()
    {
        using var listener = new TcpLineListener();
        var opening = Open(listener, "telnet://");
        await using var converter = await TelnetConverter.ServeAsync(listener, opening, connection => new TelnetConverter(connection));
        await using var line = await opening.Soon();
        var storm = Enumerable.Repeat<byte[]>([255, 253, 1, 0x41], 1 << 16).SelectMany(command => command).ToArray();

        // The answers wait behind this, because the far end does not read.
        var write = line.WriteAsync(new byte[64 << 20], default);
        var sending = Task.Run(async () =>
        {
            while (true)
                await converter.WriteRawAsync(storm);
        });

        var failure = await Should.ThrowAsync<LineException>(async () =>
        {
            while (true)
                await line.ReadAsync(new byte[4096], default).Soon();
        });
        failure.Message.ShouldContain("negotiates Telnet options but takes no answers");
        await line.DisposeAsync();
        await Should.ThrowAsync<LineException>(() => write.Soon());
        await Should.ThrowAsync<LineException>(() => sending.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    /// <summary>A line to a converter that agrees to everything, and the converter.</summary>
    internal static async Task<LinePair> Connect(string scheme)
    {
        using var listener = new TcpLineListener();
        var opening = Open(listener, scheme);
        var far = await TelnetConverter.ServeAsync(listener, opening);
        return new LinePair(await opening, far, far.DisposeAsync);
    }

    private static Task<ILine> Open(TcpLineListener listener, string scheme, TimeProvider? time = null)
    {
        TcpLineOptions.TryParse($"{scheme}127.0.0.1:{listener.Port}", out var options).ShouldBeTrue();
        if (options!.Protocol == TcpProtocol.Rfc2217)
            options = options with { Format = Format };
        return new TcpLineFactory(options, time).OpenAsync(default).AsTask();
    }

    private sealed class SameOctets : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] octets) => octets.Length;
    }
}
