using Akka.Actor;
using Akka.Persistence;

namespace Akka.Embedded.Tests.Persistence;

/// <summary>What a persistent actor promises, whatever its journal and snapshot store.</summary>
public abstract class PersistentActorSpec(string config) : Akka.TestKit.Xunit2.TestKit(TestConfig.Serializers + "\n" + config)
{
    [Fact]
    public void A_stored_event_reaches_its_handler_with_the_sender_of_the_command()
    {
        var keeper = Start("a");
        keeper.Tell(new Add("x"), TestActor);
        ExpectMsg("stored x 1");
    }

    [Fact]
    public void Stored_events_are_replayed_in_order_to_the_next_incarnation()
    {
        var keeper = Start("a");
        keeper.Tell(new AddAll("x", "y", "z"), TestActor);
        ExpectMsg("stored x 1");
        ExpectMsg("stored y 2");
        ExpectMsg("stored z 3");
        Stop(keeper);

        var witness = CreateTestProbe();
        var next = Sys.ActorOf(Keeper.For("a", witness.Ref));
        witness.ExpectMsg("recover x recovering");
        witness.ExpectMsg("recover y recovering");
        witness.ExpectMsg("recover z recovering");
        witness.ExpectMsg("completed 3 recovered");
        next.Tell(new Add("w"), TestActor);
        ExpectMsg("stored w 4");
    }

    [Fact]
    public void The_events_of_one_actor_are_not_those_of_another()
    {
        Start("a").Tell(new Add("x"), TestActor);
        ExpectMsg("stored x 1");
        Start("ab").Tell(new Add("y"), TestActor);
        ExpectMsg("stored y 1");
        Items("a").ShouldBe(new State("x", 1));
        Items("ab").ShouldBe(new State("y", 1));
    }

    [Fact]
    public void Commands_wait_until_the_handlers_of_all_persisted_events_have_run()
    {
        var keeper = Start("a");
        keeper.Tell(new AddAll("x", "y"), TestActor);
        keeper.Tell(new Echo("1"), TestActor);
        keeper.Tell(new Add("z"), TestActor);
        keeper.Tell(new Echo("2"), TestActor);
        keeper.Tell(new Echo("3"), TestActor);
        ExpectAll("stored x 1", "stored y 2", "echo 1", "stored z 3", "echo 2", "echo 3");
    }

    [Fact]
    public void A_nested_persist_runs_after_the_handlers_of_its_command_and_before_the_next_command()
    {
        var keeper = Start("a");
        keeper.Tell(new AddThenAdd("outer", "inner"), TestActor);
        keeper.Tell(new Echo("next"), TestActor);
        ExpectAll("stored outer 1", "stored inner 2", "echo next");
    }

    [Fact]
    public void Commands_go_on_while_an_event_is_persisted_asynchronously()
    {
        var keeper = Start("a");
        keeper.Tell(new AddAsync("x"), TestActor);
        keeper.Tell(new AddAsync("y"), TestActor);
        keeper.Tell(new Echo("meanwhile"), TestActor);
        ReceiveN(3).Cast<string>().ShouldBe(["stored x 1", "stored y 2", "echo meanwhile"], ignoreOrder: true);
        Items(keeper).ShouldBe(new State("x,y", 2));
    }

    [Fact]
    public void A_deferred_handler_runs_at_once_when_nothing_is_pending_and_else_in_order()
    {
        var keeper = Start("a");
        keeper.Tell(new Defer("at once"), TestActor);
        ExpectMsg("deferred at once");
        keeper.Tell(new AddAsync("x"), TestActor);
        keeper.Tell(new Defer("in order"), TestActor);
        ExpectAll("stored x 1", "deferred in order");
    }

    [Fact]
    public void A_handler_that_throws_restarts_the_actor_and_the_stored_event_is_replayed()
    {
        var witness = CreateTestProbe();
        var keeper = Start("a", witness);
        keeper.Tell(new ThrowInHandler("x"), TestActor);
        keeper.Tell(new Echo("after"), TestActor);
        witness.ExpectMsg("recover x recovering");
        witness.ExpectMsg("completed 1 recovered");
        ExpectMsg("echo after");
        Items(keeper).ShouldBe(new State("x", 1));
    }

