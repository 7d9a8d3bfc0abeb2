using Akka.Event;

namespace Iec102.Acquisition;

/// <summary>The level at which an event of <see cref="LogEvents"/> is logged.</summary>
/// <param name="level">The level.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class LoggedAtAttribute(LogLevel level) : Attribute
{
    /// <summary>The level.</summary>
    public LogLevel Level { get; } = level;
}
