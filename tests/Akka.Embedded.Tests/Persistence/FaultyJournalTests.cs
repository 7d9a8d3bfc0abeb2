using Akka.Actor;
using Akka.TestKit;

namespace Akka.Embedded.Tests.Persistence;

/// <summary>What persistent actors do when their journal fails, refuses or falls silent; time is virtual.</summary>
public sealed class FaultyJournalTests() : Akka.TestKit.Xunit2.TestKit(TestConfig.Serializers + """

    akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
    akka.persistence.journal.plugin = "faulty-journal"
    akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    faulty-journal.class = "Akka.Embedded.Tests.Persistence.FaultyJournal, Akka.Embedded.Tests"
    # Akka.NET's filter against two writers holds events back, a hundred or to the end of the replay.
    faulty-journal.replay-filter.mode = off
    """)
{
    private IActorRef Journal => Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor("");

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void A_failed_write_is_told_to_the_actor_which_then_stops()
    {
        var witness = CreateTestProbe();
        var keeper = Watch(Start("a", witness));
        keeper.Tell(new Add("fail"), TestActor);
        witness.ExpectMsg("failure Added { Item = fail } 1: the disk is gone");
        ExpectTerminated(keeper);
    }

    [Fact]
    public void A_rejected_event_is_told_to_the_actor_which_then_goes_on()
    {
        var witness = CreateTestProbe();
        var keeper = Start("a", witness);
        keeper.Tell(new AddAsync("reject"), TestActor);
        keeper.Tell(new Add("x"), TestActor);
        keeper.Tell(new Echo("still there"), TestActor);
        witness.ExpectMsg("rejected Added { Item = reject } 1: not this one");
        ExpectMsg("stored x 2");
        ExpectMsg("echo still there");
    }

    [Fact]
    public void Nothing_is_told_as_stored_before_the_journal_says_so()
    {
        var keeper = Start("a", CreateTestProbe());
        keeper.Tell(new Add("stall"), TestActor);
        AwaitAssert(() => Ask().WritesInFlight.ShouldBe(1));
        ExpectNoMsg(TimeSpan.Zero);
        Journal.Tell(new FaultyJournal.Release(), TestActor);
        ExpectMsg("stored stall 1");
    }

    [Fact]
    public void One_write_of_an_actor_is_in_flight_at_a_time_and_what_comes_up_meanwhile_goes_out_together()
    {
        var keeper = Start("a", CreateTestProbe());
        keeper.Tell(new AddAsync("stall"), TestActor);
        keeper.Tell(new AddAsync("x"), TestActor);
        keeper.Tell(new AddAsync("y"), TestActor);
        keeper.Tell(new Echo("handled"), TestActor);
        ExpectMsg("echo handled");
        Ask().ShouldBe(new FaultyJournal.Counters(WriteCalls: 1, WritesInFlight: 1, ReplaysInFlight: 0));
        Journal.Tell(new FaultyJournal.Release(), TestActor);
        ExpectMsg("stored stall 1");
        ExpectMsg("stored x 2");
        ExpectMsg("stored y 3");
        Ask().WriteCalls.ShouldBe(2);
    }

    [Fact]
    public void A_failed_write_stores_nothing_of_what_waited_behind_it()
    {
        var witness = CreateTestProbe();
        var keeper = Watch(Start("a", witness));
        keeper.Tell(new AddAsync("fail"), TestActor);
        keeper.Tell(new AddAsync("x"), TestActor);
        ExpectTerminated(keeper);
        Start("a", witness, "failure Added { Item = fail } 1: the disk is gone", "completed 0 recovered");
    }

    [Fact]
    public void Fifty_actors_recover_at_once_and_the_others_wait_for_their_turn()
    {
        for (var n = 0; n < 60; n++)
        {
            var keeper = Start($"{n}", CreateTestProbe());
            keeper.Tell(new Add("x"), TestActor);
            ExpectMsg("stored x 1");
            Watch(keeper);
            Sys.Stop(keeper);
            ExpectTerminated(keeper);
        }
        Journal.Tell(new FaultyJournal.HoldReplays(), TestActor);

        var witness = CreateTestProbe();
        for (var n = 0; n < 60; n++)
            Sys.ActorOf(Keeper.For($"{n}", witness.Ref));
        AwaitAssert(() => Ask().ReplaysInFlight.ShouldBe(50));
        for (var n = 0; n < 50; n++) witness.ExpectMsg("recover x recovering");
        Ask().ReplaysInFlight.ShouldBe(50);

        Journal.Tell(new FaultyJournal.Release(), TestActor);
        AwaitAssert(() => Ask().ReplaysInFlight.ShouldBe(10));
        Journal.Tell(new FaultyJournal.Release(), TestActor);
        var seen = witness.ReceiveN(70).Cast<string>().ToList();
        seen.Count(message => message == "completed 1 recovered").ShouldBe(60);
    }

    [Fact]
    public void A_permit_comes_back_from_an_actor_that_stops_in_its_recovery()
    {
        Journal.Tell(new FaultyJournal.HoldReplays(), TestActor);
        var first = Sys.ActorOf(Keeper.For("first", CreateTestProbe().Ref));
        first.Tell(new Add("x"), TestActor);
        ExpectMsg("stored x 1");
        Stop(first);

        var stuck = Enumerable.Range(0, 50).Select(_ => Sys.ActorOf(Keeper.For("first", CreateTestProbe().Ref))).ToList();
        AwaitAssert(() => Ask().ReplaysInFlight.ShouldBe(50));
        var witness = CreateTestProbe();
        Sys.ActorOf(Keeper.For("late", witness.Ref));
        witness.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Stop(stuck[0]);
        witness.ExpectMsg("completed 0 recovered");
    }

    [Fact]
    public void A_recovery_fails_after_a_silent_interval_and_not_before()
    {
        var keeper = Start("a", CreateTestProbe());
        keeper.Tell(new Add("x"), TestActor);
        ExpectMsg("stored x 1");
        Stop(keeper);
        Journal.Tell(new FaultyJournal.HoldReplays(), TestActor);

        var witness = CreateTestProbe();
        var next = Watch(Sys.ActorOf(Keeper.For("a", witness.Ref)));
        witness.ExpectMsg("recover x recovering");
        AwaitAssert(() => Ask().ReplaysInFlight.ShouldBe(1));
        Scheduler.Advance(TimeSpan.FromSeconds(30));
        // The interval in which the event came was not silent; the next one is.
        Scheduler.Advance(TimeSpan.FromSeconds(29));
        witness.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        witness.ExpectMsg("recovery failure : RecoveryTimedOutException");
        ExpectTerminated(next);
    }

    private FaultyJournal.Counters Ask()
    {
        var probe = CreateTestProbe();
        Journal.Tell(new FaultyJournal.AskCounters(), probe.Ref);
        return probe.ExpectMsg<FaultyJournal.Counters>();
    }

    private IActorRef Start(string id, TestProbe witness, params string[] expected)
    {
        var keeper = Sys.ActorOf(Keeper.For(id, witness.Ref));
        foreach (var message in expected.Length == 0 ? ["completed 0 recovered"] : expected)
            witness.ExpectMsg(message);
        return keeper;
    }

    private void Stop(IActorRef actor)
    {
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }
}
