using System.Diagnostics;
using Iec102.Lines.Serial;

namespace Iec102.Lines.Tests;

/// <summary>The behaviour that a serial line must have with every driver, tested on pseudo terminals.</summary>
public abstract class SerialLineSpecification(SerialDriver driver) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("iec102-lines-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_closed_device_can_be_opened_again()
    {
        await using var terminal = new PseudoTerminal();
        var factory = Factory(terminal.Device);
        await (await factory.OpenAsync(default)).DisposeAsync();

        await using var second = await factory.OpenAsync(default);
        await terminal.Line.WriteAsync(new byte[] { 0x10 }, default);
        (await second.ReadExactly(1)).ShouldBe([0x10]);
    }

    [Fact]
    public async Task A_device_that_vanished_is_opened_again_under_its_link_when_it_is_back()
    {
        var link = Path.Combine(_folder, "meter");
        var terminal = new PseudoTerminal(link);
        var factory = Factory(link);
        await using (var line = await factory.OpenAsync(default))
        {
            var read = line.ReadAsync(new byte[1], default);
            await terminal.DisposeAsync();
            (await Should.ThrowAsync<LineException>(() => read.Soon())).Message.ShouldContain($"{link} was lost: the device was removed");
            (await OpeningFails(link)).ShouldContain($"{link} does not exist");
        }

        await using var again = new PseudoTerminal(link);
        await using var reopened = await factory.OpenAsync(default);
        await reopened.WriteAsync(new byte[] { 1, 2 }, default).Soon();
        (await again.Line.ReadExactly(2)).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_device_that_vanished_can_be_closed_with_a_write_still_waiting()
    {
        var pair = await Pair();
        var write = pair.Near.WriteAsync(new byte[64 << 20], default);
        await pair.Far.ReadExactly(1);

        await pair.FarVanishes();
        var late = pair.Near.WriteAsync(new byte[1], default);

        await pair.Near.DisposeAsync().Soon();
        await Should.ThrowAsync<LineException>(() => write.Soon());
        await Should.ThrowAsync<LineException>(() => late.Soon());
    }

    [Fact]
    public async Task A_line_can_be_closed_while_nobody_takes_up_what_it_sends()
    {
        await using var pair = await Pair();
        var write = pair.Near.WriteAsync(new byte[64 << 20], default);
        await pair.Far.ReadExactly(1);

        await pair.Near.DisposeAsync().Soon();

        await Should.ThrowAsync<LineException>(() => write.Soon());
    }

    [Fact]
    public async Task The_far_end_does_not_notice_the_device_being_closed_and_opened()
    {
        await using var terminal = new PseudoTerminal();
        var read = terminal.Line.ReadAsync(new byte[1], default);
        await using (await Factory(terminal.Device).OpenAsync(default)) { }
        read.IsCompleted.ShouldBeFalse();

        await using var line = await Factory(terminal.Device).OpenAsync(default);
        await line.WriteAsync(new byte[] { 5 }, default);
        (await read.Soon()).ShouldBe(1);
    }

    [Fact]
    public async Task What_came_in_before_the_opening_is_not_read()
    {
        await using var terminal = new PseudoTerminal();
        await terminal.Line.WriteAsync(new byte[] { 1, 1, 1 }, default);
        await using var line = await Factory(terminal.Device).OpenAsync(default);
        await terminal.Line.WriteAsync(new byte[] { 2 }, default);
        (await line.ReadExactly(1)).ShouldBe([2]);
    }

    [Fact]
    public async Task A_read_takes_no_more_than_its_buffer_holds_and_the_next_one_the_rest()
    {
        await using var pair = await Pair();
        await pair.Far.WriteAsync(new byte[] { 1, 2, 3, 4, 5 }, default).Soon();

        var first = new byte[2];
        (await pair.Near.ReadExactly(1)).ShouldBe([1]);
        (await pair.Near.ReadAsync(first, default).Soon()).ShouldBe(2);
        first.ShouldBe([2, 3]);
        (await pair.Near.ReadExactly(2)).ShouldBe([4, 5]);
    }

    [Theory]
    [InlineData("300-8N1", 300, 10)]
    [InlineData("14400-8N2", 14400, 11)]
    [InlineData("28800-8N1", 28800, 10)]
    [InlineData("115200-8N1", 115200, 10)]
    public async Task The_driver_is_given_any_speed_and_format(string text, int baud, int bits)
    {
        await using var terminal = new PseudoTerminal();
        using var device = Libc.Open(terminal.Device, Libc.ReadWrite | Libc.NoControllingTerminal | Libc.NonBlocking | Libc.CloseOnExec);
        var format = LinePair.Format(text);
        await using var line = await Factory(terminal.Device, format).OpenAsync(default);

        Termios.HasTaken(device, format).ShouldBeTrue();
        Termios.HasTaken(device, format with { Baud = baud * 11 / 10 }).ShouldBeFalse();
        Termios.HasTaken(device, format with { StopBits = 3 - format.StopBits }).ShouldBeFalse();
        Termios.HasTaken(device, format with { Parity = Parity.Even }).ShouldBeFalse();
        (line.CharacterTime * baud).TotalSeconds.ShouldBe(bits, tolerance: 0.1);
    }

    [Fact]
    public async Task Two_frames_are_33_idle_bit_times_apart()
    {
        // At 300 baud a character takes 33 ms and the idle time is 110 ms. The measurement begins before the first frame, so the bound is
        // exact.
        await using var pair = await Pair("300-8N1");
        var start = Stopwatch.GetTimestamp();
        await pair.Near.WriteAsync(new byte[] { 1 }, default).Soon();
        await pair.Near.WriteAsync(new byte[] { 2 }, default).Soon();
        (await pair.Far.ReadExactly(2)).ShouldBe([1, 2]);
        Stopwatch.GetElapsedTime(start).TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(143);
    }

    [Fact]
    public async Task A_frame_follows_33_idle_bit_times_after_an_octet_received()
    {
        await using var pair = await Pair("300-8N1");
        var start = Stopwatch.GetTimestamp();
        await pair.Far.WriteAsync(new byte[] { 1 }, default).Soon();
        await pair.Near.ReadExactly(1);
        await pair.Near.WriteAsync(new byte[] { 2 }, default).Soon();
        await pair.Far.ReadExactly(1);
        Stopwatch.GetElapsedTime(start).TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(110);
    }

    [Fact]
    public async Task Closing_the_line_ends_a_write_that_keeps_the_idle_time()
    {
        await using var pair = await Pair("300-8N1");
        // 100 octets take 3 s, so the next frame has to wait.
        await pair.Near.WriteAsync(new byte[100], default).Soon();
        var write = pair.Near.WriteAsync(new byte[1], default);

        await pair.Near.DisposeAsync();

        await Should.ThrowAsync<LineException>(() => write.Soon());
    }

    [Fact]
    public async Task A_write_that_keeps_the_idle_time_can_be_cancelled_and_the_next_one_keeps_it_still()
    {
        await using var pair = await Pair("300-8N1");
        var start = Stopwatch.GetTimestamp();
        using var cancellation = new CancellationTokenSource();
        var write = pair.Near.WriteAsync(new byte[] { 1 }, cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => write.Soon());

        await pair.Near.WriteAsync(new byte[] { 2, 3 }, default).Soon();
        await pair.Near.WriteAsync(new byte[] { 4 }, default).Soon();

        (await pair.Far.ReadExactly(3)).ShouldBe([2, 3, 4]);
        Stopwatch.GetElapsedTime(start).TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(66 + 110);
    }

    [Fact]
    public async Task A_second_read_beside_a_pending_one_is_a_mistake()
    {
        await using var pair = await Pair();
        var read = pair.Near.ReadAsync(new byte[1], default);
        await Should.ThrowAsync<InvalidOperationException>(() => pair.Near.ReadAsync(new byte[1], default).Soon());
        await pair.Far.WriteAsync(new byte[] { 3 }, default);
        (await read.Soon()).ShouldBe(1);
    }

    [Fact]
    public async Task A_path_that_leads_to_no_serial_device_is_said_to_do_so()
    {
        var missing = Path.Combine(_folder, "ttyUSB0");
        (await OpeningFails(missing)).ShouldContain($"{missing} does not exist; check that the adapter is plugged in");

        File.WriteAllText(missing, "");
        (await OpeningFails(missing)).ShouldContain($"{missing} is not a serial device");
        (await OpeningFails(_folder)).ShouldContain($"{_folder} is not a serial device");
        (await OpeningFails("/dev/null")).ShouldContain("/dev/null is not a serial device");
    }

    [Fact]
    public void A_device_is_printed_with_its_format()
    {
        Factory("/dev/ttyUSB0", LinePair.Format("9600-8E1")).Address.ShouldBe("/dev/ttyUSB0 9600-8E1");
        Should.Throw<ArgumentException>(() => Factory("/dev/ttyUSB0", default(LineFormat)));
    }

    protected Task<LinePair> Pair(string format = "115200-8N1") => LinePair.OverPseudoTerminal(driver, format);

    protected SerialLineFactory Factory(string device, LineFormat? format = null) =>
        new(new SerialLineOptions(device, format ?? LinePair.Format("115200-8N1")) { Driver = driver });

    protected async Task<string> OpeningFails(string device, LineFormat? format = null) =>
        (await Should.ThrowAsync<LineException>(() => Factory(device, format).OpenAsync(default).Soon())).Message;
}
