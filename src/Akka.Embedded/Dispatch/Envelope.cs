using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>A message on its way to an actor. No sender means: told from outside any actor.</summary>
internal readonly record struct Envelope(object Message, IActorRef? Sender);
