using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Acquisition.Verdicts;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Server.Api;

/// <summary>What notices look like in the stream: the name of each event and its data.</summary>
/// <param name="node">The server.</param>
/// <param name="meter">Only what concerns this meter and its port; null for everything.</param>
/// <param name="language">The language of texts.</param>
internal sealed class StreamEvents(ServerNode node, string? meter, EventLanguage language)
{
    private FleetConfiguration? _fleet;
    private Dictionary<string, MeterConfiguration> _meters = [];

    /// <summary>The event of a notice; null when it does not concern this client.</summary>
    public (string Name, object Model)? Of(object notice) => notice switch
    {
        CurrentValuesRead read when Concerns(read.Meter) =>
            ("current", CurrentModel.Of(read.Meter, read.Values, ZoneOf(read.Meter), Configuration(read.Meter)?.Orientation ?? default)),
        CurveRecorded recorded when Concerns(recorded.Meter) => ("intervals", new CurveRecordedModel(
            recorded.Meter, recorded.Curve.Name(), recorded.Count, Iso(recorded.First, recorded.Meter),
            Iso(recorded.Last, recorded.Meter))),
        EventsStored stored when Concerns(stored.Meter) => ("events", EventsModel.Of(
            stored.Meter, stored.Events.Select(one => new StoredEvent(stored.Record, one.Event, one.Time, one.Ordinal, 0, stored.ReadAt)),
            ZoneOf(stored.Meter), language)),
        MeterStatus status when Concerns(status.Id) => ("meter", new MeterStateModel(
            status.Id, status.Port, Names.Of(status.State), status.SerialNumber, status.LastSeen is { } seen ? Iso(seen, status.Id) : null,
            status.LastError)),
        PortStatus status when meter is null || Configuration(meter)?.Port == status.Id =>
            ("port", PortModel.Of(status, VerdictOf(status), node.Fleet.TimeZone)),
        AlarmChange { Alarm: var alarm } change when meter is null || alarm.Meters.Contains(meter) || alarm.Subject.Name == meter =>
            ("alarm", AlarmChangeModel.Of(change, node.Fleet)),
        NewsOfNode news => (news.Name, news.Data),
        _ => null,
    };

    private Verdict VerdictOf(PortStatus status)
    {
        var verdict = FleetVerdicts.OfLine(status, SystemClock.Instance.GetCurrentInstant());
        return verdict is { NeedsAction: true, Cause: { } cause }
            ? verdict with { Since = node.AlarmView.Since(new AlarmSubject(AlarmSubjectKind.Port, status.Id, cause)) ?? verdict.Since }
            : verdict;
    }

    private bool Concerns(string id) => meter is null || meter == id;

    private string Iso(Instant time, string id) => TimeText.Format(time, ZoneOf(id));

    private DateTimeZone ZoneOf(string id) => Configuration(id)?.TimeZone ?? node.Fleet.TimeZone;

    private MeterConfiguration? Configuration(string id)
    {
        if (!ReferenceEquals(_fleet, node.Fleet))
        {
            _fleet = node.Fleet;
            _meters = _fleet.Meters.ToDictionary(one => one.Id, StringComparer.Ordinal);
        }

        return _meters.GetValueOrDefault(id);
    }
}
