using Akka.Actor;

namespace Akka.Embedded.Tests;

/// <summary>What happens to an actor that fails, and to those around it.</summary>
public sealed class SupervisionTests : Akka.TestKit.Xunit2.TestKit
{
    private sealed class Boom(string message) : Exception(message);

    /// <summary>Reports each turn of its life to a probe; "fail" throws, "count" counts.</summary>
    private sealed class Reporter : ReceiveActor
    {
        private readonly IActorRef _probe;
        private int _count;

        public Reporter(IActorRef probe)
        {
            _probe = probe;
            Receive<string>(s => s == "fail", s => throw new Boom(s));
            Receive<string>(s => s == "count", _ => Sender.Tell(++_count));
            Receive<string>(s => s == "child", _ => Sender.Tell(Context.ActorOf(Props.Create(() => new Reporter(probe)), "child")));
            Receive<string>(s => Sender.Tell(s));
        }

        protected override void PreStart() => _probe.Tell($"{Self.Path.Name} PreStart");

        protected override void PostStop() => _probe.Tell($"{Self.Path.Name} PostStop");

        protected override void PreRestart(Exception reason, object? message)
        {
            _probe.Tell($"{Self.Path.Name} PreRestart({reason.Message}, {message ?? "nothing"})");
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            _probe.Tell($"{Self.Path.Name} PostRestart({reason.Message})");
            base.PostRestart(reason);
        }
    }

    /// <summary>Creates children on demand and supervises them with the strategy given.</summary>
    private sealed class Parent : ReceiveActor
    {
        private readonly SupervisorStrategy _strategy;

        public Parent(SupervisorStrategy strategy)
        {
            _strategy = strategy;
            Receive<(Props Props, string Name)>(child => Sender.Tell(Context.ActorOf(child.Props, child.Name)));
            Receive<string>(s => s == "children", _ => Sender.Tell(string.Join(",", Context.GetChildren().Select(child => child.Path.Name).Order())));
            ReceiveAny(message => Sender.Tell(message));
        }

        protected override SupervisorStrategy SupervisorStrategy() => _strategy;
    }

    private sealed class FailingAtBirth : ReceiveActor
    {
        public FailingAtBirth() => throw new Boom("at birth");
    }

    private sealed class FailingInPreStart : ReceiveActor
    {
        protected override void PreStart() => throw new Boom("in PreStart");
    }

    private sealed class FailingInPostRestart : ReceiveActor
    {
        public FailingInPostRestart() => ReceiveAny(_ => throw new Boom("first"));

        protected override void PostRestart(Exception reason) => throw new Boom("second");
    }

    private sealed class FailingInPreRestart : ReceiveActor
    {
        public FailingInPreRestart()
        {
            Receive<string>(s => s == "fail", s => throw new Boom(s));
            ReceiveAny(message => Sender.Tell(message));
        }

        protected override void PreRestart(Exception reason, object? message) => throw new Boom("in PreRestart");
    }

    /// <summary>Keeps its child over a restart.</summary>
    private sealed class Keeper : ReceiveActor
    {
        private readonly IActorRef _probe;

        public Keeper(IActorRef probe)
        {
            _probe = probe;
            Receive<string>(s => s == "child", _ => Context.ActorOf(Props.Create(() => new Reporter(probe)), "kept"));
            Receive<string>(s => s == "fail", s => throw new Boom(s));
        }

        protected override void PreRestart(Exception reason, object? message) => _probe.Tell("keeper PreRestart");

        protected override void PostRestart(Exception reason) => _probe.Tell($"keeper PostRestart with {Context.GetChildren().Count()} child");
    }

    private static OneForOneStrategy Always(Directive directive) => new(_ => directive);

    private IActorRef Child(IActorRef parent, Props props, string name = "one")
    {
        parent.Tell((props, name));
        return ExpectMsg<IActorRef>();
    }

    private IActorRef NewParent(SupervisorStrategy strategy) => Sys.ActorOf(Props.Create(() => new Parent(strategy)));

    private static Props ReporterProps(IActorRef probe) => Props.Create(() => new Reporter(probe));

    [Fact]
    public void A_restart_replaces_the_instance_and_keeps_the_mailbox_without_the_failing_message()
    {
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(ReporterProps(probe.Ref), "a");
        probe.ExpectMsg("a PreStart");
        actor.Tell("count");
        actor.Tell("fail");
        actor.Tell("count");

        ExpectMsg(1);
        probe.ExpectMsg("a PreRestart(fail, fail)");
        probe.ExpectMsg("a PostStop");
        probe.ExpectMsg("a PostRestart(fail)");
        probe.ExpectMsg("a PreStart");
        ExpectMsg(1);
        ExpectNoMsg(50);
    }

