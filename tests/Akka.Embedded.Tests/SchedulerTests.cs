using Akka.Actor;

namespace Akka.Embedded.Tests;

/// <summary>The scheduler of a running system, on the machine's clock.</summary>
public sealed class SchedulerTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void A_message_comes_no_earlier_than_told()
    {
        var begin = Sys.Scheduler.MonotonicClock;
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(50), TestActor, "later", ActorRefs.NoSender);
        ExpectMsg("later");
        (Sys.Scheduler.MonotonicClock - begin).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(49));
    }

    [Fact]
    public void Messages_come_in_the_order_of_their_times()
    {
        foreach (var milliseconds in new[] { 200, 20, 110 })
            Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(milliseconds), TestActor, milliseconds, ActorRefs.NoSender);
        foreach (var milliseconds in new[] { 20, 110, 200 }) ExpectMsg(milliseconds);
    }

    [Fact]
    public void What_repeats_goes_on_until_it_is_cancelled()
    {
        var repeating = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(
            TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10), TestActor, "tick", ActorRefs.NoSender);
        for (var i = 0; i < 5; i++) ExpectMsg("tick");
        repeating.Cancel();
        ReceiveWhile<string>(_ => true, idle: TimeSpan.FromMilliseconds(50), max: TimeSpan.FromSeconds(3));
        ExpectNoMsg(60);
    }

    [Fact]
    public void An_action_that_fails_does_not_hurt_the_others()
    {
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(10), () => throw new InvalidOperationException("as told"));
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(10), () => TestActor.Tell("next", ActorRefs.NoSender));
        ExpectMsg("next");
    }

    [Fact]
    public void Thousands_of_timers_fire_and_the_cancelled_ones_do_not()
    {
        const int Count = 5_000;
        var timers = Enumerable.Range(0, Count).Select(i => Sys.Scheduler.ScheduleTellOnceCancelable(
            TimeSpan.FromMilliseconds(300 + (i % 50)), TestActor, i, ActorRefs.NoSender)).ToArray();
        for (var i = 0; i < Count; i += 2) timers[i].Cancel();
        var got = ReceiveN(Count / 2, TimeSpan.FromSeconds(10)).Cast<int>().ToArray();
        got.Order().ShouldBe(Enumerable.Range(0, Count / 2).Select(i => (2 * i) + 1));
        ExpectNoMsg(30);
    }

    [Fact]
    public void A_cancelable_can_be_cancelled_by_time()
    {
        var cancelable = new Cancelable(Sys.Scheduler, TimeSpan.FromMilliseconds(30));
        cancelable.IsCancellationRequested.ShouldBeFalse();
        AwaitCondition(() => cancelable.Token.IsCancellationRequested);
        cancelable.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void A_negative_delay_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(-1), TestActor, "never", ActorRefs.NoSender));
}
