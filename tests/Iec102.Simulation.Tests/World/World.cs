using Akka.Actor;
using NodaTime;

namespace Iec102.Simulation.Tests;

/// <summary>Thrown when a rule was broken; ends the run.</summary>
internal sealed class ViolationException(string message) : Exception(message);

/// <summary>
/// One thread, one clock and one source of chance for everything in a run. Things that are ready to run are in no order: chance picks the
/// next one. When nothing is ready, the clock moves on to the next alarm; now and then, as on a slow machine, it does so although something
/// is still ready.
/// </summary>
internal sealed class World
{
    private const double SlowMachine = 0.002;

    /// <summary>Far more steps than any run needs. A run that reaches this number is going round in circles.</summary>
    private const long MostSteps = 10_000_000;

    private static readonly TimeSpan LongestHiccup = TimeSpan.FromMilliseconds(500);

    private readonly List<(Life Life, Action Run)> _ready = [];
    private readonly PriorityQueue<Alarm, (long Due, long Number)> _alarms = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Instant _beginning;
    private volatile string? _broken;
    private long _alarmNumber;

    public World(Chance chance, Trace trace, Instant beginning)
    {
        (Chance, Trace, _beginning) = (chance, trace, beginning);
        Nature = new Life(this, "nature");
        Time = new WorldTime(this);
    }

    public Chance Chance { get; }

    public Trace Trace { get; }

    /// <summary>The life of meters and lines, which continues whatever happens to the node.</summary>
    public Life Nature { get; }

    /// <summary>A clock for code that needs one; it has no timers.</summary>
    public TimeProvider Time { get; }

    /// <summary>The time since the beginning of the run.</summary>
    public TimeSpan Elapsed { get; private set; }

    public Instant Now => _beginning + Duration.FromTimeSpan(Elapsed);

    public long Steps { get; private set; }

    /// <summary>Runs one thing that is ready; returns false, with the clock at the limit, when nothing happens before the limit.</summary>
    public bool Step(TimeSpan limit)
    {
        if (Steps > MostSteps)
            Break($"The run has no end: more than {MostSteps} steps up to {Elapsed}.");
        ThrowIfBroken();
        if (_ready.Count == 0 ? !MoveOn(limit) : Chance.Is(SlowMachine) && NextAlarm() <= Elapsed + LongestHiccup && !MoveOn(limit))
            return false;
        var index = Chance.Below(_ready.Count);
        var (life, run) = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Trace.Fold(((ulong)Elapsed.Ticks << 16) ^ ((ulong)_ready.Count << 8) ^ (ulong)index);
        Steps++;
        if (!life.IsOver)
            RunWithoutContext(run);
        return true;
    }

    public void Ready(Life life, Action run)
    {
        if (!IsOwnThread() || life.IsOver)
            return;
        if (life.IsPaused)
            life.Keep(run);
        else
            _ready.Add((life, run));
    }

    /// <summary>Makes an action ready at a moment, unless it is cancelled by then.</summary>
    public void At(TimeSpan moment, Life life, Action action, ICancelable? cancelable = null)
    {
        if (IsOwnThread())
            _alarms.Enqueue(new Alarm(life, action, cancelable), (Math.Max(moment.Ticks, Elapsed.Ticks), _alarmNumber++));
    }

    /// <summary>
    /// Reports a broken rule where an exception would be caught, perhaps on another thread: the run ends at the next step.
    /// </summary>
    public void Break(string rule) => Interlocked.CompareExchange(ref _broken, rule, null);

    /// <summary>Ends the run if a rule was broken.</summary>
    public void ThrowIfBroken()
    {
        if (_broken is { } broken)
            throw new ViolationException(broken);
    }

    public void Note(string line) => Trace.Write($"{Now:uuuu-MM-dd HH:mm:ss.fff}", line);

    /// <summary>Removes everything of a life that is ready, and returns it.</summary>
    public List<Action> Forget(Life life)
    {
        List<Action> ready = [.. _ready.Where(one => one.Life == life).Select(one => one.Run)];
        _ready.RemoveAll(one => one.Life == life);
        return ready;
    }

    /// <summary>
    /// Removes the synchronization context while the world runs something, as on Akka.NET's own threads: code that awaits a task then
    /// continues within the step that completes the task.
    /// </summary>
    private static void RunWithoutContext(Action run)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>
    /// Checks the thread: work on another thread happens at a different moment in each run, so a seed could not reproduce it.
    /// </summary>
    private bool IsOwnThread()
    {
        if (Environment.CurrentManagedThreadId == _thread)
            return true;
        Break($"Work came from another thread: {Environment.StackTrace}");
        return false;
    }

    private bool MoveOn(TimeSpan limit)
    {
        // The alarms of a paused life make nothing ready.
        do
        {
            if (NextAlarm() is not { } next || next > limit)
            {
                Elapsed = limit;
                return false;
            }

            Elapsed = next;
            while (NextAlarm() <= Elapsed)
            {
                var alarm = _alarms.Dequeue();
                Ready(alarm.Life, alarm.Run);
            }
        }
        while (_ready.Count == 0);
        return true;
    }

    private TimeSpan? NextAlarm()
    {
        while (_alarms.TryPeek(out var first, out var at))
        {
            if (!first.IsOff)
                return TimeSpan.FromTicks(at.Due);
            _alarms.Dequeue();
        }

        return null;
    }

    private sealed class Alarm(Life life, Action action, ICancelable? cancelable)
    {
        public Life Life => life;

        public bool IsOff => life.IsOver || cancelable is { IsCancellationRequested: true };

        /// <summary>Runs the action unless it was cancelled after it became due.</summary>
        public void Run()
        {
            if (!IsOff)
                action();
        }
    }

    private sealed class WorldTime(World world) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => world.Now.ToDateTimeOffset();

        public override long GetTimestamp() => world.Elapsed.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            world.Break($"A timer was made beside the actor system's scheduler: {Environment.StackTrace}");
            throw new NotSupportedException("Actors of a simulated node take their timers from their system's scheduler.");
        }
    }
}
