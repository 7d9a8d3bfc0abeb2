using System.Collections.Immutable;
using Akka.Actor;
using Iec102.Acquisition.Fleet;
using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Readings;
using Iec102.Lines;
using NodaTime;

namespace Iec102.Acquisition;

/// <summary>
/// Everything that reads: the actors of the configured ports, meters and curves. <see cref="ApplyAsync"/> brings them into line with a configuration,
/// the first as well as every later one; what did not change goes on undisturbed.
/// </summary>
public sealed class AcquisitionNode : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly IHostClock? _hostClock;
    private readonly Func<PortConfiguration, ILineFactory> _lineOf;
    private readonly IActorRef _writer;
    private readonly IActorRef _ports;
    private readonly IActorRef _profiles;
    private readonly IActorRef _meters;
    private readonly Gateways _gateways;
    private readonly SemaphoreSlim _applying = new(1);
    private ImmutableDictionary<string, IActorRef> _portActors = ImmutableDictionary.Create<string, IActorRef>(StringComparer.Ordinal);
    private ImmutableDictionary<string, IActorRef> _meterActors = ImmutableDictionary.Create<string, IActorRef>(StringComparer.Ordinal);
    private ImmutableDictionary<(string Meter, Curve Curve), IActorRef> _profileActors = ImmutableDictionary<(string, Curve), IActorRef>.Empty;

    /// <summary>Starts the branches, still without ports and meters.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="lineOf">How the line of a port is opened.</param>
    /// <param name="writer">The writer (/user/writer).</param>
    /// <param name="time">The clock of all actors.</param>
    /// <param name="hostClock">Whether that clock is right; without it no meter's clock is ever set.</param>
    /// <param name="restartJitter">By what part of itself the wait before a failed actor is started again may be longer, at random.</param>
    public AcquisitionNode(
        ActorSystem system, Func<PortConfiguration, ILineFactory> lineOf, IActorRef writer, TimeProvider time, IHostClock? hostClock = null,
        double restartJitter = 0.2)
    {
        _time = time;
        _hostClock = hostClock;
        _lineOf = lineOf;
        _writer = writer;
        Readings = system.ActorOf(Props.Create(() => new ReadingsActor(writer, time)), "readings");
        _ports = system.ActorOf(Props.Create(() => new Branch(restartJitter)), "ports");
        _profiles = system.ActorOf(Props.Create(() => new Branch(restartJitter)), "profiles");
        _meters = system.ActorOf(Props.Create(() => new Branch(restartJitter)), "meters");
        _gateways = new Gateways(system.ActorOf(Props.Create(() => new Branch(restartJitter)), "gateway"), Readings, time);
    }

    /// <summary>The readings actor, which answers <see cref="GetOverview"/>.</summary>
    public IActorRef Readings { get; }

    /// <summary>The configuration in force.</summary>
    public FleetConfiguration Fleet { get; private set; } = new();

    /// <summary>The actor of a port; null when it is not configured or disabled.</summary>
    public IActorRef? Port(string id) => _portActors.GetValueOrDefault(id);

    /// <summary>The actor of a meter; null when it is not configured or disabled.</summary>
    public IActorRef? Meter(string id) => _meterActors.GetValueOrDefault(id);

    /// <summary>The actor of a meter's curve; null when it is not recorded.</summary>
    public IActorRef? Profile(string meter, Curve curve) => _profileActors.GetValueOrDefault((meter, curve));

    /// <summary>The listener of a port's gateway; null when it has none.</summary>
    public IActorRef? GatewayOf(string port) => _gateways.Listener(port);

    /// <summary>Stops what the configuration no longer names or names otherwise, and starts what is new.</summary>
    public async Task ApplyAsync(FleetConfiguration fleet)
    {
        await _applying.WaitAsync();
        try
        {
            var now = fleet.Ports.ToDictionary(port => port.Id, StringComparer.Ordinal);
            var before = Fleet.Ports.ToDictionary(port => port.Id, StringComparer.Ordinal);
            var keptPorts = fleet.Ports.Where(port => before.TryGetValue(port.Id, out var old) && AreTheSameLine(old, port)).Select(port => port.Id).ToHashSet(StringComparer.Ordinal);
            var kept = fleet.Meters.Intersect(Fleet.Meters).Where(meter => keptPorts.Contains(meter.Port)).ToHashSet();

            await _gateways.StopChangedAsync(fleet);
            foreach (var meter in Fleet.Meters.Where(meter => !kept.Contains(meter)))
                await StopMeterAsync(meter, forget: fleet.Meters.All(other => other.Id != meter.Id));
            foreach (var port in Fleet.Ports.Where(port => !keptPorts.Contains(port.Id)))
                await StopPortAsync(port, forget: !now.ContainsKey(port.Id));
            foreach (var port in fleet.Ports.Where(port => !keptPorts.Contains(port.Id)))
                await StartPortAsync(port);
            foreach (var meter in fleet.Meters.Where(meter => !kept.Contains(meter)))
                await StartMeterAsync(meter);
            await _gateways.StartAsync(fleet, Port, Meter);
            if (fleet.Retention != Fleet.Retention)
                _writer.Tell(fleet.Retention);
            Fleet = fleet;
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>
    /// Disconnects the gateways' clients, ends all sessions and closes all lines, so that no meter is left with a session it has to time out; a port that takes longer is left
    /// to itself.
    /// </summary>
    public async Task ReleaseAsync(TimeSpan timeout)
    {
        await _gateways.StopAllAsync();
        await Task.WhenAll(_portActors.Values.Select(async port =>
        {
            try
            {
                await port.Ask<PortReleased>(new ReleasePort(), timeout);
            }
            catch (AskTimeoutException)
            {
                // A silent meter: its session ends by itself.
            }
        }));
    }

    /// <inheritdoc/>
    public void Dispose() => _applying.Dispose();

    /// <summary>The gateway of a port comes and goes without the port.</summary>
    private static bool AreTheSameLine(PortConfiguration a, PortConfiguration b) => a with { Gateway = null } == b with { Gateway = null };

    private async Task StartPortAsync(PortConfiguration port)
    {
        if (!port.Enabled)
        {
            var nothing = new PortCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
            Readings.Tell(new PortStatus(port.Id, port.Kind, port.Address, PortState.Disabled, _time.Now(), null, nothing));
            return;
        }

        var settings = PortSettings.Of(port);
        var line = _lineOf(port);
        var meters = new PortMeters();
        _portActors = _portActors.SetItem(port.Id, await StartAsync(_ports, port.Id, Props.Create(() => new PortActor(settings, line, Readings, _time, meters))));
    }

    private async Task StopPortAsync(PortConfiguration port, bool forget)
    {
        if (_portActors.TryGetValue(port.Id, out var actor))
        {
            await actor.Ask<PortReleased>(new ReleasePort(), StartTimeout);
            await _ports.Ask<ChildStopped>(new StopChild(port.Id), StartTimeout);
            _portActors = _portActors.Remove(port.Id);
        }

        if (forget)
            Readings.Tell(new ForgetPort(port.Id));
    }

    private async Task StartMeterAsync(MeterConfiguration meter)
    {
        if (!meter.Enabled || Port(meter.Port) is not { } port)
        {
            Readings.Tell(new MeterStatus(meter.Id, meter.Port, meter.LinkAddress, meter.PointAddress, MeterState.Disabled, null, null, null, null));
            return;
        }

        _writer.Tell(new StoreMeterZone(meter.Id, meter.TimeZone.Id));
        var profiles = new List<(Curve, IActorRef)>();
        foreach (var curve in Enum.GetValues<Curve>().Where(meter.Records))
        {
            var settings = SettingsOf(meter, curve);
            var profile = await StartAsync(_profiles, $"{meter.Id}-{curve.Name()}", ProfileActor.Props(settings, Readings, _writer, _time));
            _profileActors = _profileActors.SetItem((meter.Id, curve), profile);
            profiles.Add((curve, profile));
        }

        var actor = await StartAsync(_meters, meter.Id, Props.Create(() => new MeterActor(meter, port, Readings, _writer, profiles, _hostClock, _time)));
        _meterActors = _meterActors.SetItem(meter.Id, actor);
    }

    private async Task StopMeterAsync(MeterConfiguration meter, bool forget)
    {
        if (_meterActors.ContainsKey(meter.Id))
        {
            await _meters.Ask<ChildStopped>(new StopChild(meter.Id), StartTimeout);
            _meterActors = _meterActors.Remove(meter.Id);
        }

        foreach (var curve in Enum.GetValues<Curve>().Where(curve => _profileActors.ContainsKey((meter.Id, curve))))
        {
            await _profiles.Ask<ChildStopped>(new StopChild($"{meter.Id}-{curve.Name()}"), StartTimeout);
            _profileActors = _profileActors.Remove((meter.Id, curve));
        }

        if (forget)
            Readings.Tell(new ForgetMeter(meter.Id));
    }

    private static async Task<IActorRef> StartAsync(IActorRef branch, string name, Props props) =>
        (await branch.Ask<ChildStarted>(new StartChild(name, props), StartTimeout)).Child;

    private static ProfileSettings SettingsOf(MeterConfiguration meter, Curve curve)
    {
        var profile = meter.ProfileOf(curve);
        return new ProfileSettings(
            meter.Id, curve, meter.PointAddress, meter.TimeZone, meter.StartOf(profile), Duration.FromTimeSpan(profile.Depth), Duration.FromTimeSpan(profile.Settle));
    }
}
