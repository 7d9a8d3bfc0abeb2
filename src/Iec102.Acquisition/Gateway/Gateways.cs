using Akka.Actor;
using Iec102.Acquisition.Fleet;
using Iec102.Acquisition.Readings;

namespace Iec102.Acquisition.Gateway;

/// <summary>
/// The gateways of a node. A change of a port's gateway section starts its listener anew and leaves the port alone; a change of the meters is told to the listener, and
/// the clients of other meters notice nothing.
/// </summary>
internal sealed class Gateways(IActorRef branch, IActorRef readings, TimeProvider time)
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly SortedDictionary<string, Running> _running = new(StringComparer.Ordinal);

    private sealed record Running(PortConfiguration Port, IActorRef Listener, GatewayMeters Meters);

    /// <summary>The listener of a port; null when it has none.</summary>
    public IActorRef? Listener(string port) => _running.GetValueOrDefault(port)?.Listener;

    /// <summary>Stops every listener whose port is configured otherwise now; to be called before the ports are touched.</summary>
    public async Task StopChangedAsync(FleetConfiguration fleet)
    {
        foreach (var running in _running.Values.Where(running => !fleet.Ports.Contains(running.Port)).ToList())
        {
            await StopAsync(running.Port.Id);
            if (!fleet.Ports.Any(port => port.Id == running.Port.Id && IsWanted(port)))
                readings.Tell(new ForgetGateway(running.Port.Id));
        }
    }

    /// <summary>Starts the listeners that are missing, and tells the others of their meters.</summary>
    /// <param name="fleet">The configuration.</param>
    /// <param name="portOf">The actor of a port.</param>
    /// <param name="meterOf">The actor of a meter; null when it is disabled.</param>
    public async Task StartAsync(FleetConfiguration fleet, Func<string, IActorRef?> portOf, Func<string, IActorRef?> meterOf)
    {
        foreach (var port in fleet.Ports.Where(IsWanted))
        {
            ValueList<GatewayMeter> meters =
            [
                .. fleet.Meters.Where(meter => meter.Port == port.Id)
                    .Select(meter => new GatewayMeter(meter.Id, meter.LinkAddress, meter.PointAddress, meter.Password, meterOf(meter.Id))),
            ];
            if (_running.TryGetValue(port.Id, out var running))
                Serve(running, meters);
            else
                await StartAsync(port, portOf(port.Id)!, meters);
        }
    }

    /// <summary>Disconnects all clients.</summary>
    public async Task StopAllAsync()
    {
        foreach (var port in _running.Keys.ToList())
            await StopAsync(port);
    }

    private static bool IsWanted(PortConfiguration port) => port is { Enabled: true, Gateway: not null };

    private static void Serve(Running running, ValueList<GatewayMeter> meters)
    {
        if (running.Meters.All.Equals(meters))
            return;
        running.Meters.Set(meters);
        running.Listener.Tell(new ServeMeters(meters));
    }

    private async Task StartAsync(PortConfiguration port, IActorRef actor, ValueList<GatewayMeter> all)
    {
        var meters = new GatewayMeters();
        meters.Set(all);
        var props = Props.Create(() => new GatewayListener(port, actor, meters, readings, time));
        var listener = (await branch.Ask<ChildStarted>(new StartChild(port.Id, props), StartTimeout)).Child;
        _running.Add(port.Id, new Running(port, listener, meters));
    }

    private async Task StopAsync(string port)
    {
        await branch.Ask<ChildStopped>(new StopChild(port), StartTimeout);
        _running.Remove(port);
    }
}
