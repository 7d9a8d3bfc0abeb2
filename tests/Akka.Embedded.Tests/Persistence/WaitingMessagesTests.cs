using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;

namespace Akka.Embedded.Tests.Persistence;

/// <summary>What comes to an actor while it waits for its journal is handled later: timers, the end of those it watches, awaiting commands.</summary>
public sealed class WaitingMessagesTests() : Akka.TestKit.Xunit2.TestKit(TestConfig.Serializers + """

    akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
    akka.persistence.journal.plugin = "faulty-journal"
    faulty-journal.class = "Akka.Embedded.Tests.Persistence.FaultyJournal, Akka.Embedded.Tests"
    """)
{
    [Fact]
    public void A_timer_that_fires_while_an_event_is_stored_is_handled_after_it()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Busy(TestActor)));
        actor.Tell("store with timer");
        ExpectMsg("storing");
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(1));
        Release();
        ExpectMsg("stored");
        ExpectMsg("timer");
    }

    [Fact]
    public void The_end_of_a_watched_actor_while_an_event_is_stored_is_told_after_it()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Busy(TestActor)));
        actor.Tell("store with child");
        var child = ExpectMsg<IActorRef>();
        ExpectMsg("storing");
        Watch(child);
        Sys.Stop(child);
        ExpectTerminated(child);
        // The parent has been told before; once it has answered, that stands in its mailbox.
        actor.Tell(new Identify("parent"));
        ExpectMsg<ActorIdentity>();
        Release();
        ExpectMsg("stored");
        ExpectMsg("child ended");
    }

    [Fact]
    public void Commands_behind_asynchronous_ones_keep_their_order()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Busy(TestActor)));
        actor.Tell("store");
        ExpectMsg("storing");
        for (var n = 0; n < 6; n++) actor.Tell(n);
        Release();
        ExpectMsg("stored");
        for (var n = 0; n < 6; n++) ExpectMsg(n);
    }

    [Fact]
    public void An_asynchronous_command_that_fails_restarts_the_actor_and_what_it_persisted_is_replayed()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Busy(TestActor)));
        actor.Tell("store and fail");
        ExpectMsg(new Added("before the failure"));
        actor.Tell(7);
        ExpectMsg(7);
    }

    private void Release() => Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor("").Tell(new FaultyJournal.Release());

    private sealed class Busy : ReceivePersistentActor, IWithTimers
    {
        public Busy(IActorRef witness)
        {
            Recover<Added>(added => witness.Tell(added));
            CommandAsync<string>(text => text == "store and fail", async _ =>
            {
                await Task.Yield();
                Persist(new Added("before the failure"), _ => { });
                throw new InvalidOperationException("after persist");
            });
            Command<string>(text => text == "timer", witness.Tell);
            Command<string>(text =>
            {
                if (text == "store with timer") Timers.StartSingleTimer("key", "timer", TimeSpan.FromSeconds(1));
                if (text == "store with child") witness.Tell(Context.Watch(Context.ActorOf(Props.Create(() => new Child()))));
                Persist(new Added("stall"), _ => witness.Tell("stored"));
                witness.Tell("storing");
            });
            Command<Terminated>(_ => witness.Tell("child ended"));
            // Even numbers are answered at once, odd ones after an await.
            CommandAsync<int>(async number =>
            {
                if (number % 2 == 1) await Task.Yield();
                witness.Tell(number);
            });
        }

        public override string PersistenceId => "busy";

        public ITimerScheduler Timers { get; set; } = null!;
    }

    private sealed class Child : ReceiveActor;
}
