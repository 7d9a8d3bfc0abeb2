namespace Akka.Actor.Internal;

/// <summary>An actor that has something to complete between its constructor and its start.</summary>
public interface IInitializableActor
{
    void Init();
}
