using System.Collections.Immutable;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using NodaTime;

namespace Iec102.Acquisition.Verdicts;

/// <summary>Something that a person has to put right: of a port, with all meters behind it, or of one meter.</summary>
/// <param name="Port">The port, or the port of the meter.</param>
/// <param name="Meter">The meter; null when the port is to blame.</param>
/// <param name="Verdict">What is wrong.</param>
/// <param name="LastError">The last failure, in one sentence.</param>
/// <param name="Meters">The meters that it keeps from being read, or spoils.</param>
public sealed record OpenProblem(string Port, string? Meter, Verdict Verdict, string? LastError, IReadOnlyList<string> Meters);

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

    /// <summary>The problems: ports first, what is down before what needs attention, then in the order of ids.</summary>
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
    public static FleetVerdicts Of(LivePorts livePorts, LiveMeters liveMeters, Instant now)
    {
        var statuses = liveMeters.ById.Values.Select(meter => meter.Status).OfType<MeterStatus>().ToList();
        var byPort = statuses.ToLookup(meter => meter.Port, StringComparer.Ordinal);
        var ports = livePorts.ById.Values.Where(port => port.Status is not null).ToImmutableSortedDictionary(
            port => port.Id, port => PortVerdict.Of(port.Status, [.. byPort[port.Id]], now), StringComparer.Ordinal);
        var meters = liveMeters.ById.Values.Where(meter => meter.Status is not null).ToImmutableSortedDictionary(
            meter => meter.Id, meter => MeterVerdict.Of(meter, ports.GetValueOrDefault(meter.Status!.Port, Unknown), now),
            StringComparer.Ordinal);
        return new FleetVerdicts(ports, meters, ProblemsOf());

        IReadOnlyList<OpenProblem> ProblemsOf()
        {
            var ofPorts = ports.Where(port => port.Value.NeedsAction).Select(port => new OpenProblem(
                port.Key, null, port.Value, livePorts.ById[port.Key].Status!.LastError,
                [.. byPort[port.Key].Where(meter => meters[meter.Id].Blame == port.Key).Select(meter => meter.Id)]));
            var ofMeters = statuses.Where(meter => meters[meter.Id] is { NeedsAction: true, Blame: null }).Select(meter => new OpenProblem(
                meter.Port, meter.Id, meters[meter.Id], meter.LastError ?? meter.ClockAlarm, [meter.Id]));
            return
            [
                .. ofPorts.Concat(ofMeters).OrderBy(problem => problem.Meter is not null)
                    .ThenByDescending(problem => problem.Verdict.Kind == VerdictKind.Down),
            ];
        }
    }
}
