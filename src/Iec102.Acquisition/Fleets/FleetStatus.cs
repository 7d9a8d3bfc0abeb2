using System.Collections.Immutable;
using Akka.Actor;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Fleets;

/// <summary>
/// The kinds of children of the fleet's actor, in the order in which they are started: each needs only children of the kinds before it.
/// </summary>
public enum FleetPart
{
    /// <summary>A port.</summary>
    Port,

    /// <summary>One curve of a meter.</summary>
    Profile,

    /// <summary>A meter; needs its port and its curves.</summary>
    Meter,

    /// <summary>The gateway of a port; needs the port.</summary>
    Gateway,
}

/// <summary>One child of the fleet's actor.</summary>
/// <param name="Part">What it is.</param>
/// <param name="Id">The id of the port or meter.</param>
/// <param name="Curve">The curve of a profile.</param>
public readonly record struct FleetChild(FleetPart Part, string Id, Curve? Curve = null)
{
    /// <summary>The name of its actor below /user/fleet, such as <c>meter-m-1</c>.</summary>
    public string ActorName => Curve is { } curve ? $"profile-{Id}-{curve.Name()}" : $"{Part.ToString().ToLowerInvariant()}-{Id}";

    /// <summary>For people, such as <c>gateway of port north</c>.</summary>
    public override string ToString() => Part switch
    {
        FleetPart.Port => $"port {Id}",
        FleetPart.Meter => $"meter {Id}",
        FleetPart.Gateway => $"gateway of port {Id}",
        _ => $"{Curve?.Name()} curve of meter {Id}",
    };
}

/// <summary>What is being done with a child.</summary>
public enum FleetChange
{
    /// <summary>It is new.</summary>
    Start,

    /// <summary>Its configuration has changed: it is stopped, and started again with its new settings.</summary>
    Restart,

    /// <summary>It is no longer configured, or is disabled.</summary>
    Stop,
}

/// <summary>A change that is accepted but not yet in force.</summary>
/// <param name="Child">The child.</param>
/// <param name="Change">What is being done.</param>
/// <param name="Since">Since when.</param>
/// <param name="IsEnding">
/// It has been asked to end and has not ended yet: a port ends its sessions and closes its line, a curve stores what it has been given.
/// </param>
/// <param name="WaitsFor">The children that must end or start first; empty while it is ending itself.</param>
public sealed record PendingChange(FleetChild Child, FleetChange Change, Instant Since, bool IsEnding, ValueList<FleetChild> WaitsFor);

/// <summary>A child that could not be started; the start is retried.</summary>
/// <param name="Child">The child.</param>
/// <param name="Error">Why, in one sentence.</param>
/// <param name="NextTry">When the start is retried.</param>
public sealed record FailedChange(FleetChild Child, string Error, Instant NextTry);

/// <summary>A changed fleet file that is not applied.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Problems">What is wrong with it.</param>
public sealed record FleetRejection(Instant At, ValueList<FleetProblem> Problems);

/// <summary>The fleet as it is configured, and how much of that is in force.</summary>
/// <param name="Fleet">The last configuration that was accepted.</param>
/// <param name="AcceptedAt">When it was accepted; null before the first.</param>
/// <param name="Pending">What is not in force yet; empty when everything is.</param>
/// <param name="Failed">What could not be started.</param>
/// <param name="Rejected">A later change of the file that is not valid; null when there is none.</param>
public sealed record FleetStatus(
    FleetConfiguration Fleet, Instant? AcceptedAt, ValueList<PendingChange> Pending, ValueList<FailedChange> Failed,
    FleetRejection? Rejected)
{
    /// <summary>Before anything was configured.</summary>
    public static FleetStatus Empty { get; } = new(new FleetConfiguration(), null, [], [], null);

    /// <summary>Everything that this node is to run runs, and nothing else; a node that is alone is to run everything.</summary>
    public bool IsInForce => AcceptedAt is not null && Pending.Count == 0 && Failed.Count == 0;
}

/// <summary>
/// The state of the fleet for code outside the actors: the fleet's actor updates it after each change, and anybody may read it at any time.
/// </summary>
public sealed class FleetView
{
    private sealed record Shown(FleetStatus Status, ImmutableDictionary<FleetChild, IActorRef> Actors);

    private volatile Shown _shown = new(FleetStatus.Empty, ImmutableDictionary<FleetChild, IActorRef>.Empty);

    /// <summary>The state now.</summary>
    public FleetStatus Status => _shown.Status;

    /// <summary>
    /// The actor of a port, meter, curve or gateway; null when it is not configured, disabled, run by another node, or not started yet.
    /// </summary>
    public IActorRef? Actor(FleetChild child) => _shown.Actors.GetValueOrDefault(child);

    internal void Show(FleetStatus status, ImmutableDictionary<FleetChild, IActorRef> actors) => _shown = new Shown(status, actors);
}
