using System.Diagnostics.CodeAnalysis;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Anything that takes messages: an actor or a selection of actors.</summary>
public interface ICanTell
{
    void Tell(object message, IActorRef? sender);
}

/// <summary>A handle to an actor. It stays valid for one life of the actor, restarts included.</summary>
public interface IActorRef : ICanTell, IComparable<IActorRef>, IEquatable<IActorRef>, IComparable
{
    ActorPath Path { get; }
}

/// <summary>What the runtime itself needs of every handle.</summary>
internal interface IInternalActorRef : IActorRef
{
    /// <summary>The system it belongs to; <see cref="Nobody"/> belongs to none.</summary>
    ActorSystemImpl? System { get; }

    void SendSystemMessage(SystemMessage message);
}

/// <summary>Identity and order of handles: the path and the uid of the actor's life.</summary>
public abstract class InternalActorRefBase : IInternalActorRef
{
    internal InternalActorRefBase()
    {
    }

    public abstract ActorPath Path { get; }

    ActorSystemImpl? IInternalActorRef.System => OwnSystem;

    internal abstract ActorSystemImpl? OwnSystem { get; }

    public abstract void Tell(object message, IActorRef? sender);

    void IInternalActorRef.SendSystemMessage(SystemMessage message) => ReceiveSystemMessage(message);

    internal abstract void ReceiveSystemMessage(SystemMessage message);

    public bool Equals(IActorRef? other) =>
        ReferenceEquals(this, other) || (other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    public override bool Equals(object? obj) => Equals(obj as IActorRef);

    public override int GetHashCode() => Path.Uid == 0 ? Path.GetHashCode() : Path.Uid.GetHashCode();

    public int CompareTo(IActorRef? other)
    {
        if (other is null) return 1;
        var byPath = Path.CompareTo(other.Path);
        return byPath != 0 ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    int IComparable.CompareTo(object? obj) => CompareTo(obj as IActorRef);

    public override string ToString() => $"[{Path.ToStringWithUid()}]";
}

/// <summary>A handle without an actor behind it.</summary>
public abstract class MinimalActorRef : InternalActorRefBase
{
    internal MinimalActorRef()
    {
    }

    internal override void ReceiveSystemMessage(SystemMessage message)
    {
        if (message is Watch watch) watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: false));
    }
}

/// <summary>The handle that stands for no actor: it swallows what it is told.</summary>
public sealed class Nobody : MinimalActorRef
{
    public static readonly Nobody Instance = new();

    private Nobody()
    {
    }

    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "all-systems"));

    internal override ActorSystemImpl? OwnSystem => null;

    public override void Tell(object message, IActorRef? sender)
    {
    }

    internal override void ReceiveSystemMessage(SystemMessage message)
    {
    }
}

/// <summary>The two absences: no actor, and no sender.</summary>
public static class ActorRefs
{
    public static readonly Nobody Nobody = Nobody.Instance;

    public static readonly IActorRef? NoSender;
}

/// <summary>Questions to a handle that may be absent.</summary>
public static class ActorRefExtensions
{
    public static bool IsNobody([NotNullWhen(false)] this IActorRef? actorRef) => actorRef is null or Nobody or DeadLetterActorRef;

    public static IActorRef GetOrElse(this IActorRef? actorRef, Func<IActorRef> elseValue) => actorRef.IsNobody() ? elseValue() : actorRef;
}

/// <summary>Telling without naming the sender: it is the actor that runs on this thread, if any.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Who stands in as the sender of code outside any actor: the test kit puts the test actor here.</summary>
    internal static readonly AsyncLocal<IActorRef?> SenderOutsideActors = new();

    public static void Tell(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.Current is { } cell ? cell.Self : SenderOutsideActors.Value);

    public static void Forward(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.Current?.Sender);
}

internal static class InternalActorRefExtensions
{
    public static void SendSystemMessage(this IActorRef actor, SystemMessage message) => ((IInternalActorRef)actor).SendSystemMessage(message);

    public static void Stop(this IActorRef actor) => actor.SendSystemMessage(new Terminate());
}
