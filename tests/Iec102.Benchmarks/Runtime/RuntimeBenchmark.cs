using System.Diagnostics;
using Akka.Actor;

namespace Iec102.Benchmarks.Runtime;

/// <summary>Promise P8: the rate of messages between two actors, and the time to ask an actor.</summary>
internal static class RuntimeBenchmark
{
    private const double MessagesBar = 1_000_000;
    private const double AskBarMicroseconds = 10;
    private const int Batch = 1000;
    private const int InFlight = 100;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Effort effort)
    {
        var messages = effort.Count(2_000_000, 20_000_000);
        var runs = effort.Count(5, 9);
        using var system = ActorSystem.Create("bench");
        var oneWay = await RepeatAsync(runs, () => OneWayAsync(system, messages));
        var pingPong = await RepeatAsync(runs, () => PingPongAsync(system, messages, InFlight));
        var single = await RepeatAsync(runs, () => PingPongAsync(system, messages / 10, 1));
        var ask = await RepeatAsync(runs, () => AskAsync(system, messages / 20));
        await system.Terminate();
        return
        [
            new Figure("P8", $"one way, batches of {Batch}", "messages/s", oneWay, MessagesBar, Bound.AtLeast,
                $"{messages:N0} messages from one actor to one other"),
            new Figure("P8", $"ping-pong, {InFlight} in flight", "messages/s", pingPong, MessagesBar, Bound.AtLeast,
                $"{messages:N0} messages, both ways counted, one pair"),
            new Figure("P8", "ping-pong, 1 in flight", "messages/s", single, null, Bound.AtLeast,
                $"{messages / 10:N0} messages, both ways counted: the cost of handing over alone"),
            new Figure("P8", "ask, round trip", "us", ask, AskBarMicroseconds, Bound.AtMost,
                $"mean of {messages / 20:N0} asks, one after the other"),
        ];
    }

    /// <summary>Runs the measurement once more than is counted, because the first run is only a warm-up.</summary>
    private static async Task<IReadOnlyList<double>> RepeatAsync(int runs, Func<Task<double>> run)
    {
        await run();
        var results = new List<double>();
        for (var i = 0; i < runs; i++)
            results.Add(await run());
        return results;
    }

    private static async Task<double> OneWayAsync(ActorSystem system, int messages)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = system.ActorOf(Props.Create(() => new Sink()));
        var source = system.ActorOf(Props.Create(() => new Source(sink, messages, done)));
        var began = Stopwatch.GetTimestamp();
        source.Tell(new Go());
        return await RateAsync(system, done.Task, began, messages, source, sink);
    }

    private static async Task<double> PingPongAsync(ActorSystem system, int messages, int inFlight)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var echo = system.ActorOf(Props.Create(() => new Echo()));
        var ping = system.ActorOf(Props.Create(() => new Ping(echo, messages / 2, inFlight, done)));
        var began = Stopwatch.GetTimestamp();
        ping.Tell(new Go());
        return await RateAsync(system, done.Task, began, messages, ping, echo);
    }

    private static async Task<double> AskAsync(ActorSystem system, int asks)
    {
        var echo = system.ActorOf(Props.Create(() => new Echo()));
        var ball = new Ball();
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < asks; i++)
            await echo.Ask<Ball>(ball);
        var time = Stopwatch.GetElapsedTime(began);
        system.Stop(echo);
        return time.TotalMicroseconds / asks;
    }

    private static async Task<double> RateAsync(ActorSystem system, Task done, long began, int messages, params IActorRef[] actors)
    {
        await done;
        var time = Stopwatch.GetElapsedTime(began);
        foreach (var actor in actors)
            system.Stop(actor);
        return messages / time.TotalSeconds;
    }

    private sealed record Go;

    private sealed record Ball;

    private sealed record EndOfBatch;

    private sealed class Echo : ReceiveActor
    {
        public Echo() => Receive<Ball>(ball => Sender.Tell(ball));
    }

    private sealed class Ping : ReceiveActor
    {
        public Ping(IActorRef echo, int rounds, int inFlight, TaskCompletionSource done)
        {
            var (toSend, toCome) = (rounds, rounds);
            Receive<Ball>(ball =>
            {
                if (toSend-- > 0)
                    echo.Tell(ball);
                if (--toCome == 0)
                    done.SetResult();
            });
            Receive<Go>(_ =>
            {
                for (var i = 0; i < inFlight; i++, toSend--)
                    echo.Tell(new Ball());
            });
        }
    }

    private sealed class Source : ReceiveActor
    {
        public Source(IActorRef sink, int messages, TaskCompletionSource done)
        {
            var left = messages;
            var ball = new Ball();
            Receive<Go>(_ => SendBatch());
            Receive<EndOfBatch>(_ =>
            {
                if (left == 0)
                    done.SetResult();
                else
                    SendBatch();
            });

            void SendBatch()
            {
                for (var i = 0; i < Batch - 1; i++)
                    sink.Tell(ball);
                sink.Tell(new EndOfBatch());
                left -= Batch;
            }
        }
    }

    private sealed class Sink : ReceiveActor
    {
        public Sink()
        {
            Receive<Ball>(_ => { });
            Receive<EndOfBatch>(end => Sender.Tell(end));
        }
    }
}
