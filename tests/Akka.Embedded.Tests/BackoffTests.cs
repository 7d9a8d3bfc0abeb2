using Akka.Actor;
using Akka.Pattern;
using Akka.TestKit;

namespace Akka.Embedded.Tests;

/// <summary>Children that come back after a growing delay, in virtual time.</summary>
public sealed class BackoffTests() : Akka.TestKit.Xunit2.TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    private sealed class Child : ReceiveActor
    {
        private readonly IActorRef _probe;

        public Child(IActorRef probe)
        {
            _probe = probe;
            Receive<string>(s => s == "fail", _ => throw new InvalidOperationException("as told"));
            Receive<string>(s => s == "stop", _ => Context.Stop(Self));
            Receive<string>(s => s == "parent", _ => Context.Parent.Tell("to the parent"));
            ReceiveAny(message => Sender.Tell(message));
        }

        protected override void PreStart() => _probe.Tell("started");

        protected override void PostStop() => _probe.Tell("stopped");
    }

    private Props ChildProps => Props.Create(() => new Child(TestActor));

    private BackoffOptions OnFailure(int maxNrOfRetries = -1) => Backoff.OnFailure(ChildProps, "child", Second, Second * 8, 0, maxNrOfRetries);

    private BackoffOptions OnStop(int maxNrOfRetries = -1) => Backoff.OnStop(ChildProps, "child", Second, Second * 8, 0, maxNrOfRetries);

    private IActorRef Start(BackoffOptions options)
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(options));
        ExpectMsg("started");
        return supervisor;
    }

    private void EndChild(IActorRef supervisor, string how)
    {
        supervisor.Tell(how);
        ExpectMsg("stopped");
        // The delay has begun when the supervisor has noticed that the child is gone.
        AwaitAssert(() =>
        {
            supervisor.Tell(BackoffSupervisor.GetCurrentChild.Instance);
            ExpectMsg<BackoffSupervisor.CurrentChild>().Ref.IsNobody().ShouldBeTrue();
        });
    }

    private void ExpectStartAfter(TimeSpan delay)
    {
        Scheduler.Advance(delay - TimeSpan.FromMilliseconds(1));
        ExpectNoMsg(30);
        Scheduler.Advance(TimeSpan.FromMilliseconds(1));
        ExpectMsg("started");
    }

    [Fact]
    public void A_failed_child_comes_back_after_a_delay_that_doubles_up_to_the_largest()
    {
        var supervisor = Start(OnFailure().WithManualReset());
        foreach (var seconds in new[] { 1, 2, 4, 8, 8 })
        {
            EndChild(supervisor, "fail");
            ExpectStartAfter(Second * seconds);
        }
    }

    [Fact]
    public void A_child_that_stopped_comes_back_after_a_delay_that_doubles()
    {
        var supervisor = Start(OnStop().WithManualReset());
        foreach (var seconds in new[] { 1, 2, 4 })
        {
            EndChild(supervisor, "stop");
            ExpectStartAfter(Second * seconds);
        }
    }

    [Fact]
    public void A_child_that_stops_by_itself_takes_a_supervisor_of_failures_with_it()
    {
        var supervisor = Watch(Start(OnFailure()));
        supervisor.Tell("stop");
        ExpectMsg("stopped");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void After_a_quiet_time_the_delays_begin_anew()
    {
        var supervisor = Start(OnFailure().WithAutoReset(Second * 3));
        EndChild(supervisor, "fail");
        ExpectStartAfter(Second);
        ExpectRestarts(supervisor, 1);
        Scheduler.Advance(Second * 3);
        ExpectRestarts(supervisor, 0);
        EndChild(supervisor, "fail");
        ExpectStartAfter(Second);
    }

    [Fact]
    public void With_manual_reset_the_delays_begin_anew_when_told()
    {
        var supervisor = Start(OnStop().WithManualReset());
        EndChild(supervisor, "stop");
        ExpectStartAfter(Second);
        Scheduler.Advance(Second * 60);
        ExpectRestarts(supervisor, 1);
        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        ExpectRestarts(supervisor, 0);
    }

    [Fact]
    public void The_supervisor_ends_when_the_retries_are_spent()
    {
        var supervisor = Watch(Start(OnFailure(maxNrOfRetries: 1).WithManualReset()));
        EndChild(supervisor, "fail");
        ExpectStartAfter(Second);
        supervisor.Tell("fail");
        ExpectMsg("stopped");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void Messages_pass_to_the_child_and_from_the_child_to_the_parent_of_the_supervisor()
    {
        var supervisor = Start(OnFailure());
        supervisor.Tell("hello");
        ExpectMsg("hello");
        supervisor.Tell(BackoffSupervisor.GetCurrentChild.Instance);
        ExpectMsg<BackoffSupervisor.CurrentChild>().Ref!.Path.ShouldBe(supervisor.Path / "child");
    }

    [Fact]
    public void While_the_child_is_away_messages_are_dead_letters()
    {
        var supervisor = Start(OnFailure());
        EndChild(supervisor, "fail");
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.DeadLetter));
        supervisor.Tell("nobody home");
        ExpectMsg<Akka.Event.DeadLetter>().Message.ShouldBe("nobody home");
    }

    [Fact]
    public void A_strategy_may_resume_the_child_instead()
    {
        var supervisor = Start(OnFailure().WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Resume)));
        supervisor.Tell("fail");
        supervisor.Tell("hello");
        ExpectMsg("hello");
    }

    [Fact]
    public void With_the_stopping_strategy_a_failure_is_a_stop()
    {
        var supervisor = Start(OnStop().WithManualReset().WithDefaultStoppingStrategy());
        EndChild(supervisor, "fail");
        ExpectStartAfter(Second);
    }

    private void ExpectRestarts(IActorRef supervisor, int count) => AwaitAssert(() =>
    {
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        ExpectMsg<BackoffSupervisor.RestartCount>().Count.ShouldBe(count);
    });
}
