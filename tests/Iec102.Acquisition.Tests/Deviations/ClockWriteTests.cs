using Akka.Actor;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Acquisition.Tests.Deviations;

/// <summary>
/// Setting the clock of a meter that is wrong. Port actor, meter actor and simulated meter run together, so that the clock is written in
/// the form the meter understands.
/// </summary>
public sealed class ClockWriteTests : DeviationBench
{
    private const uint WriteKey = 4711;

    [Theory]
    [InlineData(90, null)]
    [InlineData(-90, null)]
    [InlineData(90, WriteKey)]
    public async Task A_clock_that_is_off_is_shown_set_once_clear_of_every_interval_end_and_shown_again(int seconds, uint? writeKey)
    {
        Begin(Duration.FromSeconds(seconds), new HostClock(IsSynchronised: true), writeKey);

        await Until(() => Written.Count > 0, TimeSpan.FromMinutes(30));
        await Advance(Seconds(30));

        Writer.All<StoreClockCheck>()[0].Reading.Offset.TotalSeconds.ShouldBe(seconds, 1);
        var write = Simulated.Counters.Snapshot().ClockWrites.ShouldHaveSingleItem();
        ((write.After - write.At).TotalSeconds).ShouldBe(0, 0.5);
        foreach (var clock in new[] { write.Before, write.After })
            (clock.ToUnixTimeSeconds() % 900).ShouldBeInRange(120, 900 - 120);
        Written.ShouldHaveSingleItem().Outcome.ShouldBe(ClockWriteOutcome.Set);
        Writer.All<StoreClockCheck>()[^1].Reading.Offset.TotalSeconds.ShouldBe(0, 0.5);
        await Advance(Seconds(7200));
        Written.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_clock_is_left_alone_while_the_hosts_own_is_not_synchronised()
    {
        Begin(Duration.FromSeconds(90), new HostClock(IsSynchronised: false));

        await Advance(Seconds(7200));

        Simulated.Counters.Snapshot().ClockWrites.ShouldBeEmpty();
        LiveState.All<MeterStatus>()[^1].ClockAlarm.ShouldNotBeNull().ShouldContain("not synchronised");
    }

    [Fact]
    public async Task A_clock_that_is_further_off_than_the_rule_allows_only_raises_the_alarm()
    {
        Begin(Duration.FromMinutes(12), new HostClock(IsSynchronised: true));

        await Advance(Seconds(7200));

        Simulated.Counters.Snapshot().ClockWrites.ShouldBeEmpty();
        LiveState.All<MeterStatus>()[^1].ClockAlarm.ShouldNotBeNull().ShouldContain("12 min 0 s off");
    }

    private IReadOnlyList<ClockWritten> Written => Writer.All<ClockWritten>();

    private void Begin(Duration offset, IHostClock host, uint? writeKey = null)
    {
        Connect(new MeterBehaviour { WriteKey = writeKey }, clockOffset: offset);
        var configuration = new MeterConfiguration
        {
            Id = "m-1",
            Port = "north",
            LinkAddress = 1,
            PointAddress = 1,
            Password = new Secret(7),
            WritePassword = writeKey is { } key ? new Secret(key) : null,
            TimeZone = Madrid,
            CurrentValues = new CurrentValuesConfiguration { Enabled = false },
            Clock = new ClockConfiguration
            {
                CheckEvery = TimeSpan.FromMinutes(5),
                Set = new ClockSetConfiguration(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)),
            },
        };
        var curves = Array.Empty<(Curve, IActorRef)>();
        var props = Props.Create(() => new MeterActor(configuration, Port, LiveState.Ref, Writer.Ref, curves, host, Scheduler.Time));
        var meter = Include(Sys.ActorOf(props, "meter"));
        meter.Tell(new KnownIdentity("m-1", null, null, [], []));
    }

    private sealed record HostClock(bool IsSynchronised) : IHostClock;
}
