using Akka.Actor;
using Akka.Hosting;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Readings;
using Iec102.Fleet;
using Iec102.Storage.Reading;

namespace Iec102.Server.Hosting;

/// <summary>What the API and the console see of the running server.</summary>
/// <param name="system">Its actor system.</param>
/// <param name="readings">The actor that knows what is known now.</param>
/// <param name="fleet">The state of the fleet.</param>
/// <param name="store">What is stored.</param>
internal sealed class ServerNode(ActorSystem system, IRequiredActor<ReadingsActor> readings, FleetView fleet, ReadingsStore store)
{
    private static readonly TimeSpan OverviewTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The configuration in force, or about to be.</summary>
    public FleetConfiguration Fleet => FleetStatus.Fleet;

    /// <summary>How much of it is in force.</summary>
    public FleetStatus FleetStatus => fleet.Status;

    /// <summary>What is stored.</summary>
    public ReadingsStore Store => store;

    /// <summary>The actor that knows what is known now, and tells what happens.</summary>
    public IActorRef Readings => readings.ActorRef;

    /// <summary>The actors that the frames of a port pass: the port's, and its gateway's.</summary>
    public IEnumerable<IActorRef> WatchedOn(string port) =>
        new[] { fleet.Actor(new FleetChild(FleetPart.Port, port)), fleet.Actor(new FleetChild(FleetPart.Gateway, port)) }.OfType<IActorRef>();

    /// <summary>Starts an actor of the API's own.</summary>
    public IActorRef Start(Props props) => system.ActorOf(props);

    /// <summary>Stops it.</summary>
    public void Stop(IActorRef actor) => system.Stop(actor);

    /// <summary>Everything known now.</summary>
    public Task<Overview> OverviewAsync() => Readings.Ask<Overview>(new GetOverview(), OverviewTimeout);

    /// <summary>Asks a meter's actor; null when there is none or it does not answer in time.</summary>
    public Task<T?> AskMeter<T>(string meter, object message, TimeSpan timeout) where T : class =>
        AskAsync<T>(new FleetChild(FleetPart.Meter, meter), message, timeout);

    /// <summary>Asks a curve's actor; null when there is none or it does not answer in time.</summary>
    public Task<T?> AskProfile<T>(string meter, Curve curve, object message, TimeSpan timeout) where T : class =>
        AskAsync<T>(new FleetChild(FleetPart.Profile, meter, curve), message, timeout);

    private async Task<T?> AskAsync<T>(FleetChild child, object message, TimeSpan timeout) where T : class
    {
        if (fleet.Actor(child) is not { } actor)
            return null;
        try
        {
            return await actor.Ask<T>(message, timeout);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