    [Fact]
    public void Resume_keeps_the_instance_and_drops_the_failing_message()
    {
        var probe = CreateTestProbe();
        var child = Child(NewParent(Always(Directive.Resume)), ReporterProps(probe.Ref));
        child.Tell("count");
        child.Tell("fail");
        child.Tell("count");
        ExpectMsg(1);
        ExpectMsg(2);
        probe.ExpectMsg("one PreStart");
        probe.ExpectNoMsg(50);
    }

    [Fact]
    public void Stop_ends_the_failed_child()
    {
        var probe = CreateTestProbe();
        var child = Watch(Child(NewParent(Always(Directive.Stop)), ReporterProps(probe.Ref)));
        child.Tell("fail");
        ExpectTerminated(child);
        probe.ExpectMsg("one PreStart");
        probe.ExpectMsg("one PostStop");
    }

    [Fact]
    public void Escalate_makes_the_failure_the_parents_own()
    {
        var probe = CreateTestProbe();
        var parent = Sys.ActorOf(Props.Create(() => new EscalatingParent(probe.Ref)), "parent");
        parent.Tell("child");
        var child = ExpectMsg<IActorRef>();
        probe.ExpectMsg("child PreStart");
        child.Tell("fail");
        probe.ExpectMsg("parent PreRestart(fail)");
        probe.ExpectMsg("child PostStop");
    }

    private sealed class EscalatingParent : ReceiveActor
    {
        private readonly IActorRef _probe;

        public EscalatingParent(IActorRef probe)
        {
            _probe = probe;
            Receive<string>(_ => Sender.Tell(Context.ActorOf(Props.Create(() => new Reporter(probe)), "child")));
        }

        protected override void PreRestart(Exception reason, object? message)
        {
            _probe.Tell($"parent PreRestart({reason.Message})");
            base.PreRestart(reason, message);
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);
    }

    [Fact]
    public void A_restart_waits_until_all_children_have_ended()
    {
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(ReporterProps(probe.Ref), "a");
        actor.Tell("child");
        ExpectMsg<IActorRef>();
        probe.ExpectMsg("a PreStart");
        probe.ExpectMsg("child PreStart");
        actor.Tell("fail");
        probe.ExpectMsg("a PreRestart(fail, fail)");
        // The actor's own PostStop is part of PreRestart; the child ends by itself, but before the new instance.
        probe.ReceiveN(2).ShouldBe(["a PostStop", "child PostStop"], ignoreOrder: true);
        probe.ExpectMsg("a PostRestart(fail)");
        actor.Tell("child");
        ExpectMsg<IActorRef>();
    }

    [Fact]
    public void Children_that_are_kept_over_a_restart_are_restarted_too()
    {
        var probe = CreateTestProbe();
        var keeper = Sys.ActorOf(Props.Create(() => new Keeper(probe.Ref)));
        keeper.Tell("child");
        probe.ExpectMsg("kept PreStart");
        keeper.Tell("fail");
        probe.ExpectMsg("keeper PreRestart");
        probe.ExpectMsg("keeper PostRestart with 1 child");
        probe.ExpectMsg("kept PreRestart(fail, nothing)");
        probe.ExpectMsg("kept PostStop");
        probe.ExpectMsg("kept PostRestart(fail)");
        probe.ExpectMsg("kept PreStart");
    }

    [Fact]
    public void AllForOne_restarts_all_children()
    {
        var probe = CreateTestProbe();
        var parent = NewParent(new AllForOneStrategy(_ => Directive.Restart));
        var one = Child(parent, ReporterProps(probe.Ref));
        var two = Child(parent, ReporterProps(probe.Ref), "two");
        two.Tell("count");
        ExpectMsg(1);
        one.Tell("fail");
        probe.FishForMessage<string>(message => message == "two PostRestart(fail)");
        two.Tell("count");
        ExpectMsg(1);
    }

    [Fact]
    public void AllForOne_stops_all_children()
    {
        var probe = CreateTestProbe();
        var parent = NewParent(new AllForOneStrategy(_ => Directive.Stop));
        var one = Watch(Child(parent, ReporterProps(probe.Ref)));
        var two = Watch(Child(parent, ReporterProps(probe.Ref), "two"));
        one.Tell("fail");
        var ended = new[] { ExpectMsg<Terminated>().ActorRef, ExpectMsg<Terminated>().ActorRef };
        ended.ShouldBe([one, two], ignoreOrder: true);
    }

