using Iec102.Fleet;
using Iec102.Storage.Writing;

namespace Iec102.Server.Deliveries;

/// <summary>What the actor of the deliveries works with.</summary>
/// <param name="Work">Looks at a delivery, and writes what is due.</param>
/// <param name="Fleet">The fleet, at the moment of a call; null while it is not known yet.</param>
/// <param name="Keeps">Whether this node delivers, at the moment of a call: of several nodes the one that keeps the alarms does.</param>
/// <param name="Time">The clock.</param>
internal sealed record DeliverySetup(DeliveryWork Work, Func<FleetConfiguration?> Fleet, Func<bool> Keeps, TimeProvider Time);

/// <summary>How a delivery is.</summary>
/// <param name="Problem">Why it cannot be written at present; null when it can.</param>
/// <param name="Files">What is known of its files.</param>
internal sealed record DeliveryState(string? Problem, IReadOnlyList<DeliveredFile> Files);

// Commands to the DeliveryActor. On a node that does not deliver each is answered by DeliveriesElsewhere.

/// <summary>Asks how the deliveries are; answered by <see cref="DeliveryStates"/>.</summary>
internal sealed record GetDeliveries;

/// <summary>Wants the last whole period of a delivery now; answered by <see cref="DeliveryLook"/> when that is done.</summary>
/// <param name="Name">The name of the delivery.</param>
internal sealed record RunDelivery(string Name);

// Answers of the DeliveryActor.

/// <summary>Answer to <see cref="GetDeliveries"/>.</summary>
/// <param name="ByName">The deliveries that were looked at since the start.</param>
/// <param name="IsBusy">Whether it is looking at one at the moment.</param>
internal sealed record DeliveryStates(IReadOnlyDictionary<string, DeliveryState> ByName, bool IsBusy);

/// <summary>Another node delivers.</summary>
internal sealed record DeliveriesElsewhere;
