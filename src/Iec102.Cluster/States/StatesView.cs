using System.Collections.Immutable;
using Iec102.Acquisition;
using Iec102.Acquisition.Live;
using NodaTime;

namespace Iec102.Cluster.States;

/// <summary>The last known state of a port or a meter.</summary>
/// <param name="Node">The node that stored it.</param>
/// <param name="State">The state.</param>
/// <param name="StoredAt">When it was stored, by this node's monotonic clock.</param>
public sealed record SeenState<T>(string Node, T State, TimeSpan StoredAt);

/// <summary>
/// The last known states of everything, for code outside the actors: the actor of the states updates it after each exchange, and anybody
/// may read it at any time. What this node runs, its live state knows better.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class StatesView(TimeProvider time)
{
    private readonly TimeSpan _since = time.Elapsed();
    private volatile Shown _shown = new(
        ImmutableDictionary<string, SeenState<LivePort>>.Empty, ImmutableDictionary<string, SeenState<LiveMeter>>.Empty, null, null);

    private sealed record Shown(
        ImmutableDictionary<string, SeenState<LivePort>> Ports, ImmutableDictionary<string, SeenState<LiveMeter>> Meters,
        TimeSpan? StoredAt, TimeSpan? ReadAt);

    /// <summary>The ports, by id.</summary>
    public IReadOnlyDictionary<string, SeenState<LivePort>> Ports => _shown.Ports;

    /// <summary>The meters, by id.</summary>
    public IReadOnlyDictionary<string, SeenState<LiveMeter>> Meters => _shown.Meters;

    /// <summary>How old this node's states are for others: the time since all were stored, or since the start if they never were.</summary>
    public Duration StoredAge => AgeOf(_shown.StoredAt);

    /// <summary>How old those of others are at least: the time since all were read, or since the start if they never were.</summary>
    public Duration ReadAge => AgeOf(_shown.ReadAt);

    /// <param name="at">The moment at which this node's states were as they are stored now, by the monotonic clock.</param>
    internal void ShowStored(TimeSpan at) => _shown = _shown with { StoredAt = at };

    /// <param name="self">The id of this node.</param>
    /// <param name="own">What it runs now; kept for the moment when it runs it no longer.</param>
    /// <param name="read">What others have stored.</param>
    /// <param name="now">The moment at which it was read, by the monotonic clock.</param>
    internal void Show(
        string self, IEnumerable<KeyValuePair<StateKey, object>> own, IEnumerable<StoredState> read, TimeSpan now)
    {
        var (ports, meters) = (_shown.Ports.ToBuilder(), _shown.Meters.ToBuilder());
        foreach (var stored in read)
        {
            var at = now - stored.Age.ToTimeSpan();
            if (stored.Key.Kind == StateKind.Port)
                Set(ports, stored, at);
            else if (stored.Key.Kind == StateKind.Meter)
                Set(meters, stored, at);
        }

        foreach (var (key, state) in own)
        {
            if (state is LivePort port)
                ports[key.Id] = new SeenState<LivePort>(self, port, now);
            else if (state is LiveMeter meter)
                meters[key.Id] = new SeenState<LiveMeter>(self, meter, now);
        }

        _shown = _shown with { Ports = ports.ToImmutable(), Meters = meters.ToImmutable(), ReadAt = now };
    }

    private Duration AgeOf(TimeSpan? moment) => Duration.FromTimeSpan(time.Elapsed() - (moment ?? _since));

    /// <summary>A state that a newer program has written and this one cannot understand is as good as none.</summary>
    private static void Set<T>(ImmutableDictionary<string, SeenState<T>>.Builder known, StoredState stored, TimeSpan at) where T : class
    {
        if (StoredJson.TryRead<T>(stored.State, out var state))
            known[stored.Key.Id] = new SeenState<T>(stored.Node, state, at);
        else
            known.Remove(stored.Key.Id);
    }
}
