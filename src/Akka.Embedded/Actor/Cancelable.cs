namespace Akka.Actor;

/// <summary>Something that can be called off.</summary>
public interface ICancelable
{
    bool IsCancellationRequested { get; }

    CancellationToken Token { get; }

    void Cancel();

    void CancelAfter(TimeSpan delay);
}

/// <summary>Calls off what was scheduled with it.</summary>
public class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler _scheduler;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _source;
    private Action? _callbacks;
    private bool _cancelled;

    public Cancelable(IScheduler scheduler)
        : this(scheduler.Advanced)
    {
    }

    public Cancelable(IScheduler scheduler, TimeSpan delay)
        : this(scheduler) => CancelAfter(delay);

    public Cancelable(IActionScheduler scheduler) => _scheduler = scheduler;

    public bool IsCancellationRequested => _cancelled;

    public CancellationToken Token
    {
        get
        {
            lock (_gate)
            {
                if (_source is not null) return _source.Token;
                _source = new CancellationTokenSource();
                if (_cancelled) _source.Cancel();
                return _source.Token;
            }
        }
    }

    public void Cancel()
    {
        Action? callbacks;
        CancellationTokenSource? source;
        lock (_gate)
        {
            if (_cancelled) return;
            _cancelled = true;
            callbacks = _callbacks;
            source = _source;
            _callbacks = null;
        }
        callbacks?.Invoke();
        source?.Cancel();
    }

    public void CancelAfter(TimeSpan delay) => _scheduler.ScheduleOnce(delay, Cancel, this);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _source?.Dispose();
    }

    /// <summary>Like a registration on <see cref="Token"/>, without the cost of a token.</summary>
    internal void OnCancel(Action callback)
    {
        lock (_gate)
        {
            if (!_cancelled)
            {
                _callbacks += callback;
                return;
            }
        }
        callback();
    }
}

/// <summary>Calling off what may not be there.</summary>
public static class CancelableExtensions
{
    public static void CancelIfNotNull(this ICancelable? cancelable) => cancelable?.Cancel();
}
