using System.Linq.Expressions;
using System.Reflection;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Makes actor instances; for those who need more than a constructor call.</summary>
public interface IIndirectActorProducer
{
    Type ActorType { get; }

    ActorBase Produce();

    void Release(ActorBase actor);
}

/// <summary>How to create an actor, as often as restarts need it. Immutable.</summary>
public class Props
{
    private readonly ConstructorInfo? _constructor;
    private readonly IIndirectActorProducer? _producer;

    private Props(Type type, object?[] arguments, ConstructorInfo? constructor = null, IIndirectActorProducer? producer = null,
        SupervisorStrategy? strategy = null, Dispatcher? dispatcher = null)
    {
        if (!typeof(ActorBase).IsAssignableFrom(type)) throw new ArgumentException($"{type} is not an actor.", nameof(type));
        Type = type;
        Arguments = arguments;
        SupervisorStrategy = strategy;
        _constructor = constructor;
        _producer = producer;
        OwnDispatcher = dispatcher;
    }

    public Type Type { get; }

    public object?[] Arguments { get; }

    public SupervisorStrategy? SupervisorStrategy { get; }

    /// <summary>Where the actor runs, when not where its system does.</summary>
    internal Dispatcher? OwnDispatcher { get; }

    public static Props Create<TActor>(params object?[] args)
        where TActor : ActorBase => new(typeof(TActor), args);

    public static Props Create(Type type, params object?[] args) => new(type ?? throw new ArgumentNullException(nameof(type)), args);

    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        if (factory.Body is not NewExpression creation)
            throw new ArgumentException("The create function must be a 'new T (parameters)' expression", nameof(factory));
        return new Props(typeof(TActor), [.. creation.Arguments.Select(Evaluate)], creation.Constructor, strategy: supervisorStrategy);
    }

    public static Props CreateBy(IIndirectActorProducer producer, params object?[] args) => new(producer.ActorType, args, producer: producer);

    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) =>
        new(Type, Arguments, _constructor, _producer, supervisorStrategy, OwnDispatcher);

    internal Props WithDispatcher(Dispatcher dispatcher) => new(Type, Arguments, _constructor, _producer, SupervisorStrategy, dispatcher);

    public virtual ActorBase NewActor()
    {
        if (_producer is not null) return _producer.Produce();
        try
        {
            return (ActorBase)(_constructor is not null
                ? _constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, Arguments, null)
                : Activator.CreateInstance(Type, BindingFlags.Public | BindingFlags.Instance | BindingFlags.DoNotWrapExceptions, null, Arguments, null)!);
        }
        catch (MissingMethodException missing)
        {
            var arguments = string.Join(", ", Arguments.Select(argument => argument?.GetType().ToString() ?? "null"));
            throw new TypeLoadException($"{Type} has no public constructor that takes ({arguments}).", missing);
        }
    }

    /// <summary>An argument's value now; constants and captured variables need no compiling.</summary>
    private static object? Evaluate(Expression argument) => argument switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field, Expression: ConstantExpression captured } => field.GetValue(captured.Value),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(argument, typeof(object))).Compile(preferInterpretation: true)(),
    };
}