    [Fact]
    public void What_was_persisted_before_a_command_failed_is_stored_and_replayed()
    {
        var witness = CreateTestProbe();
        var keeper = Start("a", witness);
        keeper.Tell(new AddThenThrow("x"), TestActor);
        keeper.Tell(new Add("y"), TestActor);
        keeper.Tell(new Echo("after"), TestActor);
        witness.ExpectMsg("recover x recovering");
        witness.ExpectMsg("completed 1 recovered");
        ExpectAll("stored y 2", "echo after");
        Items(keeper).ShouldBe(new State("x,y", 2));
    }

    [Fact]
    public void An_asynchronous_command_persists_and_the_next_command_waits_for_it()
    {
        var keeper = Start("a");
        keeper.Tell(new AddAfterAwait("x"), TestActor);
        keeper.Tell(new Echo("after"), TestActor);
        ExpectAll("stored x 1", "echo after");
    }

    [Fact]
    public void Commands_sent_during_the_recovery_are_handled_after_it_in_their_order()
    {
        var keeper = Start("a");
        keeper.Tell(new AddAll([.. Enumerable.Range(0, 50).Select(n => $"{n}")]), TestActor);
        ReceiveN(50);
        Stop(keeper);
        var next = Sys.ActorOf(Keeper.For("a", CreateTestProbe().Ref));
        next.Tell(new Echo("1"), TestActor);
        next.Tell(new Add("x"), TestActor);
        next.Tell(new Echo("2"), TestActor);
        ExpectAll("echo 1", "stored x 51", "echo 2");
    }

    [Fact]
    public void A_stashed_command_comes_back_when_the_actor_wants_it()
    {
        var keeper = Start("a");
        keeper.Tell(new StashUntilAdded(), TestActor);
        keeper.Tell(new Echo("1"), TestActor);
        keeper.Tell(new Echo("2"), TestActor);
        keeper.Tell(new Add("x"), TestActor);
        ExpectAll("stored x 1", "echo 1", "echo 2");
    }

    [Fact]
    public void A_stopped_actor_is_recovered_from_its_last_snapshot_and_the_events_after_it()
    {
        var witness = CreateTestProbe();
        var keeper = Start("a", witness);
        keeper.Tell(new AddAll("x", "y"), TestActor);
        ReceiveN(2);
        keeper.Tell(new TakeSnapshot(), TestActor);
        witness.ExpectMsg("saved 2");
        keeper.Tell(new Add("z"), TestActor);
        ExpectMsg("stored z 3");
        Stop(keeper);

        Start("a", witness, "offer 2: x,y", "recover z recovering", "completed 3 recovered");
    }

    [Fact]
    public void Deleted_events_are_not_replayed_and_the_last_number_survives()
    {
        var witness = CreateTestProbe();
        var keeper = Start("a", witness);
        keeper.Tell(new AddAll("x", "y", "z"), TestActor);
        ReceiveN(3);
        keeper.Tell(new Delete(2), TestActor);
        witness.ExpectMsg("deleted to 2");
        Stop(keeper);

        keeper = Start("a", witness, "recover z recovering", "completed 3 recovered");
        keeper.Tell(new Delete(long.MaxValue), TestActor);
        witness.ExpectMsg("deleted to 3");
        Stop(keeper);

        keeper = Start("a", witness, "completed 3 recovered");
        keeper.Tell(new Add("w"), TestActor);
        ExpectMsg("stored w 4");
    }

    [Fact]
    public void Events_that_are_not_there_yet_cannot_be_deleted()
    {
        var witness = CreateTestProbe();
        var keeper = Start("a", witness);
        keeper.Tell(new Delete(1), TestActor);
        witness.ExpectMsg("not deleted to 1");
    }

    [Fact]
    public void Deleted_snapshots_are_not_offered()
    {
        var witness = CreateTestProbe();
        var keeper = Start("a", witness);
        for (var n = 1; n <= 4; n++)
        {
            keeper.Tell(new Add($"{n}"), TestActor);
            ExpectMsg($"stored {n} {n}");
            keeper.Tell(new TakeSnapshot(), TestActor);
            witness.ExpectMsg($"saved {n}");
        }
        keeper.Tell(new DeleteOneSnapshot(4), TestActor);
        witness.ExpectMsg("snapshot 4 deleted");
        Stop(keeper);

        keeper = Start("a", witness, "offer 3: 1,2,3", "recover 4 recovering", "completed 4 recovered");
        keeper.Tell(new DeleteManySnapshots(3), TestActor);
        witness.ExpectMsg("snapshots to 3 deleted");
        Stop(keeper);

        Start("a", witness, "recover 1 recovering", "recover 2 recovering", "recover 3 recovering", "recover 4 recovering", "completed 4 recovered");
    }

