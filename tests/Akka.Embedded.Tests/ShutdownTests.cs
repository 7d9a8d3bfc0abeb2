using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Embedded.Tests;

/// <summary>The orderly end of a system.</summary>
public sealed class ShutdownTests : IDisposable
{
    private static readonly string[] Phases =
    [
        "before-service-unbind", "service-unbind", "service-requests-done", "service-stop", "before-cluster-shutdown",
        "cluster-sharding-shutdown-region", "cluster-leave", "cluster-exiting", "cluster-exiting-done", "cluster-shutdown",
        "before-actor-system-terminate", "actor-system-terminate",
    ];

    private readonly ActorSystem _system = NewSystem();

    private static ActorSystem NewSystem(string more = "") => ActorSystem.Create("shutdown",
        ConfigurationFactory.ParseString(more + "\nakka.loglevel = OFF\nakka.stdout-loglevel = OFF\nakka.coordinated-shutdown.run-by-clr-shutdown-hook = off"));

    private sealed class Last : ReceiveActor
    {
        private readonly ConcurrentQueue<string> _log;

        public Last(ConcurrentQueue<string> log) => _log = log;

        protected override void PostStop() => _log.Enqueue(Self.Path.ToStringWithoutAddress());
    }

    private static Task<Done> Did() => Task.FromResult(Done.Instance);

    [Fact]
    public async Task Tasks_run_in_the_order_of_their_phases()
    {
        var log = new ConcurrentQueue<string>();
        var shutdown = CoordinatedShutdown.Get(_system);
        foreach (var phase in Phases.Reverse())
        {
            shutdown.AddTask(phase, "log", () =>
            {
                log.Enqueue(phase);
                return Did();
            });
        }
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        log.ShouldBe(Phases);
        _system.WhenTerminated.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Tasks_of_one_phase_run_side_by_side()
    {
        var first = new TaskCompletionSource<Done>();
        var shutdown = CoordinatedShutdown.Get(_system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "waits", () => first.Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "lets go", () =>
        {
            first.SetResult(Done.Instance);
            return Did();
        });
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task A_failing_task_does_not_hold_up_the_others()
    {
        var reached = false;
        var shutdown = CoordinatedShutdown.Get(_system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails", () => throw new InvalidOperationException("as told"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails later", () => Task.FromException<Done>(new InvalidOperationException("as told")));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "reached", () =>
        {
            reached = true;
            return Did();
        });
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        reached.ShouldBeTrue();
    }

    [Fact]
    public async Task A_task_that_takes_too_long_is_left_behind()
    {
        using var system = NewSystem("akka.coordinated-shutdown.phases.service-stop.timeout = 100ms");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "never", () => new TaskCompletionSource<Done>().Task);
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(TimeSpan.FromSeconds(4));
        system.WhenTerminated.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public void Phases_have_five_seconds_and_the_last_ten()
    {
        var shutdown = CoordinatedShutdown.Get(_system);
        shutdown.Timeout(CoordinatedShutdown.PhaseServiceStop).ShouldBe(TimeSpan.FromSeconds(5));
        shutdown.Timeout(CoordinatedShutdown.PhaseActorSystemTerminate).ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_first_reason_wins_and_tasks_run_once()
    {
        var runs = 0;
        var shutdown = CoordinatedShutdown.Get(_system);
        shutdown.ShutdownReason.ShouldBeNull();
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "count", () =>
        {
            Interlocked.Increment(ref runs);
            return Did();
        });
        var first = shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        await Task.WhenAll(first, shutdown.Run(CoordinatedShutdown.UnknownReason.Instance), _system.Terminate());
        shutdown.ShutdownReason.ShouldBe(CoordinatedShutdown.ClrExitReason.Instance);
        runs.ShouldBe(1);
    }

    [Fact]
    public async Task Terminate_runs_the_phases()
    {
        var ran = false;
        CoordinatedShutdown.Get(_system).AddTask(CoordinatedShutdown.PhaseServiceStop, "run", () =>
        {
            ran = true;
            return Did();
        });
        await _system.Terminate();
        ran.ShouldBeTrue();
        CoordinatedShutdown.Get(_system).ShutdownReason.ShouldBe(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
    }

    [Fact]
    public async Task A_question_to_a_system_that_has_ended_is_not_answered_in_time()
    {
        var actor = _system.ActorOf(Props.Create(() => new Last(new ConcurrentQueue<string>())));
        await _system.Terminate();
        await Should.ThrowAsync<AskTimeoutException>(() => actor.Ask<string>("anyone?", TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public void An_unknown_phase_is_refused() =>
        Should.Throw<ConfigurationException>(() => CoordinatedShutdown.Get(_system).AddTask("no-such-phase", "task", Did));

    [Fact]
    public async Task The_actors_of_the_user_end_before_those_of_the_system()
    {
        var log = new ConcurrentQueue<string>();
        ((ExtendedActorSystem)_system).SystemActorOf(Props.Create(() => new Last(log)), "service");
        _system.ActorOf(Props.Create(() => new Last(log)), "worker");
        _system.RegisterOnTermination(() => log.Enqueue("callback"));
        await _system.Terminate();
        log.ShouldBe(["/user/worker", "/system/service", "callback"]);
    }

    public void Dispose() => _system.Dispose();
}
