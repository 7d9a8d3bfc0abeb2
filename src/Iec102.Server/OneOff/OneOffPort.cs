using Akka.Actor;
using Akka.Configuration;
using Iec102.Acquisition.Ports;
using Iec102.Lines;

namespace Iec102.Server.OneOff;

/// <summary>A port on which single exchanges can be asked for.</summary>
internal interface IExchangePort
{
    /// <summary>Runs one exchange.</summary>
    Task<ExchangeEnded> AskAsync(ExchangeRequest request, CancellationToken ct);
}

/// <summary>
/// A line of its own, without a server: the server's port actor, alone in an actor system. Disposing it ends the sessions (187) and
/// closes the line.
/// </summary>
internal sealed class OneOffPort : IExchangePort, IAsyncDisposable
{
    private const string Silent =
        "akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off, log-dead-letters-during-shutdown = off }";

    /// <summary>
    /// More time than the slowest line needs for a chunk; the budgets of the link end a failing exchange earlier.
    /// </summary>
    public static readonly TimeSpan ExchangeLimit = TimeSpan.FromMinutes(30);

    private readonly ActorSystem _system = ActorSystem.Create("one-off", ConfigurationFactory.ParseString(Silent));
    private readonly TimeSpan _replyTimeout;
    private readonly IActorRef _port;

    /// <summary>A port whose line is opened by the first request.</summary>
    /// <param name="line">Opens it.</param>
    /// <param name="settings">How it is used.</param>
    public OneOffPort(ILineFactory line, PortSettings settings)
    {
        _replyTimeout = settings.Timing.ReplyTimeout;
        var setup = new PortSetup(settings, line, ActorRefs.Nobody, TimeProvider.System, new PortMeters(), new LinePause());
        _port = _system.ActorOf(Props.Create(() => new PortActor(setup)), "port");
    }

    /// <summary>
    /// Runs one exchange, which always ends: the budgets of the link see to that. Stopping it releases the port, which cuts the exchange at
    /// its next frame, so that nothing that has arrived is lost.
    /// </summary>
    public async Task<ExchangeEnded> AskAsync(ExchangeRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var asked = _port.Ask<ExchangeEnded>(request, Timeout.InfiniteTimeSpan, CancellationToken.None);
        await using var stopping = ct.Register(() => _port.Tell(new ReleasePort()));
        return await asked;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            // One reply timeout for the running exchange to reach its next frame, another for the end of the session.
            await _port.GracefulStop(2 * _replyTimeout + TimeSpan.FromSeconds(1), new ReleasePort());
        }
        catch (TaskCanceledException)
        {
            // The meter ends the session by itself after a while.
        }

        await _system.Terminate();
    }
}
