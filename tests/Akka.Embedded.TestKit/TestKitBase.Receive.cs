namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Result(Take(RemainingOrDilated(max), sync: true, cancellationToken))?.Message;

    public async ValueTask<object?> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await Take(RemainingOrDilated(max), sync: false, cancellationToken))?.Message;

    public object? PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (_peeked ??= Result(_received.Take(RemainingOrDilated(max), sync: true, cancellationToken)))?.Message;

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        Result(ReceiveNCore(numberOfMessages, RemainingOrDefault, sync: true, cancellationToken));

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Result(ReceiveNCore(numberOfMessages, Dilated(max), sync: true, cancellationToken));

    public IReadOnlyList<T> ReceiveWhile<T>(Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default)
    {
        var taken = new List<T>();
        var end = Now + RemainingOrDilated(max);
        while (taken.Count < msgs && Now < end)
        {
            var wait = idle is { } pause && pause < end - Now ? pause : end - Now;
            if ((_peeked ??= Result(_received.Take(wait, sync: true, cancellationToken))) is not { } next) break;
            if (next.Message is T typed ? !shouldContinue(typed) : !shouldIgnoreOtherMessageTypes) break;
            Accept(next);
            if (next.Message is T kept) taken.Add(kept);
        }
        return taken;
    }

    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, max, hint, cancellationToken);

    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default) =>
        Result(FishCore(isMessage, max, hint, sync: true, cancellationToken));

    public ValueTask<object> FishForMessageAsync(Predicate<object> isMessage, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync<object>(isMessage, max, hint, cancellationToken);

    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default) =>
        FishCore(isMessage, max, hint, sync: false, cancellationToken);

    public async Task FishUntilMessageAsync<T>(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        await FishCore<T>(_ => true, max, null, sync: false, cancellationToken);

    private async ValueTask<ReceivedEnvelope?> Take(TimeSpan max, bool sync, CancellationToken cancellation)
    {
        var envelope = _peeked ?? await _received.Take(max, sync, cancellation);
        if (envelope is not null) Accept(envelope);
        return envelope;
    }

    private void Accept(ReceivedEnvelope envelope)
    {
        _peeked = null;
        _last = envelope;
    }

    private async ValueTask<IReadOnlyCollection<object>> ReceiveNCore(int count, TimeSpan max, bool sync, CancellationToken cancellation)
    {
        var end = Now + max;
        var messages = new List<object>();
        while (messages.Count < count)
        {
            var left = end - Now;
            if (await Take(left > TimeSpan.Zero ? left : TimeSpan.Zero, sync, cancellation) is not { } next)
            {
                Fail($"Timeout ({max}) while expecting {count} messages. Only got {messages.Count}: {string.Join(", ", messages)}", null);
                break;
            }
            messages.Add(next.Message);
        }
        return messages;
    }

    private async ValueTask<T> FishCore<T>(Predicate<T> isMessage, TimeSpan? max, string? hint, bool sync, CancellationToken cancellation)
    {
        var limit = RemainingOrDilated(max);
        var end = Now + limit;
        for (var left = limit; left > TimeSpan.Zero; left = end - Now)
        {
            if (await Take(left, sync, cancellation) is { Message: T typed } && isMessage(typed)) return typed;
        }
        Fail($"Timeout ({limit}) while fishing for a message of type {typeof(T)}.", hint);
        return default!;
    }
}
