using Iec102.Lines;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Simulator.Lines;
using Iec102.Simulator.Meters;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Simulator.Tests;

/// <summary>Simulated lines, with a line in memory and a clock that jumps to the moment that is waited for.</summary>
public sealed class LineTests : IAsyncDisposable
{
    private static readonly LineFormat Speed8N1 = new(9600, 8, Parity.None, 1);

    private readonly JumpingTime _time = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _serving = [];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    [Theory]
    [InlineData("9600-8N1", 10)]
    [InlineData("9600-8E1", 11)]
    [InlineData("1200-8N1", 10)]
    public async Task A_conversation_takes_exactly_the_wire_time_of_its_octets(string speed, int bits)
    {
        LineFormat.TryParse(speed, out var format).ShouldBeTrue();
        var (line, master) = Serve(format);

        await master.LogInAsync();
        await master.AskAsync(Request.ReadIncrementalTotalBlocks(1, 11, 9, Meters.Tag("2024-07-10 00:01"), Meters.Tag("2024-07-15 00:00")));

        var counts = line.Counts;
        counts.OctetsIn.ShouldBeGreaterThan(150);
        counts.OctetsOut.ShouldBeGreaterThan(5000);
        var wire = TimeSpan.FromSeconds((counts.OctetsIn + counts.OctetsOut) * (double)bits / format.Baud);
        _time.GetElapsedTime(0).ShouldBe(wire, TimeSpan.FromMilliseconds(0.1));
        counts.WireTime.ShouldBe(wire, TimeSpan.FromMilliseconds(0.1));
    }

    [Fact]
    public async Task Without_a_speed_no_time_passes()
    {
        var (_, master) = Serve();

        await master.LogInAsync();

        _time.GetTimestamp().ShouldBe(0);
    }

    [Fact]
    public async Task A_delay_comes_on_top_of_the_wire_time()
    {
        var (line, master) = Serve(Speed8N1, "delay=250ms");

        await master.StatusAsync();

        _time.GetElapsedTime(0).ShouldBe(line.Counts.WireTime + TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(0.1));
    }

    [Fact]
    public async Task Each_meter_of_a_shared_line_answers_to_its_own_address_only()
    {
        var (near, far) = MemoryLine.Pair();
        var meters = Enumerable.Range(1, 3)
            .Select(link => Meters.Make(_time, serialNumber: (uint)(100 + link), link: (ushort)link)).ToList();
        _serving.Add(new SimulatedLine("shared", meters, new WireTimer(_time)).ServeAsync(far, _end.Token));

        foreach (var link in new ushort[] { 2, 1, 3 })
        {
            var master = PlainMaster.Of(near, link);
            await master.LogInAsync();
            (await master.AskAsync(Request.ReadDeviceIdentification(1))).Single()[8].ShouldBe((byte)(100 + link));
        }

        meters.ShouldAllBe(meter => meter.Counters.Snapshot().LinkResets == 1);
    }

    [Fact]
    public async Task A_silent_meter_does_not_answer_and_its_neighbour_does()
    {
        var (near, far) = MemoryLine.Pair();
        var dead = Meters.Make(_time, new() { Silence = new Interval(Instant.MinValue, Instant.MaxValue) }, link: 1);
        var alive = Meters.Make(_time, link: 2);
        _serving.Add(new SimulatedLine("shared", [dead, alive], new WireTimer(_time)).ServeAsync(far, _end.Token));

        await near.WriteAsync(Octets.Of("10 49 01 00 4a 16"), default);
        var answer = await PlainMaster.Of(near, 2).StatusAsync();
        dead.Behaviour = new MeterBehaviour();
        var later = await PlainMaster.Of(near, 1).StatusAsync();

        Octets.Hex(answer).ShouldBe("10 0b 02 00 0d 16");
        Octets.Hex(later).ShouldBe("10 0b 01 00 0c 16");
    }

