using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Xunit.Sdk;

namespace Akka.Embedded.Tests;

/// <summary>The test kit fails when what it expects does not happen.</summary>
public sealed class TestKitTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    private static void ShouldFail(Action expectation) => Record.Exception(expectation).ShouldBeAssignableTo<XunitException>();

    [Fact]
    public void A_message_of_another_type_value_or_none_at_all_fails()
    {
        ShouldFail(() => ExpectMsg<string>(Short));
        TestActor.Tell(1);
        ShouldFail(() => ExpectMsg<string>(Short));
        TestActor.Tell("a");
        ShouldFail(() => ExpectMsg("b", Short));
        TestActor.Tell("a");
        ShouldFail(() => ExpectMsg<string>(text => text == "b", Short));
        TestActor.Tell("a");
        ExpectMsg<string>(text => text == "a", Short).ShouldBe("a");
    }

    [Fact]
    public void A_message_where_none_is_expected_fails()
    {
        ExpectNoMsg(Short);
        TestActor.Tell("a");
        ShouldFail(() => ExpectNoMsg(Short));
    }

    [Fact]
    public void A_message_from_someone_else_fails()
    {
        var echo = Sys.ActorOf<Echo>();
        echo.Tell("a");
        ExpectMsgFrom(echo, "a");
        TestActor.Tell("a", ActorRefs.NoSender);
        ShouldFail(() => ExpectMsgFrom(echo, "a", Short));
    }

    [Fact]
    public void Fishing_passes_over_other_messages()
    {
        foreach (var message in new object[] { 1, "a", 2, "b" }) TestActor.Tell(message);
        FishForMessage<string>(text => text == "b").ShouldBe("b");
        ShouldFail(() => FishForMessage<string>(_ => true, Short));
    }

    [Fact]
    public void Too_few_messages_fail()
    {
        TestActor.Tell("a");
        ShouldFail(() => ReceiveN(2, Short));
        ExpectMsgAllOfBoth();
    }

    private void ExpectMsgAllOfBoth()
    {
        TestActor.Tell("b");
        TestActor.Tell("a");
        ExpectMsgAllOf("a", "b").Count.ShouldBe(2);
        TestActor.Tell("c");
        ExpectMsgAnyOf(new[] { "c", "d" }).ShouldBe("c");
    }

    [Fact]
    public void Waiting_for_a_condition_ends_when_it_holds_or_fails_in_time()
    {
        var calls = 0;
        AwaitCondition(() => ++calls > 3);
        AwaitAssert(() => (++calls).ShouldBeGreaterThan(8));
        ShouldFail(() => AwaitCondition(() => false, Short));
        Record.Exception(() => AwaitAssert(() => calls.ShouldBe(-1), Short)).ShouldNotBeNull();
    }

    [Fact]
    public void The_end_of_another_actor_fails()
    {
        var one = Watch(Sys.ActorOf<Echo>());
        var other = Sys.ActorOf<Echo>();
        Sys.Stop(one);
        ShouldFail(() => ExpectTerminated(other, Short));
    }

    [Fact]
    public void Within_bounds_the_waiting_inside()
    {
        var clock = Stopwatch.StartNew();
        ShouldFail(() => Within(Short, () => ExpectMsg<string>()));
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        ShouldFail(() => Within(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), () => { }));
    }

    [Fact]
    public void An_event_filter_counts_what_matches_and_fails_otherwise()
    {
        EventFilter.Warning("the text").ExpectOne(() => Sys.Log.Warning("the text"));
        EventFilter.Error(contains: "tex").Expect(2, () =>
        {
            Sys.Log.Error("one text");
            Sys.Log.Error("two texts");
        });
        EventFilter.Exception<InvalidOperationException>("the cause").ExpectOne(() => Sys.Log.Error(new InvalidOperationException("the cause"), "the text"));
        EventFilter.Info(start: "beg").ExpectOne(() => Sys.Log.Info("beginning"));
        EventFilter.DeadLetter<string>().ExpectOne(() => Sys.DeadLetters.Tell("lost"));
        ShouldFail(() => EventFilter.Warning("the text").ExpectOne(Short, () => Sys.Log.Warning("another")));
        ShouldFail(() => EventFilter.Warning("the text").Expect(1, Short, () =>
        {
            Sys.Log.Warning("the text");
            Sys.Log.Warning("the text");
        }));
    }

    [Fact]
    public void A_probe_answers_whom_it_heard_last()
    {
        var probe = CreateTestProbe();
        probe.Ref.Tell("question");
        probe.ExpectMsg("question");
        probe.Sender.ShouldBe(TestActor);
        probe.Reply("answer");
        ExpectMsg("answer");
        LastSender.ShouldBe(probe.Ref);
    }

    [Fact]
    public void An_auto_pilot_answers_by_itself()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"re: {message}", ActorRefs.NoSender);
            return message.Equals("last") ? AutoPilot.NoAutoPilot : AutoPilot.KeepRunning;
        }));
        foreach (var message in new[] { "first", "last", "too late" }) probe.Ref.Tell(message);
        ExpectMsg("re: first");
        ExpectMsg("re: last");
        ExpectNoMsg(Short);
    }

    [Fact]
    public void Ignored_messages_are_not_seen()
    {
        IgnoreMessages(message => message is int);
        TestActor.Tell(1);
        TestActor.Tell("a");
        ExpectMsg("a");
        IgnoreNoMessages();
        TestActor.Tell(2);
        ExpectMsg(2);
    }

    [Fact]
    public async Task The_test_is_the_sender_also_after_an_await()
    {
        var echo = Sys.ActorOf<Echo>();
        await Task.Yield();
        echo.Tell("a");
        await ExpectMsgAsync("a");
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.CompletedTask));
        echo.Tell("b");
        (await ExpectMsgAsync<string>()).ShouldBe("b");
        await AwaitAssertAsync(() => HasMessages.ShouldBeFalse());
    }
}
