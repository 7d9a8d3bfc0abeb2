namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(10);

    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Result(AwaitAssertCore(WithoutResult(assertion), duration, interval, sync: true, cancellationToken));

    public async Task AwaitAssertAsync(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        await AwaitAssertCore(WithoutResult(assertion), duration, interval, sync: false, cancellationToken);

    public async Task AwaitAssertAsync(Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        await AwaitAssertCore(async () => await assertion(), duration, interval, sync: false, cancellationToken);

    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, string message, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, message, cancellationToken);

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default)
    {
        if (!Result(Poll(() => new ValueTask<bool>(conditionIsFulfilled()), RemainingOrDilated(max), interval, sync: true, cancellationToken)))
            Fail($"The condition was not met within {RemainingOrDilated(max)}.", message);
    }

    public bool AwaitConditionNoThrow(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Result(Poll(() => new ValueTask<bool>(conditionIsFulfilled()), max, interval, sync: true, cancellationToken));

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, string message, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), max, interval, message, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    public async Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default)
    {
        if (!await Poll(async () => await conditionIsFulfilled(), RemainingOrDilated(max), interval, sync: false, cancellationToken))
            Fail($"The condition was not met within {RemainingOrDilated(max)}.", message);
    }

    private static Func<ValueTask> WithoutResult(Action action) => () =>
    {
        action();
        return ValueTask.CompletedTask;
    };

    private async ValueTask<Done> AwaitAssertCore(Func<ValueTask> assertion, TimeSpan? duration, TimeSpan? interval, bool sync, CancellationToken cancellation)
    {
        var holds = await Poll(
            async () =>
            {
                try
                {
                    await assertion();
                    return true;
                }
                catch (Exception)
                {
                    return false;
                }
            },
            RemainingOrDilated(duration), interval, sync, cancellation);
        // The last word is the assertion's own.
        if (!holds) await assertion();
        return Done.Instance;
    }

    private static async ValueTask<bool> Poll(Func<ValueTask<bool>> condition, TimeSpan max, TimeSpan? interval, bool sync, CancellationToken cancellation)
    {
        var end = Now + max;
        while (!await condition())
        {
            if (Now >= end) return false;
            var pause = interval ?? DefaultInterval;
            if (sync) cancellation.WaitHandle.WaitOne(pause);
            else await Task.Delay(pause, cancellation);
            cancellation.ThrowIfCancellationRequested();
        }
        return true;
    }
}
