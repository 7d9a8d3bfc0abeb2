using Akka.Actor;
using Iec102.Acquisition.Ports;

namespace Iec102.Server.OneOff;

/// <summary>
/// A port that the server runs, asked for single exchanges between those of its meters, as an operator's requests are. Disposing it has the
/// port forget who asked.
/// </summary>
/// <param name="port">The port's actor.</param>
/// <param name="client">The name under which the exchanges are asked for; no meter has it.</param>
internal sealed class FleetPort(IActorRef port, string client) : IExchangePort, IDisposable
{
    /// <inheritdoc/>
    public async Task<ExchangeEnded> AskAsync(ExchangeRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        // A port that waits before it opens its line again refuses everything: somebody waits for this.
        port.Tell(new RetryNow(request.LinkAddress));
        return await port.Ask<ExchangeEnded>(request with { Client = client }, Timeout.InfiniteTimeSpan, ct);
    }

    /// <inheritdoc/>
    public void Dispose() => port.Tell(new UnregisterMeter(client));
}
