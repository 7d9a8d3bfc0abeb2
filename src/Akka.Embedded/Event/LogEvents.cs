using Akka.Actor;

namespace Akka.Event;

/// <summary>How much a log event matters.</summary>
public enum LogLevel
{
    DebugLevel = 0,
    InfoLevel = 1,
    WarningLevel = 2,
    ErrorLevel = 3,
}

/// <summary>One thing to be logged, published on the event stream.</summary>
public abstract class LogEvent : INoSerializationVerificationNeeded
{
    internal LogEvent(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
        Thread = Thread.CurrentThread;
    }

    public Exception? Cause { get; protected set; }

    /// <summary>When it was published, in UTC.</summary>
    public DateTime Timestamp { get; private set; }

    public Thread Thread { get; }

    /// <summary>Whose event it is; for an actor its path.</summary>
    public string LogSource { get; protected set; }

    public Type LogClass { get; protected set; }

    public object Message { get; protected set; }

    public abstract LogLevel LogLevel();

    public override string ToString()
    {
        var text = $"[{LogLevel().StringFor()}][{Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ}][{LogSource}] {Message}";
        return Cause is null ? text : text + Environment.NewLine + "Cause: " + Cause;
    }

    internal void Stamp(DateTime now) => Timestamp = now;
}

/// <summary>Something failed.</summary>
public class Error : LogEvent
{
    internal Error(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}

/// <summary>Something needs attention.</summary>
public class Warning : LogEvent
{
    internal Warning(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}

/// <summary>Something worth knowing.</summary>
public class Info : LogEvent
{
    internal Info(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}

/// <summary>Something for those who look for a fault.</summary>
public class Debug : LogEvent
{
    internal Debug(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

/// <summary>A message whose text is made only when somebody reads it.</summary>
public abstract class LogMessage
{
    private protected LogMessage(string format) => Format = format;

    public string Format { get; }

    public abstract IEnumerable<object> Parameters();
}

internal sealed class FormattedLogMessage(string format, object?[] arguments) : LogMessage(format)
{
    public override IEnumerable<object> Parameters() => arguments!;

    public override string ToString()
    {
        try
        {
            return string.Format(Format, arguments);
        }
        catch (FormatException)
        {
            // The text of a log call is no reason to lose what it says.
            return $"{Format} [{string.Join(", ", arguments)}]";
        }
    }
}
