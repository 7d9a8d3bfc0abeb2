using NodaTime;

namespace Iec102.Simulation.Tests;

/// <summary>A rule was broken; the run ends.</summary>
internal sealed class ViolationException(string message) : Exception(message);

/// <summary>
/// One thread, one clock and one source of chance for everything that lives in a run. What is ready to run waits in no order: chance picks the next.
/// When nothing is ready, the clock moves on to the next timer; now and then, as on a slow machine, a little earlier than that.
/// </summary>
internal sealed class World
{
    private const double SlowMachine = 0.002;

    /// <summary>Far more than any run needs: something goes round in circles.</summary>
    private const long MostSteps = 10_000_000;

    private static readonly TimeSpan LongestHiccup = TimeSpan.FromMilliseconds(500);

    private readonly List<(Life Life, Action Run)> _ready = [];
    private readonly PriorityQueue<Alarm, (long Due, long Number)> _alarms = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Instant _beginning;
    private string? _broken;
    private long _alarmNumber;

    public World(Chance chance, Trace trace, Instant beginning)
    {
        (Chance, Trace, _beginning) = (chance, trace, beginning);
        Nature = new Life(this, "nature");
    }

    public Chance Chance { get; }

    public Trace Trace { get; }

    /// <summary>Meters and lines, which go on whatever happens to the node.</summary>
    public Life Nature { get; }

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed { get; private set; }

    public Instant Now => _beginning + Duration.FromTimeSpan(Elapsed);

    public long Steps { get; private set; }

    /// <summary>Something due at a moment, unless it is called off.</summary>
    internal sealed class Alarm(Life life, Action action, Akka.Actor.ICancelable? cancelable)
    {
        public Life Life { get; } = life;

        public Action Action { get; } = action;

        public bool IsOff
        {
            get => field || cancelable is { IsCancellationRequested: true };
            set;
        }
    }

    /// <summary>Runs one thing that is ready; false, and the clock at the limit, when nothing happens up to it.</summary>
    public bool Step(TimeSpan limit)
    {
        if (Steps > MostSteps)
            Break($"The run has no end: more than {MostSteps} steps up to {Elapsed}.");
        if (_broken is { } broken)
            throw new ViolationException(broken);
        if (_ready.Count == 0 ? !MoveOn(limit) : Chance.Is(SlowMachine) && NextAlarm() <= Elapsed + LongestHiccup && !MoveOn(limit))
            return false;
        var index = Chance.Below(_ready.Count);
        var (life, run) = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Trace.Fold(((ulong)Elapsed.Ticks << 16) ^ ((ulong)_ready.Count << 8) ^ (ulong)index);
        Steps++;
        if (!life.IsOver)
            life.Run(run);
        return true;
    }

    public void Ready(Life life, Action run)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            Break($"Work came from another thread: {Environment.StackTrace}");
        else if (!life.IsOver)
            _ready.Add((life, run));
    }

    public Alarm At(TimeSpan moment, Life life, Action action, Akka.Actor.ICancelable? cancelable = null)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            Break($"Work came from another thread: {Environment.StackTrace}");
        var alarm = new Alarm(life, action, cancelable);
        _alarms.Enqueue(alarm, (Math.Max(moment.Ticks, Elapsed.Ticks), _alarmNumber++));
        return alarm;
    }

    /// <summary>A rule was broken where an exception would be caught by somebody: the run ends at the next step.</summary>
    public void Break(string rule) => _broken ??= rule;

    public void Note(string line) => Trace.Write($"{Now:uuuu-MM-dd HH:mm:ss.fff}", line);

    /// <summary>Nothing of a life is left.</summary>
    public void Forget(Life life) => _ready.RemoveAll(one => one.Life == life);

    private bool MoveOn(TimeSpan limit)
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
            Ready(alarm.Life, () =>
            {
                if (!alarm.IsOff)
                    alarm.Action();
            });
        }

        return true;
    }

    private TimeSpan? NextAlarm()
    {
        while (_alarms.TryPeek(out var first, out var at))
        {
            if (!first.IsOff && !first.Life.IsOver)
                return TimeSpan.FromTicks(at.Due);
            _alarms.Dequeue();
        }

        return null;
    }
}
