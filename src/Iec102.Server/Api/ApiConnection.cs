using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Iec102.Server.Api;

/// <summary>
/// A connection to the API, which holds one of the places of <see cref="ApiConnections"/> until its socket is closed. Everything else is
/// passed on to the web server's own connection.
/// </summary>
internal sealed class ApiConnection : ConnectionContext
{
    private readonly ConnectionContext _inner;
    private readonly ApiConnections _all;

    /// <summary>Creates a connection that waits for its first request.</summary>
    /// <param name="inner">The web server's connection.</param>
    /// <param name="all">The connections that it is one of.</param>
    /// <param name="now">The time.</param>
    public ApiConnection(ConnectionContext inner, ApiConnections all, TimeSpan now)
    {
        (_inner, _all, IdleSince) = (inner, all, now);
        // By this its requests find it.
        inner.Features.Set(this);
    }

    /// <summary>Since when it has waited for a request; null while one is being answered.</summary>
    public TimeSpan? IdleSince { get; set; }

    /// <summary>Whether it has been cut, and will be gone in a moment.</summary>
    public bool IsCut { get; set; }

    /// <summary>Whether it is a stream at present.</summary>
    public bool IsStream { get; set; }

    /// <summary>Whether one of its requests was let in, so that it belongs to somebody who may call the API.</summary>
    public bool IsKnown { get; set; }

    /// <inheritdoc/>
    public override string ConnectionId { get => _inner.ConnectionId; set => _inner.ConnectionId = value; }

    /// <inheritdoc/>
    public override IFeatureCollection Features => _inner.Features;

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get => _inner.Items; set => _inner.Items = value; }

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get => _inner.Transport; set => _inner.Transport = value; }

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed { get => _inner.ConnectionClosed; set => _inner.ConnectionClosed = value; }

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint { get => _inner.LocalEndPoint; set => _inner.LocalEndPoint = value; }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint { get => _inner.RemoteEndPoint; set => _inner.RemoteEndPoint = value; }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => _inner.Abort(abortReason);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync();
        await base.DisposeAsync();
        _all.Remove(this);
    }
}
