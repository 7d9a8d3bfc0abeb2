using System.Collections.Immutable;
using Iec102.Acquisition.Live;

namespace Iec102.Cluster.States;

/// <summary>The last known state of something that this node does not run.</summary>
/// <param name="Node">The node that stored it.</param>
/// <param name="State">The state.</param>
/// <param name="StoredAt">When it was stored, by this node's monotonic clock.</param>
public sealed record SeenState<T>(string Node, T State, TimeSpan StoredAt);

/// <summary>
/// The last known states of what this node does not run, for code outside the actors: the actor of the states updates it after each
/// exchange, and anybody may read it at any time. It may also have what this node has taken over since.
/// </summary>
public sealed class StatesView
{
    private volatile Shown _shown = new(
        ImmutableDictionary<string, SeenState<LivePort>>.Empty, ImmutableDictionary<string, SeenState<LiveMeter>>.Empty);

    private sealed record Shown(
        ImmutableDictionary<string, SeenState<LivePort>> Ports, ImmutableDictionary<string, SeenState<LiveMeter>> Meters);

    /// <summary>The ports, by id.</summary>
    public IReadOnlyDictionary<string, SeenState<LivePort>> Ports => _shown.Ports;

    /// <summary>The meters, by id.</summary>
    public IReadOnlyDictionary<string, SeenState<LiveMeter>> Meters => _shown.Meters;

    internal void Show(IEnumerable<(StateKey Key, SeenState<string> Stored)> states)
    {
        var (ports, meters) = (_shown.Ports, _shown.Meters);
        foreach (var (key, stored) in states)
        {
            if (key.Kind == StateKind.Port)
                ports = With(ports, key.Id, stored);
            else if (key.Kind == StateKind.Meter)
                meters = With(meters, key.Id, stored);
        }

        _shown = new Shown(ports, meters);
    }

    /// <summary>A state that a newer program has written and this one cannot understand is as good as none.</summary>
    private static ImmutableDictionary<string, SeenState<T>> With<T>(
        ImmutableDictionary<string, SeenState<T>> known, string id, SeenState<string> stored) where T : class =>
        StoredJson.TryRead<T>(stored.State, out var state)
            ? known.SetItem(id, new SeenState<T>(stored.Node, state, stored.StoredAt))
            : known.Remove(id);
}
