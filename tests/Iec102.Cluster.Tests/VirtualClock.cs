using Akka.Actor;
using Akka.TestKit;

namespace Iec102.Cluster.Tests;

/// <summary>
/// The virtual time of a test scheduler as a time provider: an actor's clock and its timers stand still and move together.
/// </summary>
internal sealed class VirtualClock(ActorSystem system) : TimeProvider
{
    /// <summary>Configuration that gives an actor system virtual time.</summary>
    public const string Config = "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"";

    private TestScheduler Scheduler => (TestScheduler)system.Scheduler;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Scheduler.Now;

    public override long GetTimestamp() => Scheduler.Now.UtcTicks;

    public void Advance(TimeSpan time) => Scheduler.Advance(time);
}
