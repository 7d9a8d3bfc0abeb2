using System.IO.Enumeration;

namespace Akka.Actor;

/// <summary>The actors at a path, looked up each time it is told something. Names may hold the wildcards * and ?.</summary>
public class ActorSelection : ICanTell
{
    private readonly string[] _elements;

    public ActorSelection(IActorRef anchor, string path)
        : this(anchor, path.Split('/', StringSplitOptions.RemoveEmptyEntries))
    {
    }

    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
    {
        Anchor = anchor;
        _elements = [.. elements];
    }

    public IActorRef Anchor { get; }

    public string PathString => "/" + string.Join('/', _elements);

    public void Tell(object message, IActorRef? sender = null)
    {
        sender ??= ActorCell.Current is { } cell ? cell.Self : ActorRefImplicitSenderExtensions.SenderOutsideActors.Value;
        var system = Futures.SystemOf(this);
        var found = false;
        foreach (var actor in Resolve())
        {
            found = true;
            actor.Tell(message, sender);
        }
        if (found) return;
        if (message is Identify identify) (sender ?? system.DeadLetters).Tell(new ActorIdentity(identify.MessageId, null), system.DeadLetters);
        else new EmptyLocalActorRef(system, Anchor.Path / _elements).Tell(message, sender);
    }

    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(this), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException($"There is no actor at {this}.");
        }
        catch (AskTimeoutException timedOut)
        {
            throw new ActorNotFoundException($"No actor answered at {this}.", timedOut);
        }
    }

    public override bool Equals(object? obj) =>
        obj is ActorSelection other && other.Anchor.Equals(Anchor) && other._elements.AsSpan().SequenceEqual(_elements);

    public override int GetHashCode() => HashCode.Combine(Anchor, PathString);

    public override string ToString() => $"ActorSelection[Anchor({Anchor.Path}), Path({PathString})]";

    private IEnumerable<IActorRef> Resolve()
    {
        IEnumerable<IActorRef> found = [Anchor];
        foreach (var element in _elements) found = found.SelectMany(actor => Step(actor, element));
        return found;
    }

    private static IEnumerable<IActorRef> Step(IActorRef actor, string element)
    {
        if (actor is not LocalActorRef local) return [];
        if (element == "..") return [local.Cell.Parent];
        if (element == ".") return [local];
        if (element.AsSpan().IndexOfAny('*', '?') >= 0)
            return local.Cell.GetChildren().Where(child => FileSystemName.MatchesSimpleExpression(element, child.Path.Name, ignoreCase: false));
        return local.Cell.ChildOrNull(element) is { } named ? [named] : [];
    }
}
