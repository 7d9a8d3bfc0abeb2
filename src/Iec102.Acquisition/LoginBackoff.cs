using NodaTime;

namespace Iec102.Acquisition;

/// <summary>When a meter that refused its login, or showed another serial number, is tried again: after 15 min, 1 h, then daily.</summary>
public sealed class LoginBackoff
{
    private static readonly Duration[] Waits = [Duration.FromMinutes(15), Duration.FromHours(1), Duration.FromDays(1)];
    private int _failures;

    /// <summary>A login failed: how long to wait.</summary>
    public Duration NextWait() => Waits[Math.Min(_failures++, Waits.Length - 1)];

    /// <summary>A login succeeded, or an operator asked for one.</summary>
    public void Reset() => _failures = 0;
}
