using System.Collections.Immutable;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using NodaTime;

namespace Iec102.Acquisition.Verdicts;

/// <summary>Something that a person has to put right: of a node, of a port, with all meters behind them, or of one meter.</summary>
/// <param name="Port">The port, or the port of the meter; null when a node is to blame.</param>
/// <param name="Meter">The meter; null when it is not alone to blame.</param>
/// <param name="Verdict">What is wrong.</param>
/// <param name="LastError">The last failure, in one sentence.</param>
/// <param name="Meters">The meters that it keeps from being read, or spoils.</param>
public sealed record OpenProblem(string? Port, string? Meter, Verdict Verdict, string? LastError, IReadOnlyList<string> Meters)
{
    /// <summary>The node that is to blame, or that runs the port; null when there are no nodes.</summary>
    public string? Node { get; init; }
}

/// <summary>
/// One verdict for every port and every meter, of one moment, and the problems that follow from them. Everything that is shown to operators
/// comes from here, so that the API, the metrics and the command line say the same.
/// </summary>
public sealed class FleetVerdicts
{
    private static readonly Verdict Unknown = new(VerdictKind.Unknown);

    private FleetVerdicts(
        ImmutableSortedDictionary<string, Verdict> ports, ImmutableSortedDictionary<string, Verdict> meters,
        IReadOnlyList<OpenProblem> problems)
    {
        (Ports, Meters, Problems) = (ports, meters, problems);
    }

    /// <summary>The verdicts of the ports, by id.</summary>
    public ImmutableSortedDictionary<string, Verdict> Ports { get; }

    /// <summary>The verdicts of the meters, by id.</summary>
    public ImmutableSortedDictionary<string, Verdict> Meters { get; }

    /// <summary>The problems: nodes first, then ports, what is down before what needs attention, then in the order of ids.</summary>
    public IReadOnlyList<OpenProblem> Problems { get; }

    /// <summary>The verdict of a port; unknown when it has not reported.</summary>
    public Verdict OfPort(string id) => Ports.GetValueOrDefault(id, Unknown);

    /// <summary>The verdict of a meter; unknown when it has not reported.</summary>
    public Verdict OfMeter(string id) => Meters.GetValueOrDefault(id, Unknown);

    /// <summary>The verdict of a port's line by itself, for news of one port.</summary>
    public static Verdict OfLine(PortStatus port, Instant now) => PortVerdict.Of(port, [], now);

    /// <summary>The verdicts of a moment.</summary>
    /// <param name="livePorts">The live state of the ports.</param>
    /// <param name="liveMeters">The live state of the meters.</param>
    /// <param name="now">The moment.</param>
    /// <param name="ofNodes">The problems between the nodes, which keep ports and meters from being seen.</param>
    public static FleetVerdicts Of(LivePorts livePorts, LiveMeters liveMeters, Instant now, IReadOnlyList<OpenProblem>? ofNodes = null)
    {
        var statuses = liveMeters.ById.Values.Select(meter => meter.Status).OfType<MeterStatus>().ToList();
        var byPort = statuses.ToLookup(meter => meter.Port, StringComparer.Ordinal);
        var ports = livePorts.ById.Values.Where(port => port.Status is not null).ToImmutableSortedDictionary(
            port => port.Id, port => Lost(port.Sight) ?? PortVerdict.Of(port.Status, [.. byPort[port.Id]], now), StringComparer.Ordinal);
        var meters = liveMeters.ById.Values.Where(meter => meter.Status is not null).ToImmutableSortedDictionary(
            meter => meter.Id,
            // What another node runs is known a little late, and was not older when it was told.
            meter => Lost(meter.Sight)
                ?? MeterVerdict.Of(meter, ports.GetValueOrDefault(meter.Status!.Port, Unknown), meter.Sight?.AsOf ?? now),
            StringComparer.Ordinal);
        return new FleetVerdicts(ports, meters, ProblemsOf());

        IReadOnlyList<OpenProblem> ProblemsOf()
        {
            var ofPorts = ports.Where(port => port.Value.NeedsAction).Select(port => new OpenProblem(
                port.Key, null, port.Value, livePorts.ById[port.Key].Status!.LastError,
                [.. byPort[port.Key].Where(meter => meters[meter.Id].Blame == port.Key).Select(meter => meter.Id)])
            {
                Node = livePorts.ById[port.Key].Sight?.Node,
            });
            var ofMeters = statuses.Where(meter => meters[meter.Id] is { NeedsAction: true, Blame: null }).Select(meter => new OpenProblem(
                meter.Port, meter.Id, meters[meter.Id], meter.LastError ?? meter.ClockAlarm, [meter.Id])
            {
                Node = liveMeters.ById[meter.Id].Sight?.Node,
            });
            return
            [
                .. ofNodes ?? [],
                .. ofPorts.Concat(ofMeters).OrderBy(problem => problem.Meter is not null)
                    .ThenByDescending(problem => problem.Verdict.Kind == VerdictKind.Down),
            ];
        }
    }

    /// <summary>
    /// The same with the times since which problems stand where these are known better. What a port keeps from being read has the port's
    /// time; of what a node keeps from being seen, it goes on saying when that was last seen.
    /// </summary>
    /// <param name="known">Since when a problem stands; null when that is not known better.</param>
    public FleetVerdicts WithSince(Func<OpenProblem, Instant?> known)
    {
        var (ports, meters, problems) = (Ports, Meters, new List<OpenProblem>());
        foreach (var problem in Problems)
        {
            var since = known(problem) ?? problem.Verdict.Since;
            problems.Add(problem with { Verdict = problem.Verdict with { Since = since } });
            if (problem.Port is not { } port)
                continue;
            if (problem.Meter is null)
                ports = ports.SetItem(port, ports[port] with { Since = since });
            meters = meters.SetItems(problem.Meters.Select(meter => KeyValuePair.Create(meter, meters[meter] with { Since = since })));
        }

        return new FleetVerdicts(ports, meters, problems);
    }

    /// <summary>Of what no node is seen to run, only one thing is known: how long ago it was seen.</summary>
    private static Verdict? Lost(Sight? sight) =>
        sight is { IsLost: true } ? new Verdict(VerdictKind.Unknown, sight.AsOf) { Cause = VerdictCause.NodeLost } : null;
}
