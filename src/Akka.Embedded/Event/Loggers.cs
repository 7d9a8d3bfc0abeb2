using Akka.Actor;

namespace Akka.Event;

/// <summary>The first message of a logging actor; it answers <see cref="LoggerInitialized"/>.</summary>
public class InitializeLogger : INoSerializationVerificationNeeded
{
    public InitializeLogger(LoggingBus loggingBus) => LoggingBus = loggingBus;

    public LoggingBus LoggingBus { get; }
}

/// <summary>A logging actor is ready.</summary>
public class LoggerInitialized : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>Writes log events to the standard output; what a system does that was told nothing else.</summary>
internal sealed class DefaultLogger : ReceiveActor
{
    public DefaultLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(log => Console.Out.WriteLine(log));
    }
}

/// <summary>Writes log events to the standard output at once, for the times when no logging actor lives.</summary>
internal sealed class StandardOutLogger(ActorSystemImpl system) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", system.Name), "/_stdout");

    internal override ActorSystemImpl OwnSystem => system;

    public override void Tell(object message, IActorRef? sender) => Console.Out.WriteLine(message);
}

/// <summary>Logs dead letters and unhandled messages, the first few of them.</summary>
internal sealed class DeadLetterLog(ActorSystemImpl system, int limit) : MinimalActorRef
{
    private int _count;

    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", system.Name), "/_deadLetterLog");

    internal override ActorSystemImpl OwnSystem => system;

    public override void Tell(object message, IActorRef? sender)
    {
        if (message is not AllDeadLetters letter) return;
        var count = Interlocked.Increment(ref _count);
        if (count > limit) return;
        var what = letter is UnhandledMessage ? "was unhandled" : "was not delivered";
        var last = count == limit ? "; no more of them will be logged" : "";
        Logging.GetLogger(system, letter.Recipient).Info("Message [{0}] from {1} to {2} {3}. [{4}] dead letters encountered{5}.",
            [letter.Message.GetType().Name, letter.Sender, letter.Recipient, what, count, last]);
    }
}

/// <summary>Sets up the logging of a system as its settings say.</summary>
internal static class LoggerStarter
{
    private static readonly LogLevel[] Levels = [LogLevel.DebugLevel, LogLevel.InfoLevel, LogLevel.WarningLevel, LogLevel.ErrorLevel];

    public static void Start(ActorSystemImpl system)
    {
        var number = 0;
        foreach (var name in system.Settings.Loggers)
        {
            var type = TypeNames.Find(name);
            var logger = system.SystemActorOf(Props.Create(type), $"log{++number}-{type.Name}");
            logger.Tell(new InitializeLogger(system.EventStream), system.DeadLetters);
            Subscribe(system, logger, system.EventStream.LogLevel);
        }
        if (system.Settings.LogDeadLetters == 0) return;
        var deadLetterLog = new DeadLetterLog(system, system.Settings.LogDeadLetters);
        system.EventStream.Subscribe<DeadLetter>(deadLetterLog);
        system.EventStream.Subscribe<UnhandledMessage>(deadLetterLog);
    }

    /// <summary>Takes over when the logging actors are about to end.</summary>
    public static void FallBackToStandardOutput(ActorSystemImpl system) =>
        Subscribe(system, new StandardOutLogger(system), Logging.LogLevelFor(system.Settings.StdoutLogLevel));

    private static void Subscribe(ActorSystemImpl system, IActorRef logger, LogLevel from)
    {
        foreach (var level in Levels)
        {
            if (level >= from) system.EventStream.Subscribe(logger, level.ClassFor());
        }
    }
}
