using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Embedded.Tests;

/// <summary>Actors that fail, stash, await, restart and stop at random: every message is handled once, or failed, or is a dead letter.</summary>
public sealed class LossTests() : Akka.TestKit.Xunit2.TestKit(ConfigurationFactory.ParseString("akka.loglevel = OFF"))
{
    private sealed record Job(int Number, int Chance);

    private sealed class Tally
    {
        public ConcurrentDictionary<int, int> Seen { get; } = new();

        public void Count(Job job) => Seen.AddOrUpdate(job.Number, 1, (_, before) => before + 1);
    }

    private sealed class Worker : ReceiveActor, IWithUnboundedStash
    {
        private readonly Tally _tally;
        private int _stashes;

        public Worker(Tally tally)
        {
            _tally = tally;
            Receive<Job>(job => job.Chance < 10, job =>
            {
                _tally.Count(job);
                throw new InvalidOperationException("by chance");
            });
            ReceiveAsync<Job>(job => job.Chance < 30, async job =>
            {
                await Task.Yield();
                _tally.Count(job);
                if (job.Chance < 12) Context.Stop(Self);
            });
            Receive<Job>(job => job.Chance < 40 && _stashes < 5, _ =>
            {
                _stashes++;
                Stash.Stash();
            });
            Receive<Job>(job =>
            {
                _tally.Count(job);
                if (job.Chance > 95)
                {
                    _stashes = 0;
                    Stash.UnstashAll();
                }
            });
        }

        public IStash Stash { get; set; } = null!;
    }

    private sealed class DeadLetters : ReceiveActor
    {
        public DeadLetters(Tally tally) => Receive<DeadLetter>(letter =>
        {
            if (letter.Message is Job job) tally.Count(job);
        });
    }

    private sealed class Parent : ReceiveActor
    {
        public Parent(Tally tally)
        {
            for (var i = 0; i < 20; i++) Context.ActorOf(Props.Create(() => new Worker(tally)), "w" + i);
            Receive<string>(_ => Sender.Tell(Context.GetChildren().ToArray()));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_message_is_lost_or_handled_twice(int seed)
    {
        const int Jobs = 20_000;
        var random = new Random(seed);
        var tally = new Tally();
        Sys.EventStream.Subscribe<DeadLetter>(Sys.ActorOf(Props.Create(() => new DeadLetters(tally))));
        var parent = Watch(Sys.ActorOf(Props.Create(() => new Parent(tally))));
        parent.Tell("children");
        var workers = ExpectMsg<IActorRef[]>();

        for (var number = 0; number < Jobs; number++) workers[random.Next(workers.Length)].Tell(new Job(number, random.Next(100)));
        // What is still stashed goes to dead letters with the worker.
        foreach (var worker in workers) worker.Tell(PoisonPill.Instance);
        parent.Tell(PoisonPill.Instance);

        ExpectTerminated(parent, TimeSpan.FromSeconds(20));
        AwaitAssert(() => tally.Seen.Count.ShouldBe(Jobs), TimeSpan.FromSeconds(10));
        tally.Seen.Values.ShouldAllBe(times => times == 1);
    }
}