    [Fact]
    public async Task Link_and_session_outlive_the_connection()
    {
        var line = new SimulatedLine("line-1", [Meters.Make(_time)], new WireTimer(_time));
        var first = Connect(line);
        var master = PlainMaster.Of(first);
        await master.LogInAsync();
        await master.SendAsync(Request.ReadCurrentTime(1).Asdu);
        var answer = await master.PollAsync();
        await first.DisposeAsync();

        var second = Connect(line);
        await second.WriteAsync(Octets.Of("10 7b 01 00 7c 16"), default);
        var again = await PlainMaster.ReadFrameAsync(second, new FrameReader());

        again.ShouldBe(answer);
        line.Counts.Connections.ShouldBe(2);
        line.Meters[0].Counters.Snapshot().Repeats.ShouldBe(1);
    }

    [Fact]
    public async Task Lost_requests_and_lost_answers_get_silence_and_disconnects_end_the_serving()
    {
        var (near, far) = MemoryLine.Pair();
        var line = new SimulatedLine("line-1", [Meters.Make(_time)], new WireTimer(_time), faults: Meters.Faults("loss=100%"));
        var serving = line.ServeAsync(far, _end.Token);
        await near.WriteAsync(Octets.Of("10 49 01 00 4a 16"), default);
        await near.DisposeAsync();
        await serving;
        (line.Counts.FramesIn, line.Counts.FramesOut, line.Counts.Faults).ShouldBe((1, 0, 1));

        var (otherNear, otherFar) = MemoryLine.Pair();
        var breaking = new SimulatedLine("line-2", [Meters.Make(_time)], new WireTimer(_time), faults: Meters.Faults("disconnect=100%"));
        await otherNear.WriteAsync(Octets.Of("10 49 01 00 4a 16"), default);
        await breaking.ServeAsync(otherFar, _end.Token);
        breaking.Counts.FramesOut.ShouldBe(0);
    }

    [Fact]
    public async Task The_same_seed_brings_the_same_octets_over_a_bad_line()
    {
        async Task<string> RunAsync()
        {
            var (near, far) = MemoryLine.Pair();
            var line = new SimulatedLine("line-1", [Meters.Make(new JumpingTime())], new WireTimer(new JumpingTime()),
                faults: Meters.Faults("loss=10%,bit-errors=1e-3,junk=20%"), seed: 7);
            for (var i = 0; i < 200; i++)
                await near.WriteAsync(Octets.Of("10 49 01 00 4a 16"), default);
            far.Finish();
            await line.ServeAsync(far, _end.Token);
            var octets = new List<byte>();
            var buffer = new byte[512];
            await far.DisposeAsync();
            while (await near.ReadAsync(buffer, default) is var count and > 0)
                octets.AddRange(buffer.AsSpan(0, count));
            return Octets.Hex(octets.ToArray());
        }

        var first = await RunAsync();

        first.Length.ShouldBeGreaterThan(100 * 18);
        (await RunAsync()).ShouldBe(first);
    }

    [Fact]
    public async Task Turnarounds_are_told()
    {
        var (line, master) = Serve(Speed8N1);
        var seen = new List<TimeSpan>();
        line.OnTurnaround = seen.Add;

        await master.StatusAsync();
        await master.StatusAsync();
        await master.StatusAsync();

        seen.ShouldBe([TimeSpan.Zero, TimeSpan.Zero]);
    }

    private (SimulatedLine Line, PlainMaster Master) Serve(LineFormat? speed = null, string? faults = null)
    {
        var line = new SimulatedLine(
            "line-1", [Meters.Make(_time)], new WireTimer(_time), speed, faults is null ? null : Meters.Faults(faults));
        return (line, PlainMaster.Of(Connect(line)));
    }

    private MemoryLine Connect(SimulatedLine line)
    {
        var (near, far) = MemoryLine.Pair();
        _serving.Add(line.ServeAsync(far, _end.Token));
        return near;
    }
}
