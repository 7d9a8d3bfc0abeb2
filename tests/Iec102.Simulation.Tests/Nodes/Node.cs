using Akka.Actor;
using Akka.Configuration;
using Iec102.Acquisition;
using Iec102.Acquisition.Profiles;

namespace Iec102.Simulation.Tests;

/// <summary>One life of a whole node, as the server makes it: writer, read model, ports, meters and profiles. A kill leaves nothing of it but what is durable.</summary>
internal sealed class Node : IDisposable
{
    private static readonly Config Settings = ConfigurationFactory.ParseString($$"""
        akka.persistence.journal.plugin = simulated.journal
        akka.persistence.snapshot-store.plugin = simulated.snapshots
        simulated.journal.class = "{{typeof(SimulatedJournal).AssemblyQualifiedName}}"
        simulated.snapshots.class = "{{typeof(SimulatedSnapshotStore).AssemblyQualifiedName}}"
        """).WithFallback(ConfigurationFactory.ParseString(ProfileSerializer.Config));

    private readonly AcquisitionNode _acquisition;
    private readonly Scenario _scenario;

    public Node(World world, string name, Scenario scenario, Durable durable, Func<DiskWeather> weather)
    {
        Life = new Life(world, name);
        world.Note($"{name} starts");
        foreach (var wire in scenario.Wires.Values)
            wire.Node = Life;
        var system = SimulatedSystem.Start(Life, Settings, new StorageSetup(durable, new Disk(Life, weather, Kill)));
        var tables = new Disk(Life, weather, Kill);
        var writer = system.ActorOf(Props.Create(() => new SimulatedWriter(durable, tables)), "writer");
        // Akka.NET takes the jitter from a source of chance of its own.
        _acquisition = new AcquisitionNode(system, port => scenario.Wires[port.Id], writer, world.Time, restartJitter: 0);
        _scenario = scenario;
        ApplyFleet();
    }

    public Life Life { get; }

    /// <summary>The curve's actor, once it is started.</summary>
    public IActorRef? Profile(string meter, Curve curve) => _acquisition.Profile(meter, curve);

    /// <summary>The fleet file is there, or was edited: it is applied as it is when that begins.</summary>
    public void ApplyFleet() => Life.Soon(() => new WorldContext(Life).Run(() => _ = ApplyAsync()));

    /// <summary>The end, between any two messages.</summary>
    public void Kill()
    {
        Life.World.Note($"{Life.Name} is killed");
        Life.End();
        foreach (var wire in _scenario.Wires.Values)
            wire.NodeGone();
    }

    public void Dispose() => _acquisition.Dispose();

    private async Task ApplyAsync()
    {
        try
        {
            await _acquisition.ApplyAsync(_scenario.Fleet);
        }
        catch (Exception error)
        {
            Life.World.Break($"The fleet could not be applied: {error}");
        }
    }
}
