using Iec102.Acquisition;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Simulation.Tests;

/// <summary>
/// Everything that goes wrong between the beginning of a run and the end of its troubles, drawn from the seed: weather on lines and disks,
/// faults of lines and meters, kills of the node, and operators who request things again.
/// </summary>
internal sealed class Troubles
{
    private static readonly DiskWeather Calm = DiskWeather.Fair;

    // Jumps of about an hour are left out: in summer they cannot be told from another habit of labelling.
    private static readonly TimeSpan[] Jumps =
    [
        TimeSpan.FromSeconds(-40), TimeSpan.FromSeconds(100), TimeSpan.FromMinutes(-8), TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(-25),
        TimeSpan.FromHours(-3), TimeSpan.FromHours(5), TimeSpan.FromDays(1.3),
    ];

    private static readonly TypeIdentification[] BlockReads = [TypeIdentification.ReadIncrementalTotalBlocks];
    private static readonly TypeIdentification[] BothReads =
        [TypeIdentification.ReadIncrementalTotalBlocks, TypeIdentification.ReadIncrementalTotals];

    private readonly World _world;
    private readonly Scenario _scenario;
    private readonly FleetConfiguration _fleet;
    private Func<Node>? _node;
    private Func<IEnumerable<Node>>? _nodes;

    public Troubles(World world, Scenario scenario)
    {
        (_world, _scenario, _fleet) = (world, scenario, scenario.Fleet);
        End = world.Chance.Between(TimeSpan.FromMinutes(40), TimeSpan.FromHours(2.5));
    }

    /// <summary>When the troubles end.</summary>
    public TimeSpan End { get; }

    /// <summary>The current behaviour of the disks.</summary>
    public DiskWeather Disk { get; private set; } = Calm;

    public TimeSpan Downtime() => _world.Chance.Between(TimeSpan.Zero, TimeSpan.FromMinutes(_world.Chance.Of(0, 1, 10)));

    /// <summary>Whether, while the node is down, one of its files is lost or replaced by an older copy.</summary>
    public bool IsOlderCopyPutBack() => _world.Chance.Is(0.15);

    /// <param name="node">The node to which something happens.</param>
    /// <param name="nodes">All nodes.</param>
    public void Begin(Func<Node> node, Func<IEnumerable<Node>> nodes)
    {
        (_node, _nodes) = (node, nodes);
        var chance = _world.Chance;
        if (chance.Is(0.9))
        {
            foreach (var wire in _scenario.Wires.Values)
                wire.Weather = LineWeather.Of(chance);
        }

        if (chance.Is(0.6))
            Disk = new DiskWeather(Some(0.1), Some(0.05), Some(0.01));
        foreach (var station in _scenario.Stations)
            station.Busyness = Some(0.05);
        Often(10, Kill);
        Often(4, wire => wire.Break("the far end closes"));
        Often(2, wire => wire.BecomeHalfOpen());
        Often(3, station => station.Reboot(chance.Between(TimeSpan.Zero, TimeSpan.FromMinutes(5))));
        Often(3, station => station.FallSilent(chance.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(20))));
        Often(5, station => station.ForgetSession());
        Often(2, station => station.ClockOffset = chance.Of(Jumps));
        Often(1, Refuse);
        Often(3, ReadAgain);
        Often(3, EditFleet);

        double Some(double most) => chance.Is(0.5) ? most * chance.From(1, 10) / 10 : 0;
    }

    /// <summary>Ends all troubles: what is broken is repaired, but the node is not told.</summary>
    public void Stop()
    {
        _world.Note("all is well from now on");
        Disk = Calm;
        Apply(_fleet);
        foreach (var wire in _scenario.Wires.Values)
            wire.Weather = LineWeather.Fair;
        foreach (var station in _scenario.Stations)
        {
            (station.Busyness, station.RefusedTypes) = (0, []);
            if (station.ClockOffset != TimeSpan.Zero)
                station.ClockOffset = TimeSpan.Zero;
            station.FallSilent(TimeSpan.Zero);
        }
    }

    /// <summary>Kills the node at a random point among the things that happen at about this time.</summary>
    private void Kill()
    {
        var node = _node!();
        After(_world.Chance.Of(0, 0, 3, 30, 300));

        void After(int steps)
        {
            if (node.Life.IsOver)
                return;
            if (steps == 0)
                node.Kill();
            else
                _world.Nature.Soon(() => After(steps - 1));
        }
    }

    private void Refuse(Station station)
    {
        var all = _world.Chance.Is(0.05);
        station.RefusedTypes = all ? BothReads : BlockReads;
        _world.Note($"{station.Meter.Options.Id}: refuses {(all ? "curves" : "block reads")} for a while");
        _world.Nature.After(_world.Chance.Between(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30)), () => station.RefusedTypes = []);
    }

    private void ReadAgain()
    {
        var chance = _world.Chance;
        var (meter, _) = _scenario.Meters[chance.Below(_scenario.Meters.Count)];
        var curve = chance.Of(Curve.Hourly, Curve.QuarterHour);
        var to = _world.Now - Duration.FromHours(chance.From(0, 30));
        var range = new TimeRange(to - Duration.FromHours(chance.From(1, 20)), to);
        var node = _node!();
        if (node.Life.IsOver || node.Profile(meter.Id, curve) is not { } profile)
            return;
        _world.Note($"an operator wants {meter.Id} {curve.Name()} read again from {range.From} to {range.To}");
        profile.Tell(new Reread(range), Akka.Actor.ActorRefs.NoSender);
    }

    private void EditFleet()
    {
        var chance = _world.Chance;
        var fleet = _scenario.Fleet;
        var port = fleet.Ports[chance.Below(fleet.Ports.Count)];
        var meter = fleet.Meters[chance.Below(fleet.Meters.Count)];
        _world.Note($"the fleet file is edited at {port.Id} or {meter.Id}");
        Apply(chance.Below(3) switch
        {
            0 => fleet with
            {
                Ports = [.. fleet.Ports.Select(one =>
                    one == port ? one with { Timing = one.Timing with { Retries = chance.From(1, 4) } } : one)],
            },
            1 => fleet with { Meters = [.. fleet.Meters.Select(one => one == meter ? one with { Enabled = !one.Enabled } : one)] },
            _ => fleet with
            {
                Meters = [.. fleet.Meters.Select(one =>
                    one == meter ? one with { SessionIdle = TimeSpan.FromSeconds(chance.From(10, 300)) } : one)],
            },
        });
    }

    /// <summary>Tells the living nodes of the changed fleet; the next node will start with it.</summary>
    private void Apply(FleetConfiguration fleet)
    {
        _scenario.Fleet = fleet;
        foreach (var node in _nodes!())
            node.ApplyFleet();
    }

    private void Often(int most, Action<SimulatedWire> happen)
    {
        var wires = _scenario.Wires.Values.ToList();
        Often(most, () => happen(wires[_world.Chance.Below(wires.Count)]));
    }

    private void Often(int most, Action<Station> happen) =>
        Often(most, () => happen(_scenario.Stations[_world.Chance.Below(_scenario.Stations.Count)]));

    /// <summary>Lets something happen up to so many times, or not at all in this run.</summary>
    public void Often(int most, Action happen)
    {
        if (_world.Chance.Is(0.4))
            return;
        for (var left = _world.Chance.From(1, most); left > 0; left--)
            _world.At(_world.Chance.Between(TimeSpan.Zero, End), _world.Nature, happen);
    }
}
