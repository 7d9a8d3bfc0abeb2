using System.Net;
using FsCheck.Xunit;
using Iec102.Acquisition.Fleets;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Tests.Fleets;

/// <summary>
/// Whatever sequence of configurations is applied and in whatever order children end, the rules for starting and ending them hold, and the
/// last configuration is in force at the end.
/// </summary>
public sealed class FleetPlanTests
{
    // A gateway or meter ends, then a curve or port, then they start: that takes far fewer rounds.
    private const int Rounds = 10;
    private const int Ports = 3;
    private const int Meters = 5;

    private static readonly Instant Now = Instant.FromUtc(2024, 3, 27, 10, 0);

    private readonly Dictionary<FleetChild, RunningChild> _running = [];

    [Property(MaxTest = 200)]
    public void Any_sequence_of_configurations_ends_in_force(int seed)
    {
        _running.Clear();
        var random = new Random(seed);
        var plan = FleetPlan.Nothing;
        for (var edit = random.Next(1, 8); edit > 0; edit--)
        {
            plan = FleetPlan.Of(AnyFleet(random));
            // The plan is only partly carried out before the next edit comes.
            for (var steps = random.Next(6); steps > 0; steps--)
                Step(plan, random);
        }

        for (var steps = 0; steps < 1000 && (plan.Pending(_running, Now).Any() || steps == 0); steps++)
            Step(plan, random);

        plan.Pending(_running, Now).ShouldBeEmpty();
        _running.Keys.ShouldAllBe(child => plan.Wants(child));
    }

    [Property(MaxTest = 200)]
    public void A_port_that_never_ends_holds_up_only_what_hangs_on_it(int seed)
    {
        _running.Clear();
        var random = new Random(seed);
        var (before, after) = (AnyFleet(random), AnyFleet(random));
        RunToEnd(FleetPlan.Of(before), _ => true);
        var stuck = new FleetChild(FleetPart.Port, $"p{random.Next(Ports)}");
        var plan = FleetPlan.Of(after);

        RunToEnd(plan, child => child != stuck);

        foreach (var pending in plan.Pending(_running, Now))
        {
            var hangsOnIt = pending.Child == stuck || pending.WaitsFor.Contains(stuck);
            hangsOnIt.ShouldBeTrue($"{pending} waits although only {stuck} does not end");
        }
    }

    [Property(MaxTest = 200)]
    public void What_does_not_change_is_not_touched(int seed)
    {
        _running.Clear();
        var random = new Random(seed);
        var (before, after) = (AnyFleet(random), AnyFleet(random));
        RunToEnd(FleetPlan.Of(before), _ => true);
        var meters = before.Meters.Intersect(after.Meters).Where(meter => meter.Enabled && Same(before, after, meter.Port)).ToList();
        var kept = meters.ToDictionary(meter => meter.Id, meter => _running[new FleetChild(FleetPart.Meter, meter.Id)]);

        RunToEnd(FleetPlan.Of(after), _ => true);

        foreach (var (id, running) in kept)
            _running[new FleetChild(FleetPart.Meter, id)].ShouldBeSameAs(running);
    }

    private static bool Same(FleetConfiguration before, FleetConfiguration after, string port)
    {
        var (a, b) = (before.Ports.SingleOrDefault(one => one.Id == port), after.Ports.SingleOrDefault(one => one.Id == port));
        return a is { Enabled: true } && b is not null && a with { Gateway = null } == b with { Gateway = null };
    }

    private void RunToEnd(FleetPlan plan, Func<FleetChild, bool> ends)
    {
        for (var steps = 0; steps < Rounds; steps++)
        {
            Do(plan);
            var ending = _running.Values.Where(child => child.EndingSince is not null).Select(child => child.Plan.Child);
            foreach (var child in ending.Where(ends).ToList())
                _running.Remove(child);
        }
    }

    private void Step(FleetPlan plan, Random random)
    {
        Do(plan);
        var ending = _running.Values.Where(child => child.EndingSince is not null).Select(child => child.Plan.Child).ToList();
        if (ending.Count > 0)
            _running.Remove(ending[random.Next(ending.Count)]);
    }

    private void Do(FleetPlan plan)
    {
        var step = plan.Next(_running, []);
        foreach (var child in step.End)
        {
            _running[child].EndingSince.ShouldBeNull($"{child} is told to end once");
            _running.Values.ShouldAllBe(other => !other.Plan.Needs.Contains(child), $"{child} ends while another needs it");
            _running[child] = new RunningChild(_running[child].Plan, Now);
        }

        foreach (var start in step.Start)
        {
            _running.ShouldNotContainKey(start.Child, "its name is free");
            start.Needs.ShouldAllBe(
                need => _running.ContainsKey(need) && _running[need].EndingSince == null, $"{start.Child} starts before what it needs");
            _running[start.Child] = new RunningChild(start);
        }
    }

    private static FleetConfiguration AnyFleet(Random random)
    {
        var ports = Some(Ports).Select(number => AnyPort(random, $"p{number}")).ToList();
        if (ports.Count == 0)
            return new FleetConfiguration();
        var meters = Some(Meters).Select(number => AnyMeter(random, $"m{number}", ports[random.Next(ports.Count)].Id));
        return new FleetConfiguration { Ports = [.. ports], Meters = [.. meters] };

        IEnumerable<int> Some(int count) => Enumerable.Range(0, count).Where(_ => random.Next(4) > 0);
    }

    private static PortConfiguration AnyPort(Random random, string id) => FleetBench.Port(id, replyTimeout: random.Next(1, 3)) with
    {
        Enabled = random.Next(6) > 0,
        Gateway = random.Next(3) > 0 ? null : new GatewayConfiguration { Listen = new IPEndPoint(IPAddress.Loopback, random.Next(1, 3)) },
    };

    private static MeterConfiguration AnyMeter(Random random, string id, string port) =>
        FleetBench.Meter(id, port, (ushort)random.Next(1, 3)) with { Record = random.Next(2) > 0, Enabled = random.Next(6) > 0 };
}
