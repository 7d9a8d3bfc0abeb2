using Akka.Actor;

namespace Akka.TestKit;

/// <summary>A message that came to a test, and who told it.</summary>
public abstract class MessageEnvelope
{
    private protected MessageEnvelope()
    {
    }

    public abstract object Message { get; }

    public abstract IActorRef Sender { get; }
}

internal sealed class ReceivedEnvelope(object message, IActorRef sender) : MessageEnvelope
{
    public override object Message { get; } = message;

    public override IActorRef Sender { get; } = sender;

    public override string ToString() => $"<{Message}> from {Sender}";
}

/// <summary>The nothing that came.</summary>
internal sealed class NoEnvelope : MessageEnvelope
{
    public static readonly NoEnvelope Instance = new();

    public override object Message => null!;

    public override IActorRef Sender => null!;
}
