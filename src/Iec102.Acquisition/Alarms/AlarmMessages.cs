using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Alarms;

/// <summary>Where the alarms are kept: of several nodes one keeps them.</summary>
public enum AlarmKeeping
{
    /// <summary>Another node keeps them, or none is known to.</summary>
    Elsewhere,

    /// <summary>This node keeps them.</summary>
    Here,

    /// <summary>The nodes do not see each other, since their database is away: whoever keeps the alarms goes on.</summary>
    Unknown,
}

/// <summary>What the alarms follow from, at one moment.</summary>
/// <param name="Verdicts">The verdicts.</param>
/// <param name="Fleet">The fleet that they are of.</param>
public sealed record AlarmSight(FleetVerdicts Verdicts, FleetConfiguration Fleet);

/// <summary>What the actor of the alarms works with.</summary>
/// <param name="Look">Looks at the fleet; null while that is not known yet.</param>
/// <param name="Keeping">Whether this node keeps the alarms, at the moment of a call.</param>
/// <param name="Table">Where they outlive the process.</param>
/// <param name="Time">The clock.</param>
public sealed record AlarmSetup(Func<Task<AlarmSight?>> Look, Func<AlarmKeeping> Keeping, IAlarmTable Table, TimeProvider Time)
{
    /// <summary>Where the alarms are shown to those who look without asking.</summary>
    public AlarmView View { get; init; } = new();

    /// <summary>The ways on which a change is to be sent.</summary>
    public Func<AlarmChange, IEnumerable<string>> Ways { get; init; } = _ => [];
}

/// <summary>A message that is to be sent of an alarm.</summary>
/// <param name="Way">The way on which it is sent.</param>
/// <param name="Change">What it says.</param>
public sealed record WaitingNotice(string Way, AlarmChange Change);

// Commands to the AlarmActor.

/// <summary>Asks for all alarms; answered by <see cref="AlarmList"/>, or <see cref="AlarmsElsewhere"/>.</summary>
public sealed record GetAlarms;

/// <summary>Somebody has seen an alarm; answered by <see cref="AlarmAnswer"/>, or <see cref="AlarmsElsewhere"/>.</summary>
/// <param name="Id">The alarm's id.</param>
/// <param name="Who">Who it was.</param>
public sealed record AcknowledgeAlarm(string Id, string Who);

/// <summary>
/// Nothing is to be sent of an alarm for a while; answered by <see cref="AlarmAnswer"/>, or <see cref="AlarmsElsewhere"/>.
/// </summary>
/// <param name="Id">The alarm's id.</param>
/// <param name="Time">For how long; zero ends it.</param>
public sealed record ShelveAlarm(string Id, Duration Time);

/// <summary>Somebody writes about an alarm; answered by <see cref="AlarmAnswer"/>, or <see cref="AlarmsElsewhere"/>.</summary>
/// <param name="Id">The alarm's id.</param>
/// <param name="Text">What; null to take it back.</param>
public sealed record NoteAlarm(string Id, string? Text);

/// <summary>
/// From now on the sender wants to be sent each <see cref="AlarmChange"/>. Not answered; watching twice is the same as watching once. A
/// watcher that has stopped is forgotten; all are forgotten when the actor is restarted.
/// </summary>
/// <param name="AndKeeping">It also wants to be sent <see cref="AlarmsKept"/>: at once, and whenever that changes.</param>
public sealed record WatchAlarms(bool AndKeeping = false);

// Answers of the AlarmActor.

/// <summary>Answer to <see cref="GetAlarms"/>.</summary>
/// <param name="Alarms">The alarms, as <see cref="AlarmBook.Alarms"/> sorts them.</param>
public sealed record AlarmList(IReadOnlyList<Alarm> Alarms);

/// <summary>Answer to a command about one alarm.</summary>
/// <param name="Alarm">The alarm after it; null when there is no such alarm.</param>
public sealed record AlarmAnswer(Alarm? Alarm);

/// <summary>Whether this node keeps the alarms, from now on.</summary>
/// <param name="Here">It does.</param>
public sealed record AlarmsKept(bool Here);

/// <summary>Another node keeps the alarms.</summary>
public sealed record AlarmsElsewhere;
