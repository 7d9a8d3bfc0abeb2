using Akka.Actor;
using Akka.Event;

namespace Akka.Embedded.Tests;

/// <summary>Messages put aside come back in order, at the front of the mailbox.</summary>
public sealed class StashTests : Akka.TestKit.Xunit2.TestKit
{
    private sealed class Door : ReceiveActor, IWithUnboundedStash
    {
        public Door() => Closed();

        public IStash Stash { get; set; } = null!;

        private void Closed()
        {
            Receive<string>(s => s == "open", _ =>
            {
                Stash.UnstashAll();
                Become(Open);
            });
            Receive<string>(s => s == "fail", _ => throw new InvalidOperationException("while closed"));
            Receive<string>(s => s == "one", _ => Stash.Unstash());
            Receive<string>(s => s == "become open", _ => Become(Open));
            Receive<string>(s => s == "twice", _ =>
            {
                Stash.Stash();
                Sender.Tell(Record.Exception(() => Stash.Stash())!);
            });
            ReceiveAny(_ => Stash.Stash());
        }

        private void Open() => ReceiveAny(message => Sender.Tell(message));

        protected override void PostRestart(Exception reason)
        {
            base.PostRestart(reason);
            Become(Open);
        }
    }

    /// <summary>Waits in a message so that the test can fill the mailbox behind it.</summary>
    private sealed class Queueing : ReceiveActor, IWithUnboundedStash
    {
        public Queueing()
        {
            Receive<ManualResetEventSlim>(gate =>
            {
                Sender.Tell("waiting");
                gate.Wait();
                Stash.UnstashAll();
                Become(() => ReceiveAny(message => Sender.Tell(message)));
            });
            ReceiveAny(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;
    }

    [Fact]
    public void Stashed_messages_come_back_in_order_with_their_senders()
    {
        var door = Sys.ActorOf<Door>();
        var other = CreateTestProbe();
        door.Tell("a");
        other.Send(door, "b");
        door.Tell("c");
        door.Tell("open");
        ExpectMsg("a");
        ExpectMsg("c");
        other.ExpectMsg("b");
    }

    [Fact]
    public void Unstashed_messages_come_before_those_already_waiting()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Sys.ActorOf<Queueing>();
        actor.Tell("stashed 1");
        actor.Tell("stashed 2");
        actor.Tell(gate);
        ExpectMsg("waiting");
        actor.Tell("waiting behind");
        gate.Set();
        ExpectMsg("stashed 1");
        ExpectMsg("stashed 2");
        ExpectMsg("waiting behind");
    }

    [Fact]
    public void Unstash_brings_back_the_message_stashed_first()
    {
        var door = Sys.ActorOf<Door>();
        door.Tell("a");
        door.Tell("b");
        door.Tell("one");
        door.Tell("become open");
        door.Tell("x");
        // "a" came back while the door was still closed, and was stashed again behind "b".
        ExpectMsg("x");
        ExpectNoMsg(50);
    }

    [Fact]
    public void On_restart_the_stash_goes_back_to_the_front_of_the_mailbox_in_order()
    {
        var door = Sys.ActorOf<Door>();
        door.Tell("a");
        door.Tell("b");
        door.Tell("fail");
        door.Tell("c");
        ExpectMsg("a");
        ExpectMsg("b");
        ExpectMsg("c");
    }

    [Fact]
    public void On_stop_the_stash_goes_to_dead_letters()
    {
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        var door = Sys.ActorOf<Door>();
        door.Tell("a");
        door.Tell("b");
        door.Tell(PoisonPill.Instance);
        var letters = ReceiveN(2).Cast<DeadLetter>().ToArray();
        letters.Select(letter => letter.Message).ShouldBe(["a", "b"], ignoreOrder: true);
    }

    [Fact]
    public void The_same_message_cannot_be_stashed_twice()
    {
        var door = Sys.ActorOf<Door>();
        door.Tell("twice");
        ExpectMsg<IllegalActorStateException>();
    }
}
