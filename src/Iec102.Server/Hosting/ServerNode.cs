using Akka.Actor;
using Iec102.Acquisition;
using Iec102.Acquisition.Fleet;
using Iec102.Acquisition.Readings;
using Iec102.Storage;

namespace Iec102.Server.Hosting;

/// <summary>What the API and the console see of the running server.</summary>
/// <param name="system">Its actor system.</param>
/// <param name="acquisition">The acquisition, once it is started.</param>
/// <param name="store">What is stored.</param>
internal sealed class ServerNode(ActorSystem system, Func<AcquisitionNode> acquisition, ReadingsStore store)
{
    private static readonly TimeSpan OverviewTimeout = TimeSpan.FromSeconds(5);

    /// <summary>All configured ports and meters have been started.</summary>
    public bool IsReady { get; set; }

    /// <summary>The configuration in force.</summary>
    public FleetConfiguration Fleet => acquisition().Fleet;

    /// <summary>What is stored.</summary>
    public ReadingsStore Store => store;

    /// <summary>The actor that knows what is known now, and tells what happens.</summary>
    public IActorRef Readings => acquisition().Readings;

    /// <summary>The actors that the frames of a port pass: the port's, and its gateway's.</summary>
    public IEnumerable<IActorRef> WatchedOn(string port) => new[] { acquisition().Port(port), acquisition().GatewayOf(port) }.OfType<IActorRef>();

    /// <summary>Starts an actor of the API's own.</summary>
    public IActorRef Start(Props props) => system.ActorOf(props);

    /// <summary>Stops it.</summary>
    public void Stop(IActorRef actor) => system.Stop(actor);

    /// <summary>Everything known now.</summary>
    public Task<Overview> OverviewAsync() => Readings.Ask<Overview>(new GetOverview(), OverviewTimeout);

    /// <summary>Asks a meter's actor; null when there is none or it does not answer in time.</summary>
    public Task<T?> AskMeter<T>(string meter, object message, TimeSpan timeout) where T : class => AskAsync<T>(acquisition().Meter(meter), message, timeout);

    /// <summary>Asks a curve's actor; null when there is none or it does not answer in time.</summary>
    public Task<T?> AskProfile<T>(string meter, Curve curve, object message, TimeSpan timeout) where T : class =>
        AskAsync<T>(acquisition().Profile(meter, curve), message, timeout);

    private static async Task<T?> AskAsync<T>(IActorRef? actor, object message, TimeSpan timeout) where T : class
    {
        if (actor is null)
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
