using Akka.Actor;
using Akka.Event;

namespace Akka.Embedded.Tests;

/// <summary>Who learns of an actor's end, when, and what its name is good for afterwards.</summary>
public sealed class DeathWatchTests : Akka.TestKit.Xunit2.TestKit
{
    private sealed class Talker : ReceiveActor
    {
        private readonly IActorRef _listener;

        public Talker(IActorRef listener)
        {
            _listener = listener;
            Receive<int>(count =>
            {
                for (var i = 0; i < count; i++) listener.Tell(i);
                Context.Stop(Self);
            });
            ReceiveAny(_ => { });
        }

        protected override void PostStop() => _listener.Tell("PostStop");
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef subject, IActorRef probe)
        {
            Context.Watch(subject);
            Receive<string>(s => s == "unwatch", _ =>
            {
                Context.Unwatch(subject);
                Sender.Tell("unwatched");
            });
            Receive<ManualResetEventSlim>(gate =>
            {
                Sender.Tell("waiting");
                gate.Wait();
            });
            Receive<Terminated>(terminated => probe.Tell(terminated.ActorRef));
        }
    }

    private sealed class DeathPact : ReceiveActor
    {
        public DeathPact(IActorRef subject)
        {
            Context.Watch(subject);
            Receive<string>(message => Sender.Tell(message));
        }
    }

    private sealed class CustomWatcher : ReceiveActor
    {
        public CustomWatcher(IActorRef subject, IActorRef probe)
        {
            Context.WatchWith(subject, "it is gone");
            Receive<string>(message => probe.Tell((message, Sender)));
        }
    }

    private sealed class Parent : ReceiveActor
    {
        public Parent()
        {
            Receive<string>(name => Sender.Tell(Context.ActorOf(Props.Create(() => new Slow()), name)));
            Receive<IActorRef>(child => Context.Stop(child));
            Receive<Type>(_ => Sender.Tell(Record.Exception(() => Context.ActorOf(Props.Create(() => new Slow()), "taken"))!));
        }
    }

    private sealed class Slow : ReceiveActor
    {
        private ManualResetEventSlim? _gate;

        public Slow() => Receive<ManualResetEventSlim>(gate =>
        {
            _gate = gate;
            Sender.Tell("ready");
        });

        protected override void PostStop() => _gate?.Wait();
    }

    private sealed class Nested : ReceiveActor
    {
        private readonly IActorRef _probe;

        public Nested(int depth, IActorRef probe)
        {
            _probe = probe;
            if (depth > 0) Context.ActorOf(Props.Create(() => new Nested(depth - 1, probe)), "n" + (depth - 1));
            Receive<string>(_ => Sender.Tell(Self.Path.ToStringWithoutAddress()));
        }

        protected override void PostStop() => _probe.Tell(Self.Path.Name);
    }

    private IActorRef NewTalker(IActorRef listener) => Sys.ActorOf(Props.Create(() => new Talker(listener)));

    [Fact]
    public void All_that_an_actor_sent_comes_before_its_Terminated_PostStop_included()
    {
        var talker = Watch(NewTalker(TestActor));
        talker.Tell(100);
        for (var i = 0; i < 100; i++) ExpectMsg(i);
        ExpectMsg("PostStop");
        ExpectTerminated(talker).ExistenceConfirmed.ShouldBeTrue();
        LastSender.ShouldBe(talker);
    }

    [Fact]
    public void Watching_an_actor_that_has_ended_already_tells_so()
    {
        var talker = Watch(NewTalker(TestActor));
        talker.Tell(0);
        ExpectMsg("PostStop");
        ExpectTerminated(talker);
        Watch(talker);
        ExpectTerminated(talker);
    }

    [Fact]
    public void An_unhandled_Terminated_is_a_death_pact()
    {
        var talker = NewTalker(CreateTestProbe().Ref);
        var partner = Watch(Sys.ActorOf(Props.Create(() => new DeathPact(talker))));
        partner.Tell("alive");
        ExpectMsg("alive");
        EventFilter.Exception<DeathPactException>().ExpectOne(() => talker.Tell(PoisonPill.Instance));
        ExpectTerminated(partner);
    }

    [Fact]
    public void Unwatch_also_discards_a_Terminated_that_is_queued()
    {
        using var gate = new ManualResetEventSlim();
        var probe = CreateTestProbe();
        var talker = NewTalker(CreateTestProbe().Ref);
        var watcher = Sys.ActorOf(Props.Create(() => new Watcher(talker, probe.Ref)));
        Watch(talker);
        watcher.Tell(gate);
        ExpectMsg("waiting");
        watcher.Tell("unwatch");
        talker.Tell(PoisonPill.Instance);
        ExpectTerminated(talker);
        gate.Set();
        ExpectMsg("unwatched");
        probe.ExpectNoMsg(100);
    }

    [Fact]
    public void WatchWith_brings_the_message_asked_for_from_the_actor_that_ended()
    {
        var probe = CreateTestProbe();
        var talker = NewTalker(CreateTestProbe().Ref);
        Sys.ActorOf(Props.Create(() => new CustomWatcher(talker, probe.Ref)));
        talker.Tell(PoisonPill.Instance);
        probe.ExpectMsg(("it is gone", talker));
    }

    [Fact]
    public void A_name_stays_taken_until_the_actor_has_ended()
    {
        using var gate = new ManualResetEventSlim();
        var parent = Sys.ActorOf<Parent>();
        parent.Tell("taken");
        var child = Watch(ExpectMsg<IActorRef>());
        child.Tell(gate);
        ExpectMsg("ready");
        parent.Tell(child);
        parent.Tell(typeof(Exception));
        ExpectMsg<InvalidActorNameException>();
        gate.Set();
        ExpectTerminated(child);
        AwaitAssert(() =>
        {
            parent.Tell("taken");
            var next = ReceiveOne(TimeSpan.FromMilliseconds(100)).ShouldBeAssignableTo<IActorRef>();
            next.ShouldNotBe(child);
            next!.Path.ShouldBe(child.Path);
        });
    }

    [Fact]
    public void A_parent_ends_after_all_below_it()
    {
        var probe = CreateTestProbe();
        var top = Watch(Sys.ActorOf(Props.Create(() => new Nested(3, probe.Ref)), "n3"));
        top.Tell("there?");
        ExpectMsg("/user/n3");
        Sys.Stop(top);
        foreach (var name in new[] { "n0", "n1", "n2", "n3" }) probe.ExpectMsg(name);
        ExpectTerminated(top);
    }

    [Fact]
    public async Task GracefulStop_says_when_the_actor_has_ended()
    {
        var talker = NewTalker(TestActor);
        (await talker.GracefulStop(TimeSpan.FromSeconds(3))).ShouldBeTrue();
        ExpectMsg("PostStop");
    }

    [Fact]
    public async Task GracefulStop_says_when_the_actor_has_not_ended_in_time()
    {
        using var gate = new ManualResetEventSlim();
        var slow = Sys.ActorOf<Slow>();
        slow.Tell(gate);
        ExpectMsg("ready");
        (await slow.GracefulStop(TimeSpan.FromMilliseconds(50))).ShouldBeFalse();
        gate.Set();
    }

    [Fact]
    public void A_message_to_an_actor_that_has_ended_is_a_dead_letter_naming_it()
    {
        var talker = Watch(NewTalker(CreateTestProbe().Ref));
        Sys.Stop(talker);
        ExpectTerminated(talker);
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        talker.Tell("late");
        var letter = ExpectMsg<DeadLetter>();
        letter.Recipient.ShouldBe(talker);
        letter.Message.ShouldBe("late");
    }
}
