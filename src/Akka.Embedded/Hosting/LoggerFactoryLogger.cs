using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting.Logging;

/// <summary>Tells a new actor system which logging its <see cref="LoggerFactoryLogger"/> writes to.</summary>
public class LoggerFactorySetup(ILoggerFactory loggerFactory) : Setup
{
    public ILoggerFactory LoggerFactory { get; } = loggerFactory;
}

/// <summary>
/// Hands log events to Microsoft.Extensions.Logging, all under the category of the actor system. The text is shorter than that of Akka.Hosting, which begins
/// each with time, thread and path.
/// </summary>
public class LoggerFactoryLogger : ActorBase
{
    private readonly ILogger _logger;

    public LoggerFactoryLogger()
    {
        var setup = Context.System.Settings.Setup.Get<LoggerFactorySetup>();
        if (!setup.HasValue) throw new ActorInitializationException($"{nameof(LoggerFactoryLogger)} needs a {nameof(LoggerFactorySetup)}.");
        _logger = setup.Value.LoggerFactory.CreateLogger<ActorSystem>();
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent log:
                Log(log);
                return true;
            default:
                return false;
        }
    }

    private void Log(LogEvent log)
    {
        // Operators read messages; where an exception came from is for whoever mends it.
        if (log.Cause is null)
            _logger.Log(LevelOf(log.LogLevel()), "{Message}", log.Message);
        else
            _logger.Log(LevelOf(log.LogLevel()), log.Cause, "[{LogSource}] {Message}", log.LogSource, log.Message);
    }

    private static Microsoft.Extensions.Logging.LogLevel LevelOf(Event.LogLevel level) => level switch
    {
        Event.LogLevel.DebugLevel => Microsoft.Extensions.Logging.LogLevel.Debug,
        Event.LogLevel.InfoLevel => Microsoft.Extensions.Logging.LogLevel.Information,
        Event.LogLevel.WarningLevel => Microsoft.Extensions.Logging.LogLevel.Warning,
        _ => Microsoft.Extensions.Logging.LogLevel.Error,
    };
}
