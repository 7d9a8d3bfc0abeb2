using System.Net;
using System.Net.Sockets;

namespace Iec102.Lines.Tcp;

/// <summary>A line over an open TCP connection: every octet is passed on unchanged and without delay.</summary>
public sealed class TcpLine : ILine
{
    private readonly Socket _socket;
    private volatile bool _closed;

    internal TcpLine(Socket connected)
    {
        _socket = connected;
        _socket.NoDelay = true;
        FarEnd = (IPEndPoint)connected.RemoteEndPoint!;
    }

    /// <summary>Address and port of the far end.</summary>
    public IPEndPoint FarEnd { get; }

    /// <inheritdoc/>
    public TimeSpan CharacterTime => TimeSpan.Zero;

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            var count = await _socket.ReceiveAsync(buffer, SocketFlags.None, ct);
            return count > 0 || !_closed ? count : throw new ObjectDisposedException(nameof(TcpLine));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            throw Lost(error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        try
        {
            while (!octets.IsEmpty)
            {
                var sent = await _socket.SendAsync(octets, SocketFlags.None, ct);
                octets = octets[sent..];
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            throw Lost(error);
        }
    }

    /// <inheritdoc/>
    public void DropUnsent()
    {
        try
        {
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The connection is gone already.
        }
    }

    /// <summary>Closes the connection so that a converter, which often accepts only one client, is free again at once.</summary>
    public ValueTask DisposeAsync()
    {
        _closed = true;
        try
        {
            // This comes first: closing the socket under a pending read would reset the connection and lose octets in transit.
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The connection is gone already.
        }
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private LineException Lost(Exception error) => error switch
    {
        ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted } =>
            new LineException($"The connection with {FarEnd} was closed by this program.", error),
        SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable } =>
            new LineException($"The connection with {FarEnd} is lost: the far end no longer answers.", error),
        _ => new LineException($"The connection with {FarEnd} is lost: {error.Message}.", error),
    };
}
