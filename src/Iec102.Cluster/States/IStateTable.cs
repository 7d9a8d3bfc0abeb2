using NodaTime;

namespace Iec102.Cluster.States;

/// <summary>What a state is of.</summary>
public enum StateKind : short
{
    /// <summary>A port.</summary>
    Port = 1,

    /// <summary>A meter.</summary>
    Meter = 2,
}

/// <summary>Names a port or a meter.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Id">Its id.</param>
public readonly record struct StateKey(StateKind Kind, string Id);

/// <summary>The state of a port or a meter, as its node stored it.</summary>
/// <param name="Key">Of what.</param>
/// <param name="Node">The node.</param>
/// <param name="State">The state, as JSON.</param>
/// <param name="Age">How long ago it was stored, by the clock of the database.</param>
public sealed record StoredState(StateKey Key, string Node, string State, Duration Age);

/// <summary>Where nodes read the states of what others run. In the product this is a table of the shared database.</summary>
public interface IStateTable
{
    /// <summary>Stores states of this node, in place of those that were stored of the same things by whomever.</summary>
    /// <param name="own">What has changed since it was last stored, or a part of that.</param>
    /// <param name="ct">Gives up.</param>
    Task StoreAsync(IReadOnlyDictionary<StateKey, string> own, CancellationToken ct);

    /// <summary>
    /// Reads what others have stored since it was last read, some of it perhaps again; at first everything, also what this node stored in
    /// its last life.
    /// </summary>
    /// <param name="ct">Gives up.</param>
    Task<IReadOnlyList<StoredState>> ReadAsync(CancellationToken ct);
}