    [Fact]
    public void A_child_is_stopped_when_it_needs_more_restarts_than_the_window_allows()
    {
        var probe = CreateTestProbe();
        var child = Watch(Child(NewParent(new OneForOneStrategy(2, TimeSpan.FromMinutes(1), _ => Directive.Restart)), ReporterProps(probe.Ref)));
        for (var restart = 1; restart <= 2; restart++)
        {
            child.Tell("fail");
            probe.FishForMessage<string>(message => message == "one PostRestart(fail)");
        }
        child.Tell("fail");
        ExpectTerminated(child);
    }

    [Fact]
    public void No_restart_at_all_is_allowed_with_a_limit_of_zero()
    {
        var probe = CreateTestProbe();
        var child = Watch(Child(NewParent(new OneForOneStrategy(0, null, _ => Directive.Restart)), ReporterProps(probe.Ref)));
        child.Tell("fail");
        ExpectTerminated(child);
    }

    [Fact]
    public void Restarts_are_not_limited_unless_told()
    {
        var probe = CreateTestProbe();
        var child = Child(NewParent(new OneForOneStrategy(_ => Directive.Restart)), ReporterProps(probe.Ref));
        for (var i = 0; i < 20; i++) child.Tell("fail");
        child.Tell("alive");
        ExpectMsg("alive");
    }

    [Theory]
    [InlineData(typeof(FailingAtBirth))]
    [InlineData(typeof(FailingInPreStart))]
    public void An_actor_that_cannot_be_created_is_stopped_by_default(Type actor)
    {
        var child = Watch(Sys.ActorOf(Props.Create(actor)));
        ExpectTerminated(child);
    }

    [Fact]
    public void The_supervisor_sees_a_failed_creation_as_ActorInitializationException()
    {
        var parent = NewParent(new OneForOneStrategy(cause => cause is ActorInitializationException ? Directive.Stop : Directive.Escalate));
        var child = Watch(Child(parent, Props.Create<FailingInPreStart>()));
        ExpectTerminated(child);
        parent.Tell("children");
        ExpectMsg("");
    }

    [Fact]
    public void A_failure_in_PostRestart_stops_the_actor_by_default()
    {
        var actor = Watch(Sys.ActorOf(Props.Create<FailingInPostRestart>()));
        actor.Tell("x");
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_failure_in_PreRestart_does_not_prevent_the_restart()
    {
        var actor = Sys.ActorOf(Props.Create<FailingInPreRestart>());
        actor.Tell("fail");
        actor.Tell("alive");
        ExpectMsg("alive");
    }

    [Fact]
    public void Kill_stops_the_actor_by_default()
    {
        var probe = CreateTestProbe();
        var actor = Watch(Sys.ActorOf(ReporterProps(probe.Ref)));
        actor.Tell(Kill.Instance);
        ExpectTerminated(actor);
    }

    [Fact]
    public void Each_failure_is_logged_with_the_path_of_the_actor_and_its_cause()
    {
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(ReporterProps(probe.Ref), "failing");
        EventFilter.Custom<Akka.Event.Error>(error => error.Cause is Boom { Message: "fail" } && error.LogSource.StartsWith("akka://test/user/failing", StringComparison.Ordinal))
            .ExpectOne(() => actor.Tell("fail"));
    }

    [Fact]
    public void A_resumed_failure_is_logged_as_a_warning()
    {
        var probe = CreateTestProbe();
        var child = Child(NewParent(Always(Directive.Resume)), ReporterProps(probe.Ref));
        EventFilter.Warning("fail").ExpectOne(() => child.Tell("fail"));
    }

    [Fact]
    public void While_a_failure_is_judged_the_children_below_wait()
    {
        using var judge = new ManualResetEventSlim();
        var probe = CreateTestProbe();
        var parent = NewParent(new OneForOneStrategy(_ =>
        {
            judge.Wait();
            return Directive.Resume;
        }));
        var failing = Child(parent, ReporterProps(probe.Ref));
        failing.Tell("child");
        var below = ExpectMsg<IActorRef>();
        failing.Tell("fail");
        failing.Tell("not yet");
        ExpectNoMsg(50);
        judge.Set();
        ExpectMsg("not yet");
        below.Tell("going on");
        ExpectMsg("going on");
    }
}
