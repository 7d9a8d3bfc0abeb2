using System.Text.Json.Serialization;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;

namespace Iec102.Contract;

/// <summary>An alarm in the API, with the name and site of its meter. Where there are nodes it has the node too.</summary>
public sealed record AlarmModel(
    string Id, string Kind, string Subject, string Cause, string Priority, bool Active, bool Acknowledged, string Since,
    string? ClearedAt, int Count, string? Port, string? Meter, IReadOnlyList<string> Meters, string? LastError, Advice? Advice,
    string? Note, string? AcknowledgedBy, string? AcknowledgedAt, string? ShelvedUntil, string? Name = null, string? Site = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Node = null)
{
    public static AlarmModel Of(Alarm alarm, FleetConfiguration fleet)
    {
        var (zone, meter) = (fleet.TimeZone, alarm.Subject.Kind == AlarmSubjectKind.Meter ? alarm.Subject.Name : null);
        var labels = meter is null ? null : fleet.Meters.FirstOrDefault(one => one.Id == meter)?.Labels;
        return new AlarmModel(
            alarm.Id, Names.Of(alarm.Subject.Kind), alarm.Subject.Name, Names.Of(alarm.Subject.Cause), Names.Of(alarm.Priority),
            alarm.IsActive, alarm.IsAcknowledged, TimeText.Format(alarm.Since, zone), TimeText.Format(alarm.ClearedAt, zone), alarm.Count,
            alarm.Port, meter, alarm.Meters, alarm.LastError, alarm.Advice, alarm.Note, alarm.AcknowledgedBy,
            TimeText.Format(alarm.AcknowledgedAt, zone), TimeText.Format(alarm.ShelvedUntil, zone), labels?.Name, labels?.Site, alarm.Node);
    }
}

/// <summary>The alarms in the API, at a moment.</summary>
public sealed record AlarmsModel(string At, IReadOnlyList<AlarmModel> Alarms);

/// <summary>What happened to an alarm, in the stream and in what is posted; a test has no alarm.</summary>
public sealed record AlarmChangeModel(string Change, string At, AlarmModel? Alarm)
{
    public static AlarmChangeModel Of(AlarmChange change, FleetConfiguration fleet) => new(
        Names.Of(change.Kind), TimeText.Format(change.Alarm.ChangedAt, fleet.TimeZone), AlarmModel.Of(change.Alarm, fleet));
}

/// <summary>For how long to shelve an alarm, in the body of a request.</summary>
public sealed record ShelveModel(double? Hours);

/// <summary>What to note about an alarm, in the body of a request.</summary>
public sealed record NoteModel(string? Text);

/// <summary>One way in which a test message was sent: webhook or email, and why that failed; null when it did not.</summary>
public sealed record AlarmTestModel(string Way, string To, string? Error);
