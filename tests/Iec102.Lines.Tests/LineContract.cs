using Iec102.Lines.Serial;

namespace Iec102.Lines.Tests;

/// <summary>The behaviour that every kind of line must have.</summary>
public abstract class LineContract : IAsyncLifetime
{
    private const int LongBurst = 200_000;

    private LinePair _pair = null!;

    private ILine Near => _pair.Near;

    private ILine Far => _pair.Far;

    protected abstract Task<LinePair> Connect();

    public async Task InitializeAsync() => _pair = await Connect();

    public async Task DisposeAsync() => await _pair.DisposeAsync();

    [Fact]
    public async Task Every_octet_value_passes_unchanged_both_ways()
    {
        var all = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();

        await Near.WriteAsync(all, default).Soon();
        (await Far.ReadExactly(256)).ShouldBe(all);

        await Far.WriteAsync(all, default).Soon();
        (await Near.ReadExactly(256)).ShouldBe(all);
    }

    [Fact]
    public async Task A_long_burst_to_the_far_end_arrives_whole_and_in_order() => await BurstArrives(Near, Far);

    [Fact]
    public async Task A_long_burst_from_the_far_end_arrives_whole_and_in_order() => await BurstArrives(Far, Near);

    [Fact]
    public async Task A_pending_read_does_not_hold_up_a_write()
    {
        var read = Near.ReadAsync(new byte[1], default);

        await Near.WriteAsync(new byte[] { 1, 2, 3 }, default).Soon();
        (await Far.ReadExactly(3)).ShouldBe([1, 2, 3]);
        await Far.WriteAsync(new byte[] { 4 }, default).Soon();

        (await read.Soon()).ShouldBe(1);
    }

    [Fact]
    public async Task A_cancelled_read_loses_no_octet()
    {
        using var cancellation = new CancellationTokenSource();
        var read = Near.ReadAsync(new byte[4], cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => read.Soon());

        await Far.WriteAsync(new byte[] { 1, 2, 3, 4 }, default).Soon();

        (await Near.ReadExactly(4)).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task Reads_that_are_cancelled_just_when_octets_arrive_lose_none()
    {
        const int octets = 250;
        var arrived = new List<byte>();
        for (var octet = 0; octet < octets; octet++)
        {
            using var cancellation = new CancellationTokenSource();
            var buffer = new byte[octets];
            var read = Near.ReadAsync(buffer, cancellation.Token);
            await Far.WriteAsync(new[] { (byte)octet }, default).Soon();
            await cancellation.CancelAsync();
            try
            {
                arrived.AddRange(buffer[..await read.Soon()]);
            }
            catch (OperationCanceledException)
            {
                // A cancelled read loses nothing: the next read gets what has arrived.
            }
        }

        arrived.AddRange(await Near.ReadExactly(octets - arrived.Count));
        arrived.ShouldBe(Enumerable.Range(0, octets).Select(octet => (byte)octet));
    }

    [Fact]
    public async Task A_read_with_a_token_cancelled_before_takes_nothing()
    {
        await Far.WriteAsync(new byte[] { 7 }, default).Soon();

        await Should.ThrowAsync<OperationCanceledException>(() => Near.ReadAsync(new byte[1], new CancellationToken(true)).Soon());

        (await Near.ReadExactly(1)).ShouldBe([7]);
    }

    [Fact]
    public async Task A_write_that_nobody_takes_up_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var write = Near.WriteAsync(new byte[64 << 20], cancellation.Token);
        await Far.ReadExactly(1);
        write.IsCompleted.ShouldBeFalse();

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => write.Soon());
    }

    [Fact]
    public async Task A_write_that_waits_for_room_goes_on_after_a_read_beside_it_has_ended()
    {
        const int rounds = 20, taken = 128 << 10;
        var write = Near.WriteAsync(new byte[rounds * taken], default);
        for (var round = 0; round < rounds; round++)
        {
            var read = Near.ReadAsync(new byte[1], default);
            await Far.WriteAsync(new byte[] { 1 }, default).Soon();
            (await read.Soon()).ShouldBe(1);
            await Far.ReadExactly(taken);
        }

        await write.Soon();
    }

    [Fact]
    public async Task A_pending_read_ends_when_the_far_end_vanishes()
    {
        var read = Near.ReadAsync(new byte[1], default);

        await _pair.FarVanishes();

        (await IsEnd(read)).ShouldBeTrue();
        (await IsEnd(Near.ReadAsync(new byte[1], default))).ShouldBeTrue("and so does every later one");
    }

    [Fact]
    public async Task Writing_to_a_vanished_far_end_ends_in_a_line_exception()
    {
        await _pair.FarVanishes();

        // The network may accept a few octets before it notices that the far end is gone.
        await Should.ThrowAsync<LineException>(async () =>
        {
            while (true) await Near.WriteAsync(new byte[] { 0x10 }, default).Soon();
        });
    }

    [Fact]
    public async Task A_write_that_waits_for_room_ends_when_the_far_end_vanishes()
    {
        var write = Near.WriteAsync(new byte[64 << 20], default);
        await Far.ReadExactly(1);

        await _pair.FarVanishes();

        await Should.ThrowAsync<LineException>(() => write.Soon());
    }

    [Fact]
    public async Task Closing_a_line_ends_what_is_pending_on_it_and_refuses_what_comes_after()
    {
        var read = Near.ReadAsync(new byte[1], default);

        await Near.DisposeAsync();

        (await IsEnd(read)).ShouldBeTrue();
        await Should.ThrowAsync<LineException>(() => Near.WriteAsync(new byte[1], default).Soon());
        await Should.ThrowAsync<LineException>(() => Near.ReadAsync(new byte[1], default).Soon());
    }

    [Fact]
    public async Task Closing_a_line_twice_does_no_harm()
    {
        await Near.DisposeAsync();
        await Should.NotThrowAsync(async () => await Near.DisposeAsync());
    }

    private static async Task BurstArrives(ILine from, ILine to)
    {
        var burst = new byte[LongBurst];
        new Random(102).NextBytes(burst);

        var write = from.WriteAsync(burst, default);
        (await to.ReadExactly(LongBurst)).ShouldBe(burst);
        await write.Soon();
    }

    private static async Task<bool> IsEnd(ValueTask<int> read)
    {
        try
        {
            return await read.Soon() == 0;
        }
        catch (LineException)
        {
            return true;
        }
    }
}

public sealed class A_tcp_line_keeps_the_contract : LineContract
{
    protected override Task<LinePair> Connect() => LinePair.OverTcp();
}

public sealed class A_serial_line_keeps_the_contract : LineContract
{
    protected override Task<LinePair> Connect() => LinePair.OverPseudoTerminal();
}

/// <summary>
/// Keeps the whole contract except for one clause: on Unix a pending read occupies a thread, because System.IO.Ports is built that way; see
/// <see cref="SerialPortLine"/>.
/// </summary>
public sealed class A_serial_line_through_System_IO_Ports_keeps_the_contract : LineContract
{
    protected override Task<LinePair> Connect() => LinePair.OverPseudoTerminal(SerialDriver.System);
}
