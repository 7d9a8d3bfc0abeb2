using Akka.Actor;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;

namespace Iec102.Acquisition.Fleets;

/// <summary>
/// Reports to the live state for ports and meters that have no actor to do so: those that are disabled, and those that are no longer
/// configured. It waits until their actor has ended, so that nothing from that actor arrives later.
/// </summary>
internal sealed class FleetNotices(IActorRef liveState, TimeProvider time)
{
    /// <summary>
    /// What the live state knows: null while an actor reports for the child, otherwise the settings with which it was reported as disabled.
    /// </summary>
    private readonly Dictionary<FleetChild, object?> _known = [];

    /// <summary>Reports what has changed since the last call.</summary>
    public void Tell(FleetConfiguration fleet, IReadOnlyDictionary<FleetChild, IActorRef> actors)
    {
        var off = fleet.Ports.Where(port => !port.Enabled).Select(port => port.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var port in fleet.Ports.Where(port => !port.Enabled))
            TellOnce(new FleetChild(FleetPart.Port, port.Id), port, () => Disabled(port));
        foreach (var meter in fleet.Meters.Where(meter => !meter.Enabled || off.Contains(meter.Port)))
            TellOnce(new FleetChild(FleetPart.Meter, meter.Id), meter, () => Disabled(meter));

        var all = Configured(fleet).ToList();
        foreach (var child in all.Where(actors.ContainsKey))
            _known[child] = null;
        var configured = all.ToHashSet();
        foreach (var child in _known.Keys.Where(child => !configured.Contains(child) && !actors.ContainsKey(child)).ToList())
        {
            _known.Remove(child);
            liveState.Tell(Forget(child));
        }

        void TellOnce(FleetChild child, object settings, Func<object> notice)
        {
            if (actors.ContainsKey(child) || settings.Equals(_known.GetValueOrDefault(child)))
                return;
            _known[child] = settings;
            liveState.Tell(notice());
        }
    }

    /// <summary>Reports everything again: the live state was restarted and knows nothing.</summary>
    public void TellAnew(FleetConfiguration fleet, IReadOnlyDictionary<FleetChild, IActorRef> actors)
    {
        foreach (var child in _known.Keys)
            _known[child] = null;
        Tell(fleet, actors);
    }

    private static IEnumerable<FleetChild> Configured(FleetConfiguration fleet) =>
    [
        .. fleet.Ports.Select(port => new FleetChild(FleetPart.Port, port.Id)),
        .. fleet.Ports.Where(port => port is { Enabled: true, Gateway: not null }).Select(
            port => new FleetChild(FleetPart.Gateway, port.Id)),
        .. fleet.Meters.Select(meter => new FleetChild(FleetPart.Meter, meter.Id)),
        .. FleetPlan.MetersOf(fleet).SelectMany(
            meter => FleetPlan.CurvesOf(meter).Select(curve => new FleetChild(FleetPart.Profile, meter.Id, curve))),
    ];

    private static object Forget(FleetChild child) => child.Part switch
    {
        FleetPart.Port => new ForgetPort(child.Id),
        FleetPart.Gateway => new ForgetGateway(child.Id),
        FleetPart.Profile => new ForgetCurve(child.Id, child.Curve!.Value),
        _ => new ForgetMeter(child.Id),
    };

    private PortStatus Disabled(PortConfiguration port) => new(
        port.Id, port.Kind, port.Address, PortState.Disabled, time.Now(), null, new PortCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));

    private static MeterStatus Disabled(MeterConfiguration meter) => new(
        meter.Id, meter.Port, meter.LinkAddress, meter.PointAddress, MeterState.Disabled, null, null, null, null);
}
