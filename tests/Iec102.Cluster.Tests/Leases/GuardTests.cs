using Iec102.Cluster.Leases;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Testing;

namespace Iec102.Cluster.Tests.Leases;

/// <summary>The guard of a port, and the line that looks at it.</summary>
public sealed class GuardTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly TwoClocks _time = new();
    private readonly Guard _guard;
    private readonly List<byte[]> _sent = [];
    private readonly MemoryLine _line;

    public GuardTests()
    {
        _guard = new Guard("north", _time);
        _line = new MemoryLine((_, octets) => _sent.Add(octets.ToArray()));
    }

    public ValueTask DisposeAsync() => _line.DisposeAsync();

    [Fact]
    public void It_is_open_for_its_time_and_never_again()
    {
        _guard.IsOpen.ShouldBeFalse();
        Open(5);
        _time.Pass(4.999 * Second);
        _guard.IsOpen.ShouldBeTrue();
        _guard.Left.ShouldBe(0.001 * Second);
        _time.Pass(0.001 * Second);
        Open(5);
        _guard.IsOpen.ShouldBeFalse();
        _guard.Left.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void The_line_of_a_port_that_has_just_been_pinned_here_is_guarded_for_as_long_as_its_lock_is_held()
    {
        var view = new LeaseView(_time);
        var lines = new OneLine(_line);
        var port = LeaseBench.Port("north", new PortPlacement { Node = "a" });
        view.Guarded(port, lines).ShouldBeSameAs(lines);
        var hold = new Hold(5 * Second) { From = Moment.Now(_time), IsLocked = true };
        var lease = new Lease(new LeaseTiming(6 * Second));
        view.Follow(lease with { Holds = lease.Holds.Add("north", hold) });
        view.Guarded(port, lines).ShouldBeOfType<GuardedLineFactory>();
        view.Close("north");
        view.Guarded(port, lines).ShouldBeSameAs(lines);
    }

    [Fact]
    public void Its_time_counts_from_the_moment_that_it_is_given()
    {
        var sent = Moment.Now(_time);
        _time.Pass(2 * Second);
        _guard.Prolong(sent, 5 * Second).ShouldBeTrue();
        _guard.Left.ShouldBe(3 * Second);
    }

    [Fact]
    public void It_closes_by_the_wall_clock_when_the_monotonic_one_stood_still()
    {
        Open(5);
        _time.Wall += 5 * Second;
        _guard.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void It_closes_by_the_monotonic_clock_when_the_wall_clock_was_set_back()
    {
        Open(5);
        _time.Wall -= TimeSpan.FromHours(1);
        _guard.IsOpen.ShouldBeTrue();
        _time.Pass(5 * Second);
        _guard.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void Looking_at_it_allocates_nothing()
    {
        Open(5);
        _guard.IsOpen.ShouldBeTrue();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var look = 0; look < 1000; look++)
            _ = _guard.IsOpen;
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public async Task A_process_that_wakes_after_its_time_writes_nothing()
    {
        Open(5);
        await using var line = await OpenLine();
        await line.WriteAsync(new byte[] { 1 }, CancellationToken.None);
        _time.Pass(45 * Second);
        var error = await Should.ThrowAsync<LineException>(async () => await line.WriteAsync(new byte[] { 2 }, CancellationToken.None));
        error.Message.ShouldBe("The line of port north may belong to another node now, so this one has closed it.");
        _sent.ShouldHaveSingleItem().ShouldBe([1]);
        _line.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task The_line_is_closed_with_the_guard_although_nobody_writes()
    {
        Open(5);
        await using var line = await OpenLine();
        var reading = line.ReadAsync(new byte[1], CancellationToken.None).AsTask();
        _guard.Close();
        _line.IsClosed.ShouldBeTrue();
        (await Should.ThrowAsync<LineException>(reading)).Message.ShouldBe(_guard.Refusal);
    }

    [Fact]
    public async Task A_line_is_not_opened_while_the_guard_is_closed()
    {
        var factory = new OneLine(_line);
        (await Should.ThrowAsync<LineException>(() => OpenLine(factory))).Message.ShouldBe(_guard.Refusal);
        factory.Opened.ShouldBe(0);
    }

    [Fact]
    public async Task A_line_that_opens_after_the_guard_has_closed_is_closed_again()
    {
        Open(5);
        await Should.ThrowAsync<LineException>(() => OpenLine(new OneLine(_line) { Meanwhile = () => _time.Pass(5 * Second) }));
        _line.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task An_attempt_to_open_ends_when_the_guard_closes()
    {
        Open(5);
        var factory = new OneLine(_line) { Waits = true };
        var opening = OpenLine(factory);
        _guard.Close();
        (await Should.ThrowAsync<LineException>(opening)).Message.ShouldBe(_guard.Refusal);
    }

    [Fact]
    public async Task A_shared_line_still_says_that_others_wait_for_it()
    {
        Open(5);
        var wanted = new TaskCompletionSource();
        var line = await OpenLine(new OneLine(new SharedLine(_line, wanted.Task)));
        line.ShouldBeAssignableTo<ISharedLine>()!.Wanted.ShouldBe(wanted.Task);
        (await OpenLine()).ShouldNotBeAssignableTo<ISharedLine>();
    }

    private void Open(int seconds) => _guard.Prolong(Moment.Now(_time), seconds * Second);

    private Task<ILine> OpenLine(OneLine? factory = null) =>
        new GuardedLineFactory(factory ?? new OneLine(_line), _guard).OpenAsync(CancellationToken.None).AsTask();

    private sealed class OneLine(ILine line) : ILineFactory
    {
        public string Address => "memory";

        public int Opened { get; private set; }

        public bool Waits { get; init; }

        public Action Meanwhile { get; init; } = () => { };

        public async ValueTask<ILine> OpenAsync(CancellationToken ct)
        {
            Opened++;
            Meanwhile();
            if (Waits)
                await new TaskCompletionSource().Task.WaitAsync(ct);
            return line;
        }
    }

    private sealed class SharedLine(ILine inner, Task wanted) : ISharedLine
    {
        public Task Wanted => wanted;

        public TimeSpan CharacterTime => inner.CharacterTime;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct) => inner.ReadAsync(buffer, ct);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct) => inner.WriteAsync(octets, ct);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
