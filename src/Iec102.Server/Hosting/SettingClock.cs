using Akka.Event;
using Iec102.Acquisition;

namespace Iec102.Server.Hosting;

/// <summary>
/// This computer's clock, by which the server sets meters' clocks. If it is not known whether it is synchronised, it counts as not
/// synchronised. The log reports its state when it is first asked for and whenever it changes.
/// </summary>
/// <param name="ask">Returns whether the clock is synchronised; null if this is not known.</param>
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
