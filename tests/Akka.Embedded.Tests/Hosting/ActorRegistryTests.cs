using Akka.Actor;
using Akka.Hosting;

namespace Akka.Embedded.Tests.Hosting;

/// <summary>The registry keeps one actor per key.</summary>
public sealed class ActorRegistryTests
{
    private static readonly IActorRef Actor = ActorRefs.Nobody;

    private readonly ActorRegistry _registry = new();

    [Fact]
    public void A_key_that_is_taken_is_refused_unless_it_is_to_be_overwritten()
    {
        _registry.Register<string>(Actor);
        Should.Throw<DuplicateActorRegistryException>(() => _registry.Register<string>(Actor)).Message.ShouldContain("System.String");
        _registry.TryRegister<string>(Actor).ShouldBeFalse();
        _registry.TryRegister<string>(Actor, overwrite: true).ShouldBeTrue();
    }

    [Fact]
    public void An_unknown_key_is_an_error_that_names_it()
    {
        _registry.TryGet<string>(out _).ShouldBeFalse();
        Should.Throw<MissingActorRegistryEntryException>(() => _registry.Get<string>()).Message.ShouldContain("System.String");
    }

    [Fact]
    public async Task Who_asks_before_the_actor_is_registered_gets_it_when_it_is()
    {
        var asked = _registry.GetAsync<string>();
        asked.IsCompleted.ShouldBeFalse();
        _registry.TryGet<string>(out _).ShouldBeFalse();
        _registry.ShouldBeEmpty();
        _registry.Register<string>(Actor);
        (await asked).ShouldBe(Actor);
        _registry.TryGet<string>(out var found).ShouldBeTrue();
        found.ShouldBe(Actor);
    }

    [Fact]
    public async Task Waiting_for_an_actor_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var asked = _registry.GetAsync<string>(cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<TaskCanceledException>(asked);
    }
}
