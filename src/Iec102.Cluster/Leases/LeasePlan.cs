using System.Collections.Immutable;
using Iec102.Acquisition.Ports;
using Iec102.Cluster.Nodes;
using Iec102.Fleet;

namespace Iec102.Cluster.Leases;

/// <summary>
/// Which ports a node wants: the pinned ones; of the floating ones those whose turn it is to own. A port that it owns is given back to the
/// node whose turn comes first once that has lasted for <see cref="ClusterConfiguration.Handback"/>, and is given up for
/// <see cref="Rest"/> when its line could not be opened for <see cref="Patience"/> while another node could own it.
/// </summary>
/// <param name="own">The node.</param>
internal sealed class LeasePlan(NodeConfiguration own)
{
    /// <summary>How long a line may fail to open before another node tries.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>How long a node does not try a port again that it has given up.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, TimeSpan> _failingSince = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _othersTurnSince = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, TimeSpan> _restsUntil = new(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, PortConfiguration> _floating =
        ImmutableSortedDictionary.Create<string, PortConfiguration>(StringComparer.Ordinal);
    private IReadOnlyList<NodeReport> _reports = [];
    private IReadOnlySet<long> _held = new HashSet<long>();
    private ImmutableHashSet<string> _unlockedElsewhere = [];
    private TimeSpan _handback;
    private bool _isDraining;
    private Dictionary<string, Chance> _chances = [];

    /// <summary>Whose turn it is to own a port, who takes it when it is nobody's, and whether another node than this one could.</summary>
    private sealed record Chance(string? Turn, string? LastResort, bool HasOther);

    /// <summary>The ports that are pinned to this node.</summary>
    public ImmutableHashSet<string> Pinned { get; private set; } = [];

    /// <summary>It gives its floating ports away, and takes none that another node takes.</summary>
    public bool IsDraining
    {
        get => _isDraining;
        set
        {
            _isDraining = value;
            Place();
        }
    }

