using Akka.Actor;

namespace Akka.Embedded.Tests;

/// <summary>Handlers that await: the actor's turn lasts until they have ended.</summary>
public sealed class AsyncTests : Akka.TestKit.Xunit2.TestKit
{
    private sealed record Await(Task Task, string Name);

    private sealed class Waiting : ReceiveActor
    {
        private readonly IActorRef _probe;

        public Waiting(IActorRef probe)
        {
            _probe = probe;
            ReceiveAsync<Await>(async message =>
            {
                probe.Tell($"begin {message.Name}");
                await message.Task;
                probe.Tell($"end {message.Name}", Sender);
                Sender.Tell(Self.Path.Name);
            });
            Receive<string>(s => s == "child", _ => Sender.Tell(Context.ActorOf(Props.Create(() => new Failing()))));
            Receive<string>(message => probe.Tell(message));
        }

        protected override void PreRestart(Exception reason, object? message)
        {
            _probe.Tell($"PreRestart({reason.Message}, {(message as Await)?.Name})");
            base.PreRestart(reason, message);
        }

        protected override void PostStop() => _probe.Tell("PostStop");

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ =>
        {
            _probe.Tell("judged");
            return Directive.Stop;
        });
    }

    private sealed class Failing : ReceiveActor
    {
        public Failing() => ReceiveAny(_ => throw new InvalidOperationException("as told"));
    }

    private sealed class Sums : ReceiveActor
    {
        private int _sum;

        public Sums()
        {
            ReceiveAsync<int>(async number =>
            {
                var before = _sum;
                await Task.Yield();
                _sum = before + number;
            });
            Receive<string>(_ => Sender.Tell(_sum));
        }
    }

    private sealed class Predicates : ReceiveActor
    {
        public Predicates()
        {
            ReceiveAsync<int>(number => number > 0, async number => await Reply($"positive {number}"));
            ReceiveAsync<int>(async number => await Reply($"other {number}"), number => number < 0);
            ReceiveAnyAsync(async message => await Reply($"any {message}"));
        }

        private async Task Reply(string text)
        {
            await Task.Yield();
            Sender.Tell(text);
        }
    }

    private sealed class RunsTask : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Task task)
            {
                RunTask(async () =>
                {
                    await task;
                    Sender.Tell("after the task");
                });
            }
            else Sender.Tell(message);
        }
    }

    private IActorRef NewWaiting(string? name = null) => Sys.ActorOf(Props.Create(() => new Waiting(TestActor)), name);

    [Fact]
    public void User_messages_wait_until_the_handler_has_ended()
    {
        var gate = new TaskCompletionSource();
        var actor = NewWaiting();
        actor.Tell(new Await(gate.Task, "a"));
        actor.Tell("next");
        ExpectMsg("begin a");
        ExpectNoMsg(50);
        gate.SetResult();
        ExpectMsg("end a");
        ExpectMsg(actor.Path.Name);
        ExpectMsg("next");
    }

    [Fact]
    public void Self_and_Sender_are_valid_after_the_await()
    {
        var gate = new TaskCompletionSource();
        var asker = CreateTestProbe();
        var actor = NewWaiting("waiting");
        asker.Send(actor, new Await(gate.Task, "a"));
        ExpectMsg("begin a");
        gate.SetResult();
        ExpectMsg("end a");
        LastSender.ShouldBe(asker.Ref);
        asker.ExpectMsg("waiting");
        asker.Sender.ShouldBe(actor);
    }

    [Fact]
    public void State_is_touched_by_one_handler_at_a_time()
    {
        var sums = Sys.ActorOf<Sums>();
        for (var i = 1; i <= 500; i++) sums.Tell(i);
        sums.Tell("sum");
        ExpectMsg(125_250, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_failure_of_a_child_is_judged_when_the_handler_has_ended()
    {
        var gate = new TaskCompletionSource();
        var actor = NewWaiting();
        actor.Tell("child");
        var child = ExpectMsg<IActorRef>();
        actor.Tell(new Await(gate.Task, "a"));
        ExpectMsg("begin a");
        child.Tell("fail");
        ExpectNoMsg(50);
        gate.SetResult();
        ReceiveN(3).ShouldBe(["end a", actor.Path.Name, "judged"]);
    }

    [Fact]
    public void A_failure_after_the_await_goes_to_supervision_with_the_message()
    {
        var gate = new TaskCompletionSource();
        var actor = NewWaiting();
        actor.Tell(new Await(gate.Task, "a"));
        actor.Tell("next");
        ExpectMsg("begin a");
        gate.SetException(new InvalidOperationException("no use"));
        ExpectMsg("PreRestart(no use, a)");
        ExpectMsg("PostStop");
        ExpectMsg("next");
    }

    [Fact]
    public void A_failure_before_the_first_await_goes_to_supervision_too()
    {
        var actor = NewWaiting();
        actor.Tell(new Await(Task.FromException(new InvalidOperationException("at once")), "a"));
        ExpectMsg("begin a");
        ExpectMsg("PreRestart(at once, a)");
    }

    [Fact]
    public void A_stop_during_the_await_ends_the_actor_at_once_and_what_follows_does_not_run()
    {
        var gate = new TaskCompletionSource();
        var actor = Watch(NewWaiting());
        actor.Tell(new Await(gate.Task, "a"));
        ExpectMsg("begin a");
        Sys.Stop(actor);
        ExpectMsg("PostStop");
        ExpectTerminated(actor);
        gate.SetResult();
        ExpectNoMsg(100);
    }

    [Fact]
    public void Asynchronous_handlers_are_chosen_as_others_are()
    {
        var actor = Sys.ActorOf<Predicates>();
        foreach (var message in new object[] { 1, -1, 0, "text" }) actor.Tell(message);
        foreach (var answer in new[] { "positive 1", "other -1", "any 0", "any text" }) ExpectMsg(answer);
    }

    [Fact]
    public void RunTask_lets_an_untyped_actor_await()
    {
        var gate = new TaskCompletionSource();
        var actor = Sys.ActorOf<RunsTask>();
        actor.Tell(gate.Task);
        actor.Tell("next");
        ExpectNoMsg(50);
        gate.SetResult();
        ExpectMsg("after the task");
        ExpectMsg("next");
    }
}
