using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(Expect<T>(duration, null, hint, sync: true, cancellationToken));

    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(Expect<T>(timeout, (got, _) => MustEqual(message, got, hint), hint, sync: true, cancellationToken));

    public T ExpectMsg<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(Expect<T>(timeout, (got, _) => _assertions.AssertEqual(expected, got, comparer, hint ?? ""), hint, sync: true, cancellationToken));

    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(Expect<T>(timeout, (got, _) => MustMatch(isMessage(got), got, hint), hint, sync: true, cancellationToken));

    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(Expect<T>(timeout, (got, _) => assert(got), hint, sync: true, cancellationToken));

    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(Expect<T>(timeout, (got, sender) => MustMatch(isMessageAndSender(got, sender), got, hint), hint, sync: true, cancellationToken));

    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(Expect(timeout, assertMessageAndSender, hint, sync: true, cancellationToken));

    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(duration, null, hint, sync: false, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(timeout, (got, _) => MustEqual(message, got, hint), hint, sync: false, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(timeout, (got, _) => MustMatch(isMessage(got), got, hint), hint, sync: false, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(timeout, (got, _) => assert(got), hint, sync: false, cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(Expect<T>(duration, (_, from) => MustEqual(sender, from, hint), hint, sync: true, cancellationToken));

    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(Expect<T>(timeout, (got, from) =>
        {
            MustEqual(sender, from, hint);
            MustEqual(message, got, hint);
        }, hint, sync: true, cancellationToken));

    public T ExpectMsgFrom<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(Expect<T>(timeout, (got, from) =>
        {
            MustEqual(sender, from, hint);
            MustMatch(isMessage(got), got, hint);
        }, hint, sync: true, cancellationToken));

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => ExpectAll(RemainingOrDefault, messages);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) => ExpectAll(Dilated(max), messages);

    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Result(Expect<T>(null, (got, _) => MustMatch(messages.Contains(got), got, "none of the expected"), null, sync: true, cancellationToken));

    public void ExpectNoMsg(CancellationToken cancellationToken = default) =>
        ExpectNoMsg(RemainingOr(Dilated(TestKitSettings.ExpectNoMessageDefault)), cancellationToken);

    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        Result(ExpectNone(Dilated(duration), sync: true, cancellationToken));

    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public async ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        await ExpectNone(Dilated(duration), sync: false, cancellationToken);

    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(Expect<Terminated>(timeout, (got, _) => MustEqual(target, got.ActorRef, hint), hint ?? $"Terminated of {target}", sync: true, cancellationToken));

    public ValueTask<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<Terminated>(timeout, (got, _) => MustEqual(target, got.ActorRef, hint), hint ?? $"Terminated of {target}", sync: false, cancellationToken);

    private async ValueTask<T> Expect<T>(TimeSpan? timeout, Action<T, IActorRef>? check, string? hint, bool sync, CancellationToken cancellation)
    {
        var limit = RemainingOrDilated(timeout);
        var envelope = await Take(limit, sync, cancellation);
        if (envelope is null) Fail($"Timeout {limit} while waiting for a message of type {typeof(T)}.", hint);
        if (envelope!.Message is not T typed)
        {
            Fail($"Expected a message of type {typeof(T)}, but received {envelope.Message} of type {envelope.Message.GetType()} from {envelope.Sender}.", hint);
            return default!;
        }
        check?.Invoke(typed, envelope.Sender);
        return typed;
    }

    private async ValueTask<Done> ExpectNone(TimeSpan duration, bool sync, CancellationToken cancellation)
    {
        if (await Take(duration, sync, cancellation) is { } got) Fail($"Expected no messages during {duration}, instead received {got}.", null);
        return Done.Instance;
    }

    private T[] ExpectAll<T>(TimeSpan max, T[] messages)
    {
        var missing = messages.ToList();
        var got = Result(ReceiveNCore(messages.Length, max, sync: true, CancellationToken.None));
        foreach (var message in got)
        {
            if (message is not T typed || !missing.Remove(typed)) Fail($"Received {message}, which was not expected; missing: {string.Join(", ", missing)}.", null);
        }
        return [.. got.Cast<T>()];
    }

    private void MustEqual<T>(T expected, T got, string? hint) => _assertions.AssertEqual(expected, got, hint ?? "");

    private void MustMatch<T>(bool matches, T got, string? hint)
    {
        if (!matches) Fail($"Got a message of the expected type <{typeof(T)}>, but it does not match: {got}.", hint);
    }
}
