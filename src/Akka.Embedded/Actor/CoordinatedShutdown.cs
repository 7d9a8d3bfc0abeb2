using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// Ends a system in 12 phases. The tasks of a phase run in parallel and have a time limit; a failing or late task is logged and
/// does not hold up the others. Only the first run counts.
/// </summary>
public sealed class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private static readonly string[] Phases =
    [
        PhaseBeforeServiceUnbind, PhaseServiceUnbind, PhaseServiceRequestsDone, PhaseServiceStop, PhaseBeforeClusterShutdown,
        PhaseClusterShardingShutdownRegion, PhaseClusterLeave, PhaseClusterExiting, PhaseClusterExitingDone, PhaseClusterShutdown,
        PhaseBeforeActorSystemTerminate, PhaseActorSystemTerminate,
    ];

    private readonly ActorSystemImpl _system;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Run)>> _tasks = Phases.ToDictionary(phase => phase, _ => new List<(string, Func<Task<Done>>)>());
    private Task<Done>? _run;

    internal CoordinatedShutdown(ActorSystemImpl system)
    {
        _system = system;
        if (system.Settings.CoordinatedShutdownTerminateActorSystem) AddTask(PhaseActorSystemTerminate, "terminate-system", TerminateSystem);
    }

    public ExtendedActorSystem System => _system;

    /// <summary>Why the system ends, once it does.</summary>
    public Reason? ShutdownReason { get; private set; }

    public static CoordinatedShutdown Get(ActorSystem sys) => new CoordinatedShutdownExtension().Get(sys);

    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        if (!_tasks.TryGetValue(phase, out var tasks))
            throw new ConfigurationException($"Unknown phase [{phase}], known phases: [{string.Join(", ", Phases)}].");
        lock (_gate) tasks.Add((taskName, task));
    }

    /// <summary>The time limit of a phase.</summary>
    public TimeSpan Timeout(string phase)
    {
        var standard = phase == PhaseActorSystemTerminate
            ? TimeSpan.FromSeconds(10)
            : _system.Settings.Config.GetTimeSpan("akka.coordinated-shutdown.default-phase-timeout", TimeSpan.FromSeconds(5));
        return _system.Settings.Config.GetTimeSpan($"akka.coordinated-shutdown.phases.{phase}.timeout", standard);
    }

    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        var first = fromPhase is null ? 0 : Array.IndexOf(Phases, fromPhase);
        if (first < 0) throw new ConfigurationException($"Unknown phase [{fromPhase}], known phases: [{string.Join(", ", Phases)}].");
        var finished = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_run is not null) return _run;
            ShutdownReason = reason;
            _run = finished.Task;
        }
        _system.Dispatcher.Execute(() => _ = RunPhases(Phases[first..], finished));
        return finished.Task;
    }

    private async Task RunPhases(string[] phases, TaskCompletionSource<Done> finished)
    {
        foreach (var phase in phases) await RunPhase(phase);
        finished.SetResult(Done.Instance);
    }

    private async Task RunPhase(string phase)
    {
        (string Name, Func<Task<Done>> Run)[] tasks;
        lock (_gate) tasks = [.. _tasks[phase]];
        if (tasks.Length == 0) return;
        var running = Task.WhenAll(tasks.Select(task => RunTask(phase, task.Name, task.Run)));
        try
        {
            await running.WaitAsync(Timeout(phase), _system.Dispatcher.Time);
        }
        catch (TimeoutException)
        {
            _system.Log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", phase, Timeout(phase));
        }
    }

    private async Task RunTask(string phase, string name, Func<Task<Done>> run)
    {
        try
        {
            await run();
        }
        catch (Exception failure)
        {
            _system.Log.Error(failure, "Task [{0}] failed in phase [{1}]: {2}", name, phase, failure.Message);
        }
    }

    private async Task<Done> TerminateSystem()
    {
        _system.FinalTerminate();
        await _system.WhenTerminated;
        return Done.Instance;
    }

    /// <summary>Why a system ends.</summary>
    public class Reason
    {
        protected Reason()
        {
        }
    }

    /// <summary>No reason was given.</summary>
    public class UnknownReason : Reason
    {
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason()
        {
        }
    }

    /// <summary><see cref="ActorSystem.Terminate"/> was called.</summary>
    public class ActorSystemTerminateReason : Reason
    {
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason()
        {
        }
    }

    /// <summary>The process ends.</summary>
    public class ClrExitReason : Reason
    {
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason()
        {
        }
    }
}

/// <summary>The key of <see cref="CoordinatedShutdown"/>.</summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system) => new((ActorSystemImpl)system);
}
