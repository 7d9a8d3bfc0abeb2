namespace Iec102.Simulation.Tests;

/// <summary>
/// Something that lives in the world until it ends, and with it all it had ready and all its timers: a node, from its start to its kill.
/// What its code awaits comes back to the world, which decides when it goes on.
/// </summary>
internal sealed class Life
{
    private readonly World _world;
    private readonly WorldContext _context;

    public Life(World world, string name)
    {
        _world = world;
        _context = new WorldContext(this);
        Name = name;
        Time = new WorldTime(this);
    }

    public string Name { get; }

    public World World => _world;

    /// <summary>The world's clock with timers that end with this life.</summary>
    public TimeProvider Time { get; }

    public bool IsOver { get; private set; }

    public void Soon(Action run) => _world.Ready(this, run);

    public World.Alarm After(TimeSpan delay, Action action, Akka.Actor.ICancelable? cancelable = null) => _world.At(_world.Elapsed + delay, this, action, cancelable);

    public void Run(Action run)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    public void End()
    {
        IsOver = true;
        _world.Forget(this);
    }

    private sealed class WorldContext(Life life) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => life.Soon(() => d(state));

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nobody waits in a simulated world.");

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class WorldTime(Life life) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => life._world.Now.ToDateTimeOffset();

        public override long GetTimestamp() => life._world.Elapsed.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new WorldTimer(life, () => callback(state));
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class WorldTimer(Life life, Action callback) : ITimer
    {
        private World.Alarm? _alarm;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero)
                throw new NotSupportedException("No timer of the runtime repeats by itself.");
            Dispose();
            if (dueTime != Timeout.InfiniteTimeSpan)
                _alarm = life.After(dueTime, callback);
            return true;
        }

        public void Dispose()
        {
            if (_alarm is not null)
                _alarm.IsOff = true;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
