using Akka.Actor;
using Akka.Event;

namespace Akka.Embedded.Tests;

/// <summary>What every actor can rely on: one message at a time, in order, none lost.</summary>
public sealed class MailboxTests : Akka.TestKit.Xunit2.TestKit
{
    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed record Numbered(int Sender, int Number);

    /// <summary>Notices two messages at once and answers what it got when told "end".</summary>
    private sealed class Collector : ReceiveActor
    {
        private readonly List<Numbered> _got = [];
        private int _inside;

        public Collector(int expected)
        {
            IActorRef? asker = null;
            Receive<string>(_ => asker = Sender);
            Receive<Numbered>(message =>
            {
                if (Interlocked.Increment(ref _inside) != 1) throw new InvalidOperationException("Two messages at once");
                _got.Add(message);
                Interlocked.Decrement(ref _inside);
                if (_got.Count == expected) asker!.Tell(_got.ToArray());
            });
        }
    }

    private sealed class Blocked : ReceiveActor
    {
        public Blocked(ManualResetEventSlim gate)
        {
            Receive<string>(s => s == "wait", _ =>
            {
                Sender.Tell("waiting");
                gate.Wait();
            });
            Receive<string>(s => s == "stop", _ =>
            {
                Context.Stop(Self);
                Sender.Tell("still in the same message");
            });
            ReceiveAny(message => Sender.Tell(message));
        }
    }

    private sealed class SwitchingActor : ReceiveActor
    {
        public SwitchingActor()
        {
            Receive<string>(s => s == "stack", _ => BecomeStacked(Second));
            Receive<string>(s => s == "become", _ => Become(Second));
            Receive<string>(_ => Sender.Tell("first"));
        }

        private void Second()
        {
            Receive<string>(s => s == "back", _ => UnbecomeStacked());
            Receive<string>(_ => Sender.Tell("second"));
        }
    }

    private sealed class Ordered : ReceiveActor
    {
        public Ordered()
        {
            Receive<int>(i => i > 10, _ => Sender.Tell("big"));
            Receive<int>(i =>
            {
                if (i < 0) return false;
                Sender.Tell("small");
                return true;
            });
            Receive<int>(_ => Sender.Tell("negative"));
            ReceiveAny(_ => Sender.Tell("any"));
        }
    }

    private sealed class LateReceiver : ReceiveActor
    {
        public LateReceiver() => Receive<string>(_ =>
        {
            try
            {
                Receive<int>(_ => { });
            }
            catch (InvalidOperationException refused)
            {
                Sender.Tell(refused);
            }
        });
    }

