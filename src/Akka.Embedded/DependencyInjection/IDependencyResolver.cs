using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;

namespace Akka.DependencyInjection;

/// <summary>The services of the host, and actors whose constructors take some of them.</summary>
public interface IDependencyResolver
{
    T? GetService<T>();

    object? GetService(Type type);

    Props Props<T>(params object[] args)
        where T : ActorBase;

    Props Props(Type type, params object[] args);
}

/// <summary>Resolves from a service provider.</summary>
internal sealed class ServiceProviderDependencyResolver(IServiceProvider services) : IDependencyResolver
{
    public T? GetService<T>() => services.GetService<T>();

    public object? GetService(Type type) => services.GetService(type);

    public Props Props<T>(params object[] args)
        where T : ActorBase => Props(typeof(T), args);

    public Props Props(Type type, params object[] args) => Actor.Props.CreateBy(new Producer(services, type, args));

    private sealed class Producer(IServiceProvider services, Type type, object[] arguments) : IIndirectActorProducer
    {
        public Type ActorType => type;

        public ActorBase Produce() => (ActorBase)ActivatorUtilities.CreateInstance(services, type, arguments);

        public void Release(ActorBase actor)
        {
        }
    }
}
