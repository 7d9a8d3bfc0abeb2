using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Lines.Serial;
using Iec102.Lines.Tcp;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Simulation.Tests;

/// <summary>
/// What a seed determines: the starting time, the ports, their meters and how these differ, and the fleet configuration of the node.
/// </summary>
internal sealed class Scenario
{
    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    // Ordinary days, both clock changes, the end of a year and the end of February.
    private static readonly Instant[] Days =
    [
        Instant.FromUtc(2024, 3, 27, 0, 0), Instant.FromUtc(2024, 7, 15, 0, 0), Instant.FromUtc(2024, 3, 31, 0, 0),
        Instant.FromUtc(2024, 10, 27, 0, 0), Instant.FromUtc(2025, 1, 1, 0, 0), Instant.FromUtc(2024, 3, 1, 0, 0),
    ];

    private static readonly SortedSet<TypeIdentification> NoTypes = [];
    private static readonly SortedSet<TypeIdentification> Tariffs =
        [TypeIdentification.ReadCurrentTariff, TypeIdentification.ReadStoredTariff];

    private readonly List<PortConfiguration> _ports = [];
    private readonly List<(MeterConfiguration, Station)> _meters = [];
    private readonly SortedDictionary<string, SimulatedWire> _wires = new(StringComparer.Ordinal);
    private readonly List<Station> _stations = [];
    private readonly World _world;

    public Scenario(World world)
    {
        _world = world;
        var chance = world.Chance;
        var ports = chance.From(2, 3);
        for (var i = 0; i < ports; i++)
            AddPort($"port-{i + 1}", chance.From(1, ports == 2 ? 3 : 2));
        Fleet = new FleetConfiguration { TimeZone = Madrid, Ports = [.. _ports], Meters = [.. _meters.Select(one => one.Item1)] };
    }

    /// <summary>The node's current fleet configuration; whoever changes it must also tell the living node.</summary>
    public FleetConfiguration Fleet { get; set; }

    public IReadOnlyList<(MeterConfiguration Configuration, Station Station)> Meters => _meters;

    public IReadOnlyList<Station> Stations => _stations;

    public IReadOnlyDictionary<string, SimulatedWire> Wires => _wires;

    public static Instant Beginning(Chance chance) => chance.Of(Days) + Duration.FromMinutes(chance.Below(24 * 60));

    /// <summary>Gives each serial port to one of the nodes for good; most of the others float among all or some, in some order.</summary>
    public void Distribute(IReadOnlyList<string> nodes)
    {
        var chance = _world.Chance;
        Fleet = Fleet with
        {
            Ports = [.. Fleet.Ports.Select(port => port with { Placement = PlacementOf(port) })],
            Cluster = new ClusterConfiguration { Handback = TimeSpan.FromSeconds(chance.Of(10, 60)) },
        };

        PortPlacement PlacementOf(PortConfiguration port)
        {
            var first = chance.Below(nodes.Count);
            if (port.Tcp is null || chance.Is(0.1))
                return new PortPlacement { Node = nodes[first] };
            _wires[port.Id].TakesSeveral = chance.Is(0.7);
            return chance.Is(0.5) ? PortPlacement.Any : new PortPlacement { Nodes = [nodes[first], nodes[1 - first]] };
        }
    }

    private void AddPort(string id, int stations)
    {
        var chance = _world.Chance;
        var here = new List<Station>();
        for (var i = 0; i < stations; i++)
            here.Add(AddStation(id, (ushort)(i + 1)));
        var isTcp = chance.Is(0.7);
        if (!LineFormat.TryParse($"{(stations > 2 ? 9600 : chance.Of(1200, 2400, 9600))}-8E1", out var format))
            throw new InvalidOperationException("The format of a simulated line is none.");
        _ports.Add(new PortConfiguration
        {
            Id = id,
            Tcp = isTcp ? new TcpLineOptions("198.51.100.1", 4000 + _ports.Count) : null,
            Serial = isTcp ? null : new SerialLineOptions($"/dev/{id}", format),
            HoldIdle = chance.Is(0.7) ? null : TimeSpan.FromSeconds(chance.From(5, 60)),
            Timing = new PortTiming
            {
                ReplyTimeout = TimeSpan.FromSeconds(chance.From(1, 5)),
                Retries = chance.From(1, 4),
                InterRequestDelay = TimeSpan.FromMilliseconds(chance.Of(0, 0, 50)),
                ReconnectMax = TimeSpan.FromSeconds(chance.From(5, 60)),
            },
        });
        _wires.Add(id, new SimulatedWire(_world, id, isTcp, format.CharacterTime, here));
    }

    private Station AddStation(string port, ushort link)
    {
        var chance = _world.Chance;
        var number = _stations.Count + 1;
        var habit = chance.Of(SummerTimeHabit.SuBit, SummerTimeHabit.SuBit, SummerTimeHabit.AlwaysWinter);
        var options = new MeterOptions($"device-{number}", (uint)(chance.Next() % 90_000_000) + 1)
        {
            LinkAddress = link,
            Points = chance.Is(0.15) ? [1, 2] : [1],
            HistoryDays = chance.From(1, 4),
            Behaviour = new MeterBehaviour
            {
                HasBlocks = chance.Is(0.6),
                // Tariffs take the simulated meter more time than everything else together, so only a few meters have them here.
                MissingTypes = chance.Is(0.9) ? Tariffs : NoTypes,
                RequestsPerSession = chance.Is(0.1) ? chance.From(4, 40) : int.MaxValue,
                IncludesRangeStart = chance.Is(0.5),
                EmptyRange = chance.Of(EmptyRange.Completed, EmptyRange.RecordNotAvailable, EmptyRange.PeriodNotAvailable),
                OutsideSession = (CauseOfTransmission)chance.From(13, 18),
                SummerTime = habit,
                SessionIdle = Duration.FromMinutes(chance.From(1, 5)),
            },
        };
        var station = new Station(_world, options, dataSeed: 1);
        _stations.Add(station);
        foreach (var point in options.Points)
            _meters.Add((Configured($"m-{number}-{point}", port, options, point, habit), station));
        return station;
    }

    private MeterConfiguration Configured(string id, string port, MeterOptions options, ushort point, SummerTimeHabit habit)
    {
        var chance = _world.Chance;
        var today = _world.Now.InZone(Madrid).Date;
        return new MeterConfiguration
        {
            Id = id,
            Port = port,
            LinkAddress = options.LinkAddress,
            PointAddress = point,
            Password = new Secret(options.Key),
            TimeZone = Madrid,
            // An unusual habit is always configured, because without that a clock that is wrong by an hour would look the same.
            SummerTime = habit == SummerTimeHabit.SuBit && chance.Is(0.5) ? null : habit,
            SessionIdle = TimeSpan.FromSeconds(chance.Of(20, 60, 120, 120, 120)),
            CurrentValues = new CurrentValuesConfiguration { Every = TimeSpan.FromSeconds(chance.From(15, 60)) },
            Hourly = ProfileConfiguration.DefaultHourly with { From = today.PlusDays(-chance.From(1, 2)) },
            QuarterHour = ProfileConfiguration.DefaultQuarterHour with
            {
                Enabled = chance.Is(0.5),
                From = today.PlusDays(-chance.From(0, 2)),
            },
            Clock = new ClockConfiguration { CheckEvery = TimeSpan.FromMinutes(chance.Of(10, 30, 60)) },
        };
    }
}
