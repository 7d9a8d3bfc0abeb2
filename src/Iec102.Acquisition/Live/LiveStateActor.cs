using System.Collections.Immutable;
using Akka.Actor;
using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;

namespace Iec102.Acquisition.Live;

/// <summary>
/// Keeps the present state of everything in memory, for whoever asks: ports, gateways, meters and curves, and the current values. Sends
/// news to watchers.
/// <para>Takes from the actors of the fleet <see cref="PortStatus"/>, <see cref="GatewayStatus"/>, <see cref="MeterStatus"/>,
/// <see cref="ProfileStatus"/>, <see cref="CurrentValuesRead"/>, <see cref="CurveRecorded"/>, <see cref="ClockWritten"/>; from the writer
/// <see cref="EventsStored"/>; from the fleet <see cref="ForgetPort"/>, <see cref="ForgetGateway"/>, <see cref="ForgetCurve"/>,
/// <see cref="ForgetMeter"/>; from anybody <see cref="GetPort"/>, <see cref="GetPorts"/>, <see cref="GetMeter"/>, <see cref="GetMeters"/>,
/// <see cref="Watch"/>, <see cref="Unwatch"/>.</para>
/// <para>When it fails it forgets everything but the restored values. It then publishes <see cref="LiveStateRestarted"/>, and the fleet has
/// every child report again.</para>
/// </summary>
public sealed class LiveStateActor : ReceiveActor
{
    private ImmutableSortedDictionary<string, LivePort> _ports =
        ImmutableSortedDictionary.Create<string, LivePort>(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, LiveMeter> _meters =
        ImmutableSortedDictionary.Create<string, LiveMeter>(StringComparer.Ordinal);

    private readonly TimeProvider _time;

    /// <summary>A list, so that a replay sends news in the same order; there are only a handful of watchers.</summary>
    private readonly List<IActorRef> _watchers = [];

    /// <summary>Creates the actor.</summary>
    /// <param name="restored">The current values from before the start, by meter; shown as stale until they are read again.</param>
    /// <param name="time">The clock.</param>
    public LiveStateActor(IReadOnlyDictionary<string, IReadOnlyList<CurrentValue>> restored, TimeProvider time)
    {
        _time = time;
        foreach (var (meter, values) in restored)
            _meters = _meters.SetItem(meter, new LiveMeter(meter).Restore(values));
        Receive<PortStatus>(OnPort);
        Receive<GatewayStatus>(status => Set(Port(status.Port) with { Gateway = status }));
        Receive<MeterStatus>(OnMeter);
        Receive<ProfileStatus>(status => Set(Meter(status.Meter).With(status, _time.Now())));
        Receive<CurrentValuesRead>(OnCurrentValues);
        Receive<CurveRecorded>(TellWatchers);
        Receive<ClockWritten>(written => Set(Meter(written.Meter).With(written.Outcome)));
        Receive<EventsStored>(OnEventsStored);
        Receive<ForgetPort>(forget => _ports = _ports.Remove(forget.Port));
        Receive<ForgetGateway>(OnForgetGateway);
        Receive<ForgetCurve>(OnForgetCurve);
        Receive<ForgetMeter>(forget => _meters = _meters.Remove(forget.Meter));
        Receive<GetPort>(get => Sender.Tell(Port(get.Port)));
        Receive<GetPorts>(_ => Sender.Tell(new LivePorts(_ports)));
        Receive<GetMeter>(get => Sender.Tell(Meter(get.Meter)));
        Receive<GetMeters>(_ => Sender.Tell(new LiveMeters(_meters)));
        Receive<Watch>(_ => OnWatch());
        Receive<Unwatch>(_ => OnUnwatch());
        Receive<Terminated>(gone => _watchers.Remove(gone.ActorRef));
    }

    /// <inheritdoc/>
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Context.System.EventStream.Publish(new LiveStateRestarted());
    }

    private LivePort Port(string id) => _ports.GetValueOrDefault(id) ?? new LivePort(id);

    private LiveMeter Meter(string id) => _meters.GetValueOrDefault(id) ?? new LiveMeter(id);

    private void Set(LivePort port) => _ports = _ports.SetItem(port.Id, port);

    private void Set(LiveMeter meter) => _meters = _meters.SetItem(meter.Id, meter);

    private void OnPort(PortStatus status)
    {
        var port = Port(status.Id);
        Set(port with { Status = status });
        if (port.Status?.State != status.State)
            TellWatchers(status);
    }

    private void OnMeter(MeterStatus status)
    {
        var meter = Meter(status.Id);
        Set(meter with { Status = status });
        if (meter.Status?.State != status.State)
            TellWatchers(status);
    }

    private void OnCurrentValues(CurrentValuesRead read)
    {
        Set(Meter(read.Meter).With(read, _time.Now()));
        TellWatchers(read);
    }

    private void OnEventsStored(EventsStored stored)
    {
        Set(Meter(stored.Meter).With(stored));
        TellWatchers(stored);
    }

    private void OnForgetGateway(ForgetGateway forget)
    {
        if (_ports.GetValueOrDefault(forget.Port) is { } port)
            Set(port with { Gateway = null });
    }

    private void OnForgetCurve(ForgetCurve forget)
    {
        if (_meters.GetValueOrDefault(forget.Meter) is { } meter)
            Set(meter.Without(forget.Curve));
    }

    private void OnWatch()
    {
        if (_watchers.Contains(Sender))
            return;
        Context.Watch(Sender);
        _watchers.Add(Sender);
    }

    private void OnUnwatch()
    {
        Context.Unwatch(Sender);
        _watchers.Remove(Sender);
    }

    private void TellWatchers(object news)
    {
        foreach (var watcher in _watchers)
            watcher.Tell(news);
    }
}