    [Fact]
    public void A_recovery_may_end_at_a_number_or_after_so_many_events_or_start_from_an_older_snapshot()
    {
        var witness = CreateTestProbe();
        var keeper = Start("a", witness);
        for (var n = 1; n <= 4; n++)
        {
            keeper.Tell(new Add($"{n}"), TestActor);
            ExpectMsg($"stored {n} {n}");
            if (n % 2 != 0) continue;
            keeper.Tell(new TakeSnapshot(), TestActor);
            witness.ExpectMsg($"saved {n}");
        }
        Stop(keeper);

        Recovered(new Recovery(toSequenceNr: 3)).ShouldBe(["offer 2: 1,2", "recover 3 recovering", "completed 4 recovered"]);
        Recovered(new Recovery(new SnapshotSelectionCriteria(3))).ShouldBe(
            ["offer 2: 1,2", "recover 3 recovering", "recover 4 recovering", "completed 4 recovered"]);
        Recovered(new Recovery(SnapshotSelectionCriteria.None, replayMax: 1)).ShouldBe(["recover 1 recovering", "completed 4 recovered"]);
        Recovered(Recovery.None).ShouldBe(["completed 4 recovered"]);
    }

    [Fact]
    public void A_recover_handler_that_throws_fails_the_recovery_and_the_actor_stops()
    {
        var keeper = Start("a");
        keeper.Tell(new AddAll("x", "unrecoverable", "y"), TestActor);
        ReceiveN(3);
        Stop(keeper);

        var witness = CreateTestProbe();
        var next = Watch(Sys.ActorOf(Keeper.For("a", witness.Ref)));
        witness.ExpectMsg("recover x recovering");
        witness.ExpectMsg("recovery failure Added { Item = unrecoverable }: InvalidOperationException");
        ExpectTerminated(next);
        witness.ExpectNoMsg(TimeSpan.Zero);
    }

    private IActorRef Start(string id) => Start(id, CreateTestProbe());

    private IActorRef Start(string id, Akka.TestKit.TestProbe witness, params string[] expected)
    {
        var keeper = Sys.ActorOf(Keeper.For(id, witness.Ref));
        if (expected.Length == 0) expected = ["completed 0 recovered"];
        foreach (var message in expected)
            witness.ExpectMsg(message);
        return keeper;
    }

    private List<string> Recovered(Recovery recovery)
    {
        var witness = CreateTestProbe();
        var keeper = Sys.ActorOf(Keeper.For("a", witness.Ref, recovery));
        var seen = new List<string>();
        do seen.Add(witness.ExpectMsg<string>());
        while (!seen[^1].StartsWith("completed", StringComparison.Ordinal));
        Stop(keeper);
        return seen;
    }

    private State Items(IActorRef keeper)
    {
        keeper.Tell(new Ask(), TestActor);
        return ExpectMsg<State>();
    }

    private State Items(string id)
    {
        var keeper = Sys.ActorOf(Keeper.For(id, CreateTestProbe().Ref));
        return Items(keeper);
    }

    private void ExpectAll(params string[] messages)
    {
        foreach (var message in messages)
            ExpectMsg(message);
    }

    private void Stop(IActorRef actor)
    {
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }
}

public sealed class In_memory : PersistentActorSpec
{
    public In_memory()
        : base(TestConfig.Memory)
    {
    }
}

public sealed class On_sqlite : PersistentActorSpec
{
    private readonly TempDirectory _directory;

    public On_sqlite()
        : this(new TempDirectory())
    {
    }

    private On_sqlite(TempDirectory directory)
        : base(TestConfig.Sqlite(directory.File("journal.db"))) => _directory = directory;

    protected override void AfterAll()
    {
        base.AfterAll();
        _directory.Dispose();
    }
}
