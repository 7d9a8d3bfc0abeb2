using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Where the log events of a system go, and from which level on.</summary>
public sealed class LoggerConfigBuilder
{
    internal LoggerConfigBuilder()
    {
    }

    public Event.LogLevel LogLevel { get; set; } = Event.LogLevel.InfoLevel;

    internal List<Type> Loggers { get; } = [typeof(DefaultLogger)];

    internal ILoggerFactory? Factory { get; set; }

    public LoggerConfigBuilder ClearLoggers()
    {
        Loggers.Clear();
        return this;
    }
}

/// <summary>Says where the log events of a system go.</summary>
public static class LoggingExtensions
{
    public static AkkaConfigurationBuilder ConfigureLoggers(this AkkaConfigurationBuilder builder, Action<LoggerConfigBuilder> configurator)
    {
        var loggers = new LoggerConfigBuilder();
        configurator(loggers);
        var classes = string.Join(", ", loggers.Loggers.Select(logger => $"\"{logger.FullName}, {logger.Assembly.GetName().Name}\""));
        builder.AddHocon($"akka {{ loglevel = {loggers.LogLevel.StringFor()}, loggers = [{classes}] }}", HoconAddMode.Prepend);
        builder.LoggerFactory = loggers.Factory;
        return builder;
    }

    /// <summary>To the standard output.</summary>
    public static LoggerConfigBuilder AddDefaultLogger(this LoggerConfigBuilder configBuilder)
    {
        configBuilder.Loggers.Add(typeof(DefaultLogger));
        return configBuilder;
    }

    /// <summary>To the host's own logging.</summary>
    public static LoggerConfigBuilder AddLoggerFactory(this LoggerConfigBuilder configBuilder)
    {
        configBuilder.Loggers.Add(typeof(LoggerFactoryLogger));
        return configBuilder;
    }

    /// <summary>To the loggers that the factory makes.</summary>
    public static LoggerConfigBuilder AddLoggerFactory(this LoggerConfigBuilder configBuilder, ILoggerFactory loggerFactory)
    {
        configBuilder.Factory = loggerFactory;
        return configBuilder.AddLoggerFactory();
    }
}
