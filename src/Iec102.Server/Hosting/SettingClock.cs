using Akka.Event;
using Iec102.Acquisition;

namespace Iec102.Server.Hosting;

/// <summary>
/// The clock by which the server sets meters' clocks, which is this computer's. One of which it cannot be told whether it is synchronised counts as one
/// that is not. The log says what it is when that is asked first, and when it changes.
/// </summary>
/// <param name="ask">Whether it is synchronised; null where that cannot be told.</param>
/// <param name="log">The log.</param>
internal sealed class SettingClock(Func<bool?> ask, ILoggingAdapter log) : IHostClock
{
    private readonly Lock _gate = new();
    private (bool Asked, bool? Is) _said;

    /// <inheritdoc/>
    public bool IsSynchronised
    {
        get
        {
            var state = ask();
            lock (_gate)
            {
                if (_said != (true, state))
                    Say(state);
                _said = (true, state);
            }

            return state == true;
        }
    }

    private void Say(bool? state)
    {
        if (state == true)
            log.Info(LogEvents.HostClockSynchronised);
        else if (state == false)
            log.Warning(LogEvents.HostClockNotSynchronised);
        else
            log.Warning(LogEvents.HostClockUnknown);
    }
}
