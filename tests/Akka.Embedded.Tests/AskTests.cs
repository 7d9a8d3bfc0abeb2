using Akka.Actor;
using Akka.Event;

namespace Akka.Embedded.Tests;

/// <summary>Questions, and tasks whose results become messages.</summary>
public sealed class AskTests : Akka.TestKit.Xunit2.TestKit
{
    private sealed class Answering : ReceiveActor
    {
        public Answering()
        {
            Receive<string>(s => s == "fail", _ => Sender.Tell(new Status.Failure(new InvalidOperationException("the cause"))));
            Receive<string>(s => s == "silent", _ => { });
            Receive<string>(s => s == "twice", _ =>
            {
                Sender.Tell("first");
                Sender.Tell("second");
            });
            ReceiveAny(message => Sender.Tell(message));
        }
    }

    private IActorRef NewAnswering() => Sys.ActorOf<Answering>();

    [Fact]
    public async Task The_answer_comes_as_the_result()
    {
        (await NewAnswering().Ask<int>(42)).ShouldBe(42);
        (await NewAnswering().Ask("text", TimeSpan.FromSeconds(3))).ShouldBe("text");
    }

    [Fact]
    public async Task A_failure_status_throws_its_cause()
    {
        var thrown = await Should.ThrowAsync<InvalidOperationException>(() => NewAnswering().Ask<string>("fail"));
        thrown.Message.ShouldBe("the cause");
        await Should.ThrowAsync<InvalidOperationException>(() => NewAnswering().Ask("fail"));
    }

    [Fact]
    public async Task Who_asks_for_a_status_gets_it() =>
        (await NewAnswering().Ask<Status>("fail")).ShouldBeOfType<Status.Failure>().Cause.Message.ShouldBe("the cause");

    [Fact]
    public async Task An_answer_of_another_type_throws() =>
        await Should.ThrowAsync<ArgumentException>(() => NewAnswering().Ask<string>(42));

    [Fact]
    public async Task Silence_throws_when_the_time_is_over() =>
        await Should.ThrowAsync<AskTimeoutException>(() => NewAnswering().Ask<string>("silent", TimeSpan.FromMilliseconds(50)));

    [Fact]
    public async Task A_question_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var answer = NewAnswering().Ask<string>("silent", cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<TaskCanceledException>(() => answer);
    }

    [Fact]
    public async Task There_is_no_time_limit_unless_given()
    {
        var probe = CreateTestProbe();
        var answer = probe.Ref.Ask<string>("slow");
        probe.ExpectMsg("slow");
        answer.IsCompleted.ShouldBeFalse();
        probe.Reply("at last");
        (await answer).ShouldBe("at last");
    }

    [Fact]
    public async Task Only_the_first_answer_counts()
    {
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        (await NewAnswering().Ask<string>("twice")).ShouldBe("first");
        ExpectMsg<DeadLetter>().Message.ShouldBe("second");
    }

    [Fact]
    public void A_task_is_piped_as_its_result()
    {
        var task = new TaskCompletionSource<int>();
        task.Task.PipeTo(TestActor);
        ExpectNoMsg(30);
        task.SetResult(42);
        ExpectMsg(42);
        LastSender.ShouldBe(Sys.DeadLetters);
    }

    [Fact]
    public void A_failed_task_is_piped_as_a_failure_status()
    {
        Task.FromException<int>(new InvalidOperationException("no")).PipeTo(TestActor);
        ExpectMsg<Status.Failure>().Cause.ShouldBeOfType<InvalidOperationException>();
        Task.FromCanceled(new CancellationToken(true)).PipeTo(TestActor);
        ExpectMsg<Status.Failure>().Cause.ShouldBeOfType<TaskCanceledException>();
    }

    [Fact]
    public void The_result_and_the_failure_can_be_put_into_other_messages()
    {
        var sender = CreateTestProbe();
        Task.FromResult(20).PipeTo(TestActor, sender.Ref, number => $"got {number}", cause => cause.Message);
        ExpectMsg("got 20");
        LastSender.ShouldBe(sender.Ref);
        Task.FromException<int>(new InvalidOperationException("no")).PipeTo(TestActor, sender.Ref, number => $"got {number}", cause => cause.Message);
        ExpectMsg("no");
    }

    [Fact]
    public void A_task_without_a_result_sends_what_it_is_told_to()
    {
        Task.CompletedTask.PipeTo(TestActor);
        Task.CompletedTask.PipeTo(TestActor, success: () => "done");
        ExpectMsg("done");
        ExpectNoMsg(30);
    }
}
