using Akka.Actor;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// One timer for everything that an actor waits for. Most moments move away with every frame, so a timer that is early enough is left as it
/// is: when it fires too early, it is set again.
/// </summary>
/// <param name="timers">The timers of the actor, which has them only once it has been created.</param>
internal sealed class WakeUp(Func<ITimerScheduler> timers)
{
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);

    private TimeSpan? _at;

    /// <summary>Sent to the actor when the moment has come.</summary>
    public sealed record Due
    {
        public static readonly Due Instance = new();
    }

    /// <summary>To be called for each <see cref="Due"/>.</summary>
    public void Fired() => _at = null;

    /// <summary>The actor wants to be woken at this moment; null when it waits for nothing.</summary>
    public void At(TimeSpan? moment, TimeSpan now)
    {
        if (moment is not { } at || _at <= at)
            return;
        _at = at;
        var wait = at - now;
        timers().StartSingleTimer(nameof(WakeUp), Due.Instance, wait > LeastWait ? wait : LeastWait);
    }
}
