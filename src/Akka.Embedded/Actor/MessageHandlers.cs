namespace Akka.Actor;

/// <summary>Handlers by message type, tried in the order in which they were added; a handler for any message closes the list.</summary>
internal sealed class MessageHandlers
{
    private readonly List<Func<object, bool>> _handlers = [];
    private bool _closed;

    public void Add<T>(Action<T> handler, Predicate<T>? shouldHandle)
    {
        Add(message =>
        {
            if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed))) return false;
            handler(typed);
            return true;
        });
        if (typeof(T) == typeof(object) && shouldHandle is null) _closed = true;
    }

    public void Add<T>(Func<T, bool> handler) => Add(message => message is T typed && handler(typed));

    public void Add(Type messageType, Action<object> handler, Predicate<object>? shouldHandle) => Add(message =>
    {
        if (!messageType.IsInstanceOfType(message) || (shouldHandle is not null && !shouldHandle(message))) return false;
        handler(message);
        return true;
    });

    public void Add(Type messageType, Func<object, bool> handler) => Add(message => messageType.IsInstanceOfType(message) && handler(message));

    public void AddAny(Action<object> handler) => Add<object>(handler, null);

    public bool Handle(object message)
    {
        foreach (var handler in _handlers)
        {
            if (handler(message)) return true;
        }
        return false;
    }

    private void Add(Func<object, bool> handler)
    {
        if (_closed) throw new InvalidOperationException("A handler that catches all messages has been added. No handler can be added after that.");
        _handlers.Add(handler);
    }
}
