namespace Akka.Dispatch;

/// <summary>
/// The machine's clock, with timers that wait on a thread of their own. The pool's timers go by a coarse clock and are late by up to
/// four milliseconds on Linux; these by about one. The callback runs on the timer's thread.
/// </summary>
internal sealed class MachineTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ThreadTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ThreadTimer(TimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private readonly object _gate = new();
        private readonly long _start = clock.GetTimestamp();
        private Thread? _thread;

        /// <summary>Since <see cref="_start"/>; null while nothing is due.</summary>
        private TimeSpan? _due;

        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                if (_disposed) return false;
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.GetElapsedTime(_start) + dueTime;
                _period = period;
                if (_due is not null && _thread is null) StartThread();
                Monitor.Pulse(_gate);
                return true;
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _disposed = true;
                Monitor.Pulse(_gate);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void StartThread()
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "timer" };
            _thread.UnsafeStart();
        }

        private void Run()
        {
            while (WaitUntilDue()) callback(state);
        }

        private bool WaitUntilDue()
        {
            lock (_gate)
            {
                while (!_disposed)
                {
                    if (_due is not { } due)
                    {
                        Monitor.Wait(_gate);
                        continue;
                    }
                    var left = due - clock.GetElapsedTime(_start);
                    if (left <= TimeSpan.Zero)
                    {
                        _due = _period == Timeout.InfiniteTimeSpan ? null : due + _period;
                        return true;
                    }
                    // Whole milliseconds, rounded up: earlier than due is of no use. A day at most is what Wait can take.
                    Monitor.Wait(_gate, (int)Math.Min(Math.Ceiling(left.TotalMilliseconds), TimeSpan.MillisecondsPerDay));
                }
                return false;
            }
        }
    }
}