    [Fact]
    public async Task Messages_of_each_sender_come_in_order_one_at_a_time_and_none_is_lost()
    {
        const int Senders = 4, Each = 20_000;
        var collector = Sys.ActorOf(Props.Create(() => new Collector(Senders * Each)));
        collector.Tell("begin");
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++) collector.Tell(new Numbered(sender, i));
        })));

        var got = ExpectMsg<Numbered[]>(TimeSpan.FromSeconds(20));

        foreach (var bySender in got.GroupBy(message => message.Sender))
            bySender.Select(message => message.Number).ShouldBe(Enumerable.Range(0, Each));
        got.Length.ShouldBe(Senders * Each);
    }

    [Fact]
    public void The_sender_of_a_message_is_the_actor_that_told_it()
    {
        var echo = Sys.ActorOf<Echo>();
        echo.Tell("hello");
        ExpectMsg("hello");
        LastSender.ShouldBe(echo);
    }

    [Fact]
    public void A_message_without_a_sender_is_answered_to_dead_letters()
    {
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        var echo = Sys.ActorOf<Echo>();
        echo.Tell("hello", ActorRefs.NoSender);
        var letter = ExpectMsg<DeadLetter>();
        letter.Message.ShouldBe("hello");
        letter.Sender.ShouldBe(echo);
        letter.Recipient.ShouldBe(Sys.DeadLetters);
    }

    [Fact]
    public void A_forwarded_message_keeps_its_sender()
    {
        var echo = Sys.ActorOf<Echo>();
        var probe = CreateTestProbe();
        probe.Send(echo, "x");
        probe.ExpectMsg("x");
        TestActor.Tell("from the test");
        ExpectMsg("from the test");
        probe.Forward(TestActor);
        ExpectMsg("x");
        LastSender.ShouldBe(echo);
    }

    [Fact]
    public void Stop_ends_an_actor_after_its_current_message_and_the_rest_goes_to_dead_letters()
    {
        using var gate = new ManualResetEventSlim();
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        var actor = Watch(Sys.ActorOf(Props.Create(() => new Blocked(gate))));
        actor.Tell("wait");
        ExpectMsg("waiting");
        actor.Tell("stop");
        actor.Tell("left behind");
        gate.Set();
        ExpectMsg("still in the same message");
        var letter = ExpectMsg<DeadLetter>();
        letter.Message.ShouldBe("left behind");
        letter.Recipient.ShouldBe(actor);
        letter.Sender.ShouldBe(TestActor);
        ExpectTerminated(actor);
        actor.Tell("too late");
        ExpectMsg<DeadLetter>().Message.ShouldBe("too late");
    }

    [Fact]
    public void A_poison_pill_waits_for_its_turn()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Watch(Sys.ActorOf(Props.Create(() => new Blocked(gate))));
        actor.Tell("wait");
        ExpectMsg("waiting");
        actor.Tell("before");
        actor.Tell(PoisonPill.Instance);
        gate.Set();
        ExpectMsg("before");
        ExpectTerminated(actor);
    }

    [Fact]
    public void An_unhandled_message_is_published()
    {
        Sys.EventStream.Subscribe<UnhandledMessage>(TestActor);
        var actor = Sys.ActorOf<SwitchingActor>();
        actor.Tell(42);
        var unhandled = ExpectMsg<UnhandledMessage>();
        unhandled.Message.ShouldBe(42);
        unhandled.Recipient.ShouldBe(actor);
        unhandled.Sender.ShouldBe(TestActor);
    }

    [Fact]
    public void Become_replaces_the_behaviour_and_BecomeStacked_can_be_taken_back()
    {
        var actor = Sys.ActorOf<SwitchingActor>();
        actor.Tell("who");
        ExpectMsg("first");
        actor.Tell("stack");
        actor.Tell("who");
        ExpectMsg("second");
        actor.Tell("back");
        actor.Tell("who");
        ExpectMsg("first");
        actor.Tell("become");
        actor.Tell("who");
        ExpectMsg("second");
    }

    [Fact]
    public void Unbecoming_the_last_behaviour_leads_back_to_the_one_of_the_constructor()
    {
        var actor = Sys.ActorOf<SwitchingActor>();
        actor.Tell("become");
        actor.Tell("back");
        actor.Tell("who");
        ExpectMsg("first");
    }

    [Fact]
    public void Handlers_are_tried_in_the_order_in_which_they_were_declared()
    {
        var actor = Sys.ActorOf<Ordered>();
        foreach (var message in new object[] { 11, 5, -1, "text" }) actor.Tell(message);
        ExpectMsg("big");
        ExpectMsg("small");
        ExpectMsg("negative");
        ExpectMsg("any");
    }

    [Fact]
    public void Handlers_can_be_declared_only_while_constructing_or_becoming()
    {
        Sys.ActorOf<LateReceiver>().Tell("now");
        ExpectMsg<InvalidOperationException>();
    }

    [Fact]
    public void An_actor_cannot_be_made_with_new()
    {
        // On a thread of its own: those of the pool may run an actor, a test's among them.
        Exception? outsideAnyActor = null;
        var thread = new Thread(() => outsideAnyActor = Record.Exception(() => new Echo()));
        thread.Start();
        thread.Join();
        outsideAnyActor.ShouldBeOfType<ActorInitializationException>();
    }
}
