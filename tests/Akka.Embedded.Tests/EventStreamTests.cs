using Akka.Actor;
using Akka.Event;

namespace Akka.Embedded.Tests;

/// <summary>What is published reaches those who asked for it; the log goes the same way.</summary>
public sealed class EventStreamTests() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = INFO")
{
    private abstract record Animal;

    private sealed record Dog(string Name) : Animal;

    private sealed record Cat(string Name) : Animal;

    private sealed class Logging : ReceiveActor
    {
        public Logging()
        {
            var log = Context.GetLogger();
            Receive<Exception>(cause => log.Error(cause, "It failed {0} times", 3));
            Receive<string>(text => log.Info(text));
            Receive<int>(number => log.Debug("Number {0}", number));
        }
    }

    [Fact]
    public void A_subscriber_gets_events_of_the_type_and_of_those_derived_from_it()
    {
        Sys.EventStream.Subscribe<Animal>(TestActor).ShouldBeTrue();
        Sys.EventStream.Publish(new Dog("a"));
        Sys.EventStream.Publish("no animal");
        Sys.EventStream.Publish(new Cat("b"));
        ExpectMsg(new Dog("a"));
        ExpectMsg(new Cat("b"));
    }

    [Fact]
    public void Who_unsubscribes_gets_no_more()
    {
        Sys.EventStream.Subscribe<Dog>(TestActor);
        Sys.EventStream.Subscribe<Cat>(TestActor);
        Sys.EventStream.Unsubscribe<Dog>(TestActor).ShouldBeTrue();
        Sys.EventStream.Publish(new Dog("a"));
        Sys.EventStream.Publish(new Cat("b"));
        ExpectMsg(new Cat("b"));
        Sys.EventStream.Unsubscribe(TestActor).ShouldBeTrue();
        Sys.EventStream.Publish(new Cat("c"));
        ExpectNoMsg(30);
    }

    [Fact]
    public void Subscribing_to_a_type_and_its_base_brings_an_event_once()
    {
        Sys.EventStream.Subscribe<Dog>(TestActor);
        Sys.EventStream.Subscribe<Animal>(TestActor);
        Sys.EventStream.Publish(new Dog("a"));
        ExpectMsg(new Dog("a"));
        ExpectNoMsg(30);
    }

    [Fact]
    public void What_an_actor_logs_is_published_with_its_path_level_and_cause()
    {
        var actor = Sys.ActorOf<Logging>("logging");
        Sys.EventStream.Subscribe<Error>(TestActor);
        var cause = new InvalidOperationException("the cause");
        actor.Tell(cause);
        var error = ExpectMsg<Error>();
        error.LogLevel().ShouldBe(LogLevel.ErrorLevel);
        error.LogSource.ShouldStartWith("akka://test/user/logging");
        error.Cause.ShouldBe(cause);
        error.Message.ToString().ShouldBe("It failed 3 times");
    }

    [Fact]
    public void Levels_below_the_configured_one_are_not_published()
    {
        var actor = Sys.ActorOf<Logging>();
        Sys.EventStream.Subscribe<LogEvent>(TestActor);
        actor.Tell(42);
        actor.Tell("text with {braces}");
        var info = ExpectMsg<Info>();
        info.Message.ToString().ShouldBe("text with {braces}");
    }

    [Fact]
    public void The_end_of_an_actor_ends_its_subscriptions()
    {
        var subscriber = Watch(Sys.ActorOf<Logging>());
        Sys.EventStream.Subscribe<Dog>(subscriber);
        Sys.Stop(subscriber);
        ExpectTerminated(subscriber);
        AwaitAssert(() => Sys.EventStream.Unsubscribe<Dog>(subscriber).ShouldBeFalse());
    }

    [Fact]
    public void A_suppressed_dead_letter_is_published_as_such_only()
    {
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        Sys.EventStream.Subscribe<SuppressedDeadLetter>(TestActor);
        var actor = Watch(Sys.ActorOf<Logging>());
        Sys.Stop(actor);
        ExpectTerminated(actor);
        actor.Tell(PoisonPill.Instance);
        ExpectMsg<SuppressedDeadLetter>().Message.ShouldBe(PoisonPill.Instance);
    }
}
