using Iec102.Acquisition.Verdicts;
using NodaTime;

namespace Iec102.Acquisition.Alarms;

/// <summary>
/// The alarms as anybody may read them at any moment without asking an actor. The node that keeps them has them as they are; any other has
/// them as they were last stored, and the last failure in them is that of when they changed.
/// </summary>
public sealed class AlarmView
{
    private volatile IReadOnlyList<Alarm> _alarms = [];

    /// <summary>The alarms; the same list for as long as nothing has changed.</summary>
    public IReadOnlyList<Alarm> Alarms
    {
        get => _alarms;
        internal set => _alarms = _alarms.SequenceEqual(value) ? _alarms : value;
    }

    /// <summary>
    /// Since when a problem stands that has an alarm: the alarm outlives a restart of the server, and a problem that goes and comes back
    /// before that is cleared. Null when it has none.
    /// </summary>
    public Instant? Since(AlarmSubject subject) => _alarms.FirstOrDefault(alarm => alarm.IsActive && alarm.Subject == subject)?.Since;

    /// <summary>The verdicts with the times of the alarms, so that whoever is told of a problem is told one time.</summary>
    public FleetVerdicts Date(FleetVerdicts verdicts)
    {
        var since = _alarms.Where(alarm => alarm.IsActive).ToDictionary(alarm => alarm.Subject, alarm => alarm.Since);
        return since.Count == 0
            ? verdicts
            : verdicts.WithSince(problem => since.TryGetValue(AlarmSubject.Of(problem), out var time) ? time : null);
    }
}