    /// <summary>The ports that were given up because their lines could not be opened.</summary>
    public ImmutableSortedSet<string> Unable { get; private set; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The server stops: every port is given away.</summary>
    public bool IsEnding { get; set; }

    /// <summary>The other nodes can see that it stops.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>This is the fleet from now on.</summary>
    public void Apply(FleetConfiguration fleet)
    {
        var enabled = fleet.Ports.Where(port => port.Enabled).ToList();
        _handback = fleet.Cluster.Handback;
        Pinned = [.. enabled.Where(port => port.Placement.Node == own.Id).Select(port => port.Id)];
        _floating = enabled
            .Where(port => port.Placement is { Node: null, Nodes: var nodes } && (nodes.Count == 0 || nodes.Contains(own.Id)))
            .ToImmutableSortedDictionary(port => port.Id, port => port, StringComparer.Ordinal);
        Place();
    }

    /// <summary>This is what the nodes say of themselves.</summary>
    public void See(IReadOnlyList<NodeReport> reports)
    {
        _reports = reports;
        Place();
    }

    /// <summary>This is what the nodes that are not silent say of themselves: what they run without a lock, nobody else begins.</summary>
    public void SeeUnlocked(IEnumerable<NodeReport> reports) =>
        _unlockedElsewhere = [.. reports.Where(report => report.Id != own.Id).SelectMany(report => report.Unlocked)];

    /// <summary>
    /// Whether a port that is pinned here is still run by a node with another fleet file, or floats; as far as is known.
    /// </summary>
    public bool IsElsewhere(string port) => _unlockedElsewhere.Contains(port) || _held.Contains(LockName.OfPort(port).Key);

    /// <summary>These locks are held by any node; none are known while there is no session.</summary>
    public void See(IReadOnlySet<long> held)
    {
        if (held.SetEquals(_held))
            return;
        _held = held;
        Place();
    }

    /// <summary>The state of a port of this node has changed.</summary>
    public void See(PortStatus status, TimeSpan now)
    {
        if (status is { State: PortState.BackingOff, Fault: LineFault.NotOpened })
            _failingSince.TryAdd(status.Id, now);
        else if (status.State is not PortState.Opening)
            _failingSince.Remove(status.Id);
    }

    /// <summary>Judges what has become of time.</summary>
    /// <param name="owned">The floating ports that this node owns.</param>
    /// <param name="now">The moment.</param>
    /// <returns>The ports that it gives up now.</returns>
    public IReadOnlyList<string> At(IReadOnlyCollection<string> owned, TimeSpan now)
    {
        foreach (var port in _failingSince.Keys.Except(owned).ToList())
            _failingSince.Remove(port);
        var rested = _restsUntil.Where(rest => rest.Value <= now).Select(rest => rest.Key).ToList();
        var givenUp = _failingSince
            .Where(failing => now - failing.Value >= Patience && !_restsUntil.ContainsKey(failing.Key)
                && _chances.GetValueOrDefault(failing.Key) is { HasOther: true })
            .Select(failing => failing.Key).Order(StringComparer.Ordinal).ToList();
        foreach (var port in rested)
            _restsUntil.Remove(port);
        foreach (var port in givenUp)
            _restsUntil[port] = now + Rest;
        if (rested.Count + givenUp.Count > 0)
            Place();
        foreach (var (port, chance) in _chances)
        {
            if (chance.Turn is { } turn && turn != own.Id && owned.Contains(port))
                _othersTurnSince.TryAdd(port, now);
            else
                _othersTurnSince.Remove(port);
        }

        return givenUp;
    }

    /// <summary>
    /// The locks that are to be tried: first those whose guards are open, then the node's name, then the free ports whose turn it is here.
    /// </summary>
    /// <param name="lease">The lease, with a session.</param>
    /// <param name="running">The ports of which something still runs here; they are not taken anew before that has ended.</param>
    /// <param name="now">The moment.</param>
    public IEnumerable<LockName> LocksToTry(Lease lease, IReadOnlySet<string> running, Moment now)
    {
        foreach (var (port, hold) in lease.Holds)
        {
            if (!hold.IsLocked && lease.MayTake(port, now))
                yield return LockName.OfPort(port);
        }

        if (lease.Session is { IsNamed: false })
            yield return LockName.OfNode(own.Id);
        if (IsEnding && !IsLeaving && lease.Session is { IsNamed: true })
            yield return LockName.OfLeaving(own.Id);
        foreach (var port in IsEnding ? [] : _floating.Keys)
        {
            if ((_chances[port].Turn ?? _chances[port].LastResort) == own.Id && !lease.Holds.ContainsKey(port) && !running.Contains(port)
                && lease.MayTake(port, now) && !IsElsewhere(port))
            {
                yield return LockName.OfPort(port);
            }
        }
    }

    /// <summary>Whether this node gives a floating port away that it owns.</summary>
    /// <param name="id">The port's id.</param>
    /// <param name="open">How long its guard is open after a beat, which was decided when it was taken.</param>
    /// <param name="now">The moment.</param>
    public bool GivesAway(string id, TimeSpan open, TimeSpan now)
    {
        if (IsEnding || !_floating.TryGetValue(id, out var port) || own.Ttl - LeaseTiming.MarginOf(port) != open)
            return true;
        return _othersTurnSince.TryGetValue(id, out var since) && (IsDraining || Unable.Contains(id) || now - since >= _handback);
    }

    /// <summary>The margin of a floating port; of one that this node may not own, so much that its guard never opens.</summary>
    public TimeSpan MarginOf(string id) => _floating.TryGetValue(id, out var port) ? LeaseTiming.MarginOf(port) : own.Ttl;

    private void Place()
    {
        Unable = _restsUntil.Keys.ToImmutableSortedSet(StringComparer.Ordinal);
        var alive = _reports.Select(report => report.Id).Concat(_floating.Values.SelectMany(port => port.Placement.Nodes))
            .Where(id => _held.Contains(LockName.OfNode(id).Key) && !_held.Contains(LockName.OfLeaving(id).Key))
            .ToHashSet(StringComparer.Ordinal);
        var placement = new Placement(new OwnPlace(own.Id, IsDraining, Unable), alive, _reports);
        _chances = _floating.Values.ToDictionary(
            port => port.Id,
            port => new Chance(placement.Turn(port), placement.LastResort(port), placement.HasOther(port)), StringComparer.Ordinal);
    }
}
