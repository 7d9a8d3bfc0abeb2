using Akka.Actor;
using Akka.TestKit;

namespace Akka.Embedded.Tests;

/// <summary>Timers, receive timeouts and scheduled messages, in virtual time.</summary>
public sealed class TimerTests() : Akka.TestKit.Xunit2.TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    private sealed record Do(Action<ITimerScheduler> What);

    private sealed class Timed : ReceiveActor, IWithTimers
    {
        public Timed(IActorRef probe)
        {
            Receive<Do>(command =>
            {
                command.What(Timers);
                Sender.Tell("done");
            });
            Receive<string>(s => s == "fail", _ => throw new InvalidOperationException("as told"));
            Receive<ManualResetEventSlim>(gate =>
            {
                Sender.Tell("waiting");
                gate.Wait();
                Timers.Cancel("key");
            });
            ReceiveAny(message => probe.Tell(message));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    private sealed class Silent : ReceiveActor
    {
        public Silent(IActorRef probe)
        {
            Context.SetReceiveTimeout(TimeSpan.FromSeconds(10));
            Receive<ReceiveTimeout>(_ => probe.Tell("timeout"));
            Receive<string>(s => s == "off", _ =>
            {
                Context.SetReceiveTimeout(null);
                Sender.Tell("off");
            });
            ReceiveAny(message => Sender.Tell(message));
        }
    }

    private sealed class Quiet : INotInfluenceReceiveTimeout;

    private IActorRef NewTimed() => Sys.ActorOf(Props.Create(() => new Timed(TestActor)));

    private void Tell(IActorRef actor, Action<ITimerScheduler> what)
    {
        actor.Tell(new Do(what));
        ExpectMsg("done");
    }

    [Fact]
    public void A_single_timer_sends_its_message_once()
    {
        var actor = NewTimed();
        Tell(actor, timers => timers.StartSingleTimer("key", "tick", Second));
        Scheduler.Advance(Second / 2);
        ExpectNoMsg(30);
        Scheduler.Advance(Second / 2);
        ExpectMsg("tick");
        Scheduler.Advance(Second * 10);
        ExpectNoMsg(30);
    }

    [Fact]
    public void A_periodic_timer_sends_its_message_again_and_again()
    {
        var actor = NewTimed();
        Tell(actor, timers => timers.StartPeriodicTimer("key", "tick", Second));
        for (var i = 0; i < 3; i++)
        {
            Scheduler.Advance(Second);
            ExpectMsg("tick");
        }
    }

    [Fact]
    public void A_periodic_timer_can_begin_later_than_it_repeats()
    {
        var actor = NewTimed();
        Tell(actor, timers => timers.StartPeriodicTimer("key", "tick", Second * 5, Second));
        Scheduler.Advance(Second * 4);
        ExpectNoMsg(30);
        Scheduler.Advance(Second);
        ExpectMsg("tick");
        Scheduler.Advance(Second);
        ExpectMsg("tick");
    }

    [Fact]
    public void Starting_a_timer_again_replaces_it()
    {
        var actor = NewTimed();
        Tell(actor, timers => timers.StartSingleTimer("key", "old", Second));
        Tell(actor, timers => timers.StartSingleTimer("key", "new", Second * 2));
        Scheduler.Advance(Second);
        ExpectNoMsg(30);
        Scheduler.Advance(Second);
        ExpectMsg("new");
    }

    [Fact]
    public void A_timer_is_active_until_it_has_fired_or_is_cancelled()
    {
        var actor = NewTimed();
        var active = new List<bool>();
        Tell(actor, timers => timers.StartSingleTimer("one", "tick", Second));
        Tell(actor, timers => timers.StartSingleTimer("two", "tock", Second * 9));
        Tell(actor, timers => active.Add(timers.IsTimerActive("one")));
        Scheduler.Advance(Second);
        ExpectMsg("tick");
        Tell(actor, timers => active.Add(timers.IsTimerActive("one")));
        Tell(actor, timers => timers.CancelAll());
        Tell(actor, timers => active.Add(timers.IsTimerActive("two")));
        active.ShouldBe([true, false, false]);
    }

    [Fact]
    public void A_timer_message_that_was_queued_before_the_cancel_is_dropped()
    {
        using var gate = new ManualResetEventSlim();
        var actor = NewTimed();
        Tell(actor, timers => timers.StartSingleTimer("key", "tick", Second));
        actor.Tell(gate);
        ExpectMsg("waiting");
        Scheduler.Advance(Second);
        gate.Set();
        Tell(actor, _ => { });
        ExpectNoMsg(30);
    }

    [Fact]
    public void Timers_end_with_the_instance()
    {
        var actor = NewTimed();
        Tell(actor, timers => timers.StartPeriodicTimer("key", "tick", Second));
        actor.Tell("fail");
        var active = true;
        Tell(actor, timers => active = timers.IsTimerActive("key"));
        active.ShouldBeFalse();
        Scheduler.Advance(Second);
        ExpectNoMsg(30);
    }

    [Fact]
    public void A_receive_timeout_comes_after_silence_and_every_message_begins_it_anew()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Silent(TestActor)));
        Answer(actor, "hello");
        Scheduler.Advance(TimeSpan.FromSeconds(9));
        Answer(actor, "still here");
        Scheduler.Advance(TimeSpan.FromSeconds(9));
        ExpectNoMsg(30);
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("timeout");
    }

    [Fact]
    public void A_message_that_does_not_count_as_activity_leaves_the_receive_timeout_alone()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Silent(TestActor)));
        Answer(actor, "hello");
        Scheduler.Advance(TimeSpan.FromSeconds(9));
        Answer(actor, new Quiet());
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("timeout");
    }

    [Fact]
    public void A_receive_timeout_can_be_switched_off()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Silent(TestActor)));
        actor.Tell("off");
        ExpectMsg("off");
        Scheduler.Advance(TimeSpan.FromMinutes(1));
        ExpectNoMsg(30);
    }

    [Fact]
    public void A_scheduled_message_comes_at_its_time_from_its_sender()
    {
        var sender = CreateTestProbe();
        Scheduler.ScheduleTellOnce(Second, TestActor, "later", sender.Ref);
        Scheduler.Advance(Second - TimeSpan.FromTicks(1));
        ExpectNoMsg(30);
        Scheduler.Advance(TimeSpan.FromTicks(1));
        ExpectMsg("later");
        LastSender.ShouldBe(sender.Ref);
    }

    [Fact]
    public void What_is_cancelled_does_not_come()
    {
        var once = Scheduler.ScheduleTellOnceCancelable(Second, TestActor, "never", ActorRefs.NoSender);
        var again = Scheduler.ScheduleTellRepeatedlyCancelable(Second, Second, TestActor, "until cancelled", ActorRefs.NoSender);
        once.Cancel();
        Scheduler.Advance(Second);
        ExpectMsg("until cancelled");
        again.Cancel();
        Scheduler.Advance(Second);
        ExpectNoMsg(30);
    }

    [Fact]
    public void Virtual_time_passes_only_when_told()
    {
        var before = Scheduler.Now;
        Scheduler.Advance(TimeSpan.FromDays(1));
        (Scheduler.Now - before).ShouldBe(TimeSpan.FromDays(1));
        Scheduler.AdvanceTo(before.AddDays(2));
        Scheduler.Now.ShouldBe(before.AddDays(2));
        Should.Throw<InvalidOperationException>(() => Scheduler.AdvanceTo(before));
    }

    private void Answer(IActorRef actor, object message)
    {
        actor.Tell(message);
        ExpectMsg(message);
        // The timeout begins anew after the handler; one more message that does not count shows that it has ended.
        actor.Tell(new Identify("after"));
        ExpectMsg<ActorIdentity>();
    }
}
