using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using NodaTime;

namespace Iec102.Simulation.Tests;

/// <summary>Work that a repeated seed could not reproduce breaks the run, and so does anything that a node must not do.</summary>
public sealed class WorldTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    private readonly World _world = new(new Chance(seed: 1), new Trace(text: null), Instant.FromUtc(2024, 7, 15, 0, 0));
    private readonly ActorSystem _system;

    public WorldTests() => _system = SimulatedSystem.Start(new Life(_world, "node"), Config.Empty);

    [Fact]
    public void What_happens_in_the_world_breaks_nothing()
    {
        var heard = new List<string>();
        var actor = Actor((message, _) => heard.Add($"{message} after {_world.Elapsed}"));
        _system.Scheduler.ScheduleTellOnce(TimeSpan.FromMinutes(10), actor, "a timer", ActorRefs.NoSender);
        var calledOff = _system.Scheduler.ScheduleTellOnceCancelable(
            TimeSpan.FromMinutes(20), actor, "a timer that was called off", ActorRefs.NoSender);
        calledOff.Cancel();
        actor.Tell("a message");

        RunToTheEnd();

        heard.ShouldBe(["a message after 00:00:00", "a timer after 00:10:00"]);
        _world.Elapsed.ShouldBe(Limit);
    }

    [Fact]
    public void A_message_from_another_thread_breaks_the_run()
    {
        var actor = Actor((_, context) => OnAnotherThread(() => context.Sender.Tell("late")));

        actor.Tell("go", Actor((_, _) => { }));

        Broken().ShouldStartWith("Work came from another thread");
    }

    [Fact]
    public void A_timer_set_by_another_thread_breaks_the_run()
    {
        var actor = Actor((_, context) => OnAnotherThread(() =>
            context.System.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(1), context.Self, "late", ActorRefs.NoSender)));

        actor.Tell("go");

        Broken().ShouldStartWith("Work came from another thread");
    }

    [Fact]
    public void What_comes_back_from_the_thread_pool_breaks_the_run()
    {
        var actor = Actor((message, context) =>
        {
            if (message is "go")
                Task.Run(() => "late").PipeTo(context.Self);
        });

        actor.Tell("go");

        SpinWait.SpinUntil(() => IsBroken(out _), TimeSpan.FromSeconds(30)).ShouldBeTrue();
        Broken().ShouldStartWith("Work came from another thread");
    }

    [Fact]
    public void A_timer_of_the_machine_breaks_the_run()
    {
        var actor = Actor((_, _) => Should.Throw<NotSupportedException>(() => { _ = Task.Delay(TimeSpan.FromSeconds(1), _world.Time); }));

        actor.Tell("go");

        Broken().ShouldStartWith("A timer was made beside the actor system's scheduler");
    }

    [Fact]
    public void A_step_of_an_actor_has_no_synchronization_context_as_on_a_thread_of_Akka()
    {
        var contexts = new List<SynchronizationContext?>();
        Actor((_, _) => contexts.Add(SynchronizationContext.Current)).Tell("go");

        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        RunToTheEnd();
        SynchronizationContext.SetSynchronizationContext(outer);

        contexts.ShouldBe([null]);
    }

    [Fact]
    public void A_failing_actor_breaks_the_run()
    {
        Actor((_, _) => throw new InvalidOperationException("a fault")).Tell("go");

        Broken().ShouldContain("a fault");
    }

    [Fact]
    public void An_error_that_a_fault_of_the_disk_explains_breaks_nothing()
    {
        Actor((_, context) => context.GetLogger().Error(new StoreException("The disk failed."), "it failed")).Tell("go");

        RunToTheEnd();
    }

    [Fact]
    public void A_message_that_an_actor_does_not_handle_breaks_the_run()
    {
        Actor((_, _) => { }).Tell(17);

        Broken().ShouldContain("does not handle 17");
    }

    [Fact]
    public void What_a_life_had_ready_and_its_timers_end_with_it()
    {
        var (life, count) = (new Life(_world, "short"), 0);
        life.Soon(() => count++);
        life.After(TimeSpan.FromSeconds(1), () => count++);
        life.End();

        RunToTheEnd();

        count.ShouldBe(0);
    }

    [Fact]
    public void What_a_paused_life_had_to_do_waits_until_it_continues_while_the_rest_of_the_world_goes_on()
    {
        var (life, other, done) = (new Life(_world, "paused"), new Life(_world, "other"), new List<string>());
        life.Soon(() => done.Add($"ready at {_world.Elapsed}"));
        life.After(TimeSpan.FromMinutes(1), () => done.Add($"timer at {_world.Elapsed}"));
        life.Pause();
        other.After(TimeSpan.FromMinutes(5), () => life.Soon(() => done.Add($"message at {_world.Elapsed}")));
        other.After(TimeSpan.FromMinutes(10), life.Continue);

        RunToTheEnd();

        done.ShouldBe(["ready at 00:10:00", "timer at 00:10:00", "message at 00:10:00"], ignoreOrder: true);
    }

    [Fact]
    public void A_frame_of_a_node_that_another_has_replaced_breaks_the_run()
    {
        var watch = new TalkWatch("port");
        var wire = new SimulatedWire(_world, "port", isTcp: true, TimeSpan.FromMilliseconds(1), []);
        var (old, @new) = (new WireConnection(new Life(_world, "old"), wire), new WireConnection(new Life(_world, "new"), wire));
        watch.OnOpened(old);
        watch.OnOpened(@new);
        watch.OnSent(old);
        watch.OnSent(@new);

        Should.Throw<ViolationException>(() => watch.OnSent(old)).Message
            .ShouldBe("port: old talks although new has replaced it.");
    }

    private static void OnAnotherThread(ThreadStart action)
    {
        var thread = new Thread(action);
        thread.Start();
        thread.Join();
    }

    private IActorRef Actor(Action<string, IActorContext> receive) => _system.ActorOf(Props.Create(() => new Doer(receive)));

    private void RunToTheEnd()
    {
        while (_world.Step(Limit))
        {
        }
    }

    private string Broken()
    {
        IsBroken(out var rule).ShouldBeTrue("The run was not broken.");
        return rule;
    }

    private bool IsBroken(out string rule)
    {
        try
        {
            RunToTheEnd();
            _world.ThrowIfBroken();
            rule = "";
            return false;
        }
        catch (ViolationException broken)
        {
            rule = broken.Message;
            return true;
        }
    }

    private sealed class Doer : ReceiveActor
    {
        public Doer(Action<string, IActorContext> receive) => Receive<string>(message => receive(message, Context));
    }
}
