namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>When the innermost <see cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/> must have ended.</summary>
    private TimeSpan? _end;

    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    public TimeSpan Remaining => _end is { } end ? end - Now : throw new InvalidOperationException("Remaining may not be called outside of Within.");

    public TimeSpan Dilated(TimeSpan duration) => duration * TestKitSettings.TestTimeFactor;

    public TimeSpan RemainingOrDilated(TimeSpan? duration) => duration is not { } given ? RemainingOrDefault
        : given < TimeSpan.Zero && given != Timeout.InfiniteTimeSpan ? throw new ArgumentException("A duration must not be negative.", nameof(duration))
        : given == Timeout.InfiniteTimeSpan ? given
        : Dilated(given);

    public TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => RemainingOrDilated(timeout);

    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    public void Within(TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(min, max, () =>
        {
            action();
            return Done.Instance;
        }, hint, epsilonValue, cancellationToken);

    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Result(WithinCore(min, max, () => new ValueTask<T>(function()), hint, epsilonValue));

    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    public Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(min, max, async () =>
        {
            await actionAsync();
            return Done.Instance;
        }, hint, epsilonValue, cancellationToken);

    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public Task<T> WithinAsync<T>(TimeSpan min, TimeSpan max, Func<Task<T>> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinCore(min, max, async () => await function(), hint, epsilonValue).AsTask();

    protected TimeSpan RemainingOr(TimeSpan duration) => _end is { } end ? end - Now : duration;

    private async ValueTask<T> WithinCore<T>(TimeSpan min, TimeSpan max, Func<ValueTask<T>> function, string? hint, TimeSpan? epsilonValue)
    {
        var start = Now;
        var outer = _end;
        var limit = Dilated(max);
        if (outer is { } outerEnd && outerEnd - start < limit) limit = outerEnd - start;
        if (limit < min) Fail($"Required min time {min} not possible, only {limit} left.", hint);
        _end = start + limit;
        T result;
        try
        {
            result = await function();
        }
        finally
        {
            _end = outer;
        }
        var took = Now - start;
        if (took < min) Fail($"The block took {took}, it should have taken at least {min}.", hint);
        if (took > limit + (epsilonValue ?? TimeSpan.FromMilliseconds(100))) Fail($"The block took {took}, exceeding {limit}.", hint);
        return result;
    }
}
