using Akka.Actor;
using Akka.TestKit;

namespace Iec102.Acquisition.Tests;

/// <summary>
/// The virtual time of a test scheduler as a time provider: an actor's clock and its timers stand still and move together, unless a test
/// sets the clock. It begins on a
/// day in summer, ten minutes past an hour, whatever time it is while the tests run.
/// </summary>
internal sealed class SchedulerTime(ActorSystem system) : TimeProvider
{
    /// <summary>Configuration that gives an actor system virtual time.</summary>
    public const string Config = "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"";

    private static readonly DateTimeOffset Start = new(2026, 7, 15, 12, 10, 0, TimeSpan.Zero);

    private readonly DateTimeOffset _created = ((TestScheduler)system.Scheduler).Now;
    private int _reads;
    private long _setBy;

    /// <summary>How often this clock has been read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    private TestScheduler Scheduler => (TestScheduler)system.Scheduler;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        Interlocked.Increment(ref _reads);
        return Start + (Scheduler.Now - _created) + TimeSpan.FromTicks(Volatile.Read(ref _setBy));
    }

    public override long GetTimestamp() => Scheduler.Now.UtcTicks;

    public void Advance(TimeSpan time) => Scheduler.Advance(time);

    /// <summary>Sets the wall clock forward or back; timers and the monotonic clock go on as before.</summary>
    public void SetClock(TimeSpan by) => Interlocked.Add(ref _setBy, by.Ticks);
}
