using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Iec102.Server.Api;

/// <summary>Accepts a connection to the API only when there is a place for it.</summary>
/// <param name="inner">The web server's own transport.</param>
/// <param name="connections">The connections to the API.</param>
internal sealed class ApiTransport(IConnectionListenerFactory inner, ApiConnections connections) : IConnectionListenerFactory
{
    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await inner.BindAsync(endpoint, cancellationToken), connections);

    private sealed class Listener(IConnectionListener inner, ApiConnections connections) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await connections.RoomAsync(_unbound.Token);
            }
            catch (OperationCanceledException)
            {
                // To the web server this is the end of the listener.
                return null;
            }

            return await inner.AcceptAsync(cancellationToken) is { } accepted ? connections.Add(accepted) : null;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await inner.UnbindAsync(cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            _unbound.Dispose();
            return inner.DisposeAsync();
        }
    }
}
