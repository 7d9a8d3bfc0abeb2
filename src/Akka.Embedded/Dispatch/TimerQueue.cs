namespace Akka.Dispatch;

/// <summary>
/// Actions at their due time: a binary heap over a single timer of the clock, armed for the earliest. An entry knows its place,
/// so calling it off takes it out at once; idle costs nothing. Actions run one after the other on the timer's thread.
/// </summary>
internal sealed class TimerQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Action<Exception> _onFailure;
    private readonly List<Entry> _heap = [];
    private readonly long _start;
    private long _armedFor = long.MaxValue;
    private long _sequence;
    private bool _disposed;

    public TimerQueue(TimeProvider time, Action<Exception> onFailure)
    {
        _time = time;
        _onFailure = onFailure;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static queue => ((TimerQueue)queue!).RunDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Time since the queue was made.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>An action and when it is due; repeats until called off if it has an interval.</summary>
    internal sealed class Entry(TimerQueue queue, Action action, long due, long interval)
    {
        public Action Action { get; } = action;
        public long Due { get; set; } = due;
        public long Interval { get; } = interval;
        public long Sequence { get; set; }

        /// <summary>The place in the heap; negative when not in it.</summary>
        public int Place { get; set; } = -1;

        public bool IsCancelled { get; private set; }

        public void Cancel()
        {
            lock (queue._gate)
            {
                IsCancelled = true;
                if (Place >= 0) queue.RemoveAt(Place);
            }
        }

        public bool IsBefore(Entry other) => Due < other.Due || (Due == other.Due && Sequence < other.Sequence);
    }

    /// <summary>Adds an action. Returns null when the queue is no longer running.</summary>
    public Entry? Add(TimeSpan delay, TimeSpan interval, Action action)
    {
        var due = delay < TimeSpan.Zero ? 0 : delay.Ticks;
        var now = Elapsed.Ticks;
        var entry = new Entry(this, action, due > long.MaxValue - now ? long.MaxValue : now + due, interval.Ticks);
        lock (_gate)
        {
            if (_disposed) return null;
            Insert(entry);
            ArmForFirst();
        }
        return entry;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var entry in _heap) entry.Place = -1;
            _heap.Clear();
        }
        _timer.Dispose();
    }

    private void RunDue()
    {
        var now = Elapsed.Ticks;
        while (TakeDue(now) is { } entry)
        {
            try
            {
                entry.Action();
            }
            catch (Exception failure)
            {
                _onFailure(failure);
            }
            Repeat(entry);
        }
    }

    private Entry? TakeDue(long now)
    {
        lock (_gate)
        {
            if (_disposed) return null;
            if (_heap.Count > 0 && _heap[0].Due <= now)
            {
                var entry = _heap[0];
                RemoveAt(0);
                return entry;
            }
            _armedFor = long.MaxValue;
            ArmForFirst();
            return null;
        }
    }

    private void Repeat(Entry entry)
    {
        if (entry.Interval <= 0) return;
        lock (_gate)
        {
            if (_disposed || entry.IsCancelled) return;
            // From the due time, so that lateness does not add up; after a long standstill from now.
            entry.Due = Math.Max(entry.Due + entry.Interval, Elapsed.Ticks);
            Insert(entry);
        }
    }

    private void ArmForFirst()
    {
        if (_heap.Count == 0 || _heap[0].Due >= _armedFor) return;
        _armedFor = _heap[0].Due;
        // A day at most: some clocks' timers cannot wait for months. Waking too early does no harm.
        var wait = Math.Clamp(_armedFor - Elapsed.Ticks, 0, TimeSpan.TicksPerDay);
        _timer.Change(TimeSpan.FromTicks(wait), Timeout.InfiniteTimeSpan);
    }

    private void Insert(Entry entry)
    {
        entry.Sequence = _sequence++;
        _heap.Add(entry);
        SiftUp(entry, _heap.Count - 1);
    }

    private void RemoveAt(int place)
    {
        _heap[place].Place = -1;
        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (place == _heap.Count) return;
        SiftUp(last, place);
        SiftDown(last, last.Place);
    }

    private void SiftUp(Entry entry, int place)
    {
        while (place > 0)
        {
            var parent = (place - 1) / 2;
            if (!entry.IsBefore(_heap[parent])) break;
            Put(_heap[parent], place);
            place = parent;
        }
        Put(entry, place);
    }

    private void SiftDown(Entry entry, int place)
    {
        for (var child = (place * 2) + 1; child < _heap.Count; child = (place * 2) + 1)
        {
            if (child + 1 < _heap.Count && _heap[child + 1].IsBefore(_heap[child])) child++;
            if (!_heap[child].IsBefore(entry)) break;
            Put(_heap[child], place);
            place = child;
        }
        Put(entry, place);
    }

    private void Put(Entry entry, int place)
    {
        _heap[place] = entry;
        entry.Place = place;
    }
}
