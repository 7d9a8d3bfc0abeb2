namespace Iec102.Simulation.Tests;

/// <summary>
/// The clocks of a computer, with timers that belong to a life, for what waits for the network at the edge of a node. The monotonic clock
/// is the world's; the other one may be wrong.
/// </summary>
internal sealed class LifeTime(Life life, Func<TimeSpan> ahead) : TimeProvider
{
    public override long TimestampFrequency => life.World.Time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => life.World.Time.GetUtcNow() + ahead();

    public override long GetTimestamp() => life.World.Time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(life, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Life life, Action callback) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var setting = ++_setting;
            if (dueTime != Timeout.InfiniteTimeSpan)
                life.After(dueTime, () => Fire(setting, period));
            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(int setting, TimeSpan period)
        {
            if (setting != _setting)
                return;
            callback();
            if (setting == _setting && period != Timeout.InfiniteTimeSpan)
                life.After(period, () => Fire(setting, period));
        }
    }
}
