using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Runs an action and expects the chosen events from it.</summary>
public interface IEventFilterApplier
{
    /// <summary>Chooses further events: any of them counts.</summary>
    EventFilterFactory And { get; }

    void ExpectOne(Action action);

    void ExpectOne(TimeSpan timeout, Action action);

    void Expect(int expectedCount, Action action);

    void Expect(int expectedCount, TimeSpan timeout, Action action);

    T ExpectOne<T>(Func<T> func);

    T Expect<T>(int expectedCount, Func<T> func);

    Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);

    Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default);

    Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default);
}

internal sealed class EventFilterApplier(TestKitBase testkit, ActorSystem system, IReadOnlyList<Predicate<object>> filters) : IEventFilterApplier
{
    public EventFilterFactory And => new(testkit, system, filters);

    public void ExpectOne(Action action) => Expect(1, action);

    public void ExpectOne(TimeSpan timeout, Action action) => Expect(1, timeout, action);

    public void Expect(int expectedCount, Action action) => Expect(expectedCount, testkit.TestKitSettings.TestEventFilterLeeway, action);

    public void Expect(int expectedCount, TimeSpan timeout, Action action) => Expect(expectedCount, timeout, () =>
    {
        action();
        return Done.Instance;
    });

    public T ExpectOne<T>(Func<T> func) => Expect(1, func);

    public T Expect<T>(int expectedCount, Func<T> func) => Expect(expectedCount, testkit.TestKitSettings.TestEventFilterLeeway, func);

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) => ExpectAsync(1, actionAsync, cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, action, cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, testkit.TestKitSettings.TestEventFilterLeeway, actionAsync, cancellationToken);

    public async Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default)
    {
        using var counter = new EventCounter((ActorSystemImpl)system, filters, expectedCount);
        await action();
        await Task.WhenAny(counter.Reached, Task.Delay(testkit.Dilated(timeout), cancellationToken));
        Verify(counter, expectedCount);
    }

    private T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func)
    {
        using var counter = new EventCounter((ActorSystemImpl)system, filters, expectedCount);
        var result = func();
        counter.Reached.Wait(testkit.Dilated(timeout));
        Verify(counter, expectedCount);
        return result;
    }

    private void Verify(EventCounter counter, int expected)
    {
        if (counter.Count != expected) testkit.Fail($"Expected {expected} matching events, got {counter.Count}.", null);
    }
}

/// <summary>Counts the chosen events on the event stream for as long as it lives.</summary>
internal sealed class EventCounter : MinimalActorRef, IDisposable
{
    private readonly IReadOnlyList<Predicate<object>> _filters;
    private readonly int _expected;
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public EventCounter(ActorSystemImpl system, IReadOnlyList<Predicate<object>> filters, int expected)
    {
        OwnSystem = system;
        _filters = filters;
        _expected = expected;
        Path = system.TempPath / ("filter" + system.NextUid());
        system.EventStream.Subscribe<LogEvent>(this);
        system.EventStream.Subscribe<DeadLetter>(this);
    }

    public override ActorPath Path { get; }

    internal override ActorSystemImpl OwnSystem { get; }

    /// <summary>Completes with the last expected event; when none is expected, with the first.</summary>
    public Task Reached => _reached.Task;

    public int Count => Volatile.Read(ref _count);

    public override void Tell(object message, IActorRef? sender)
    {
        if (!_filters.Any(filter => filter(message))) return;
        if (Interlocked.Increment(ref _count) == Math.Max(_expected, 1)) _reached.TrySetResult();
    }

    public void Dispose() => OwnSystem.EventStream.Unsubscribe(this);
}
