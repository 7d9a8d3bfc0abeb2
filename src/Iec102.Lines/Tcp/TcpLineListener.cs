using System.Net;
using System.Net.Sockets;

namespace Iec102.Lines.Tcp;

/// <summary>The other end of TCP lines: waits for connections and hands each one out as a line.</summary>
public sealed class TcpLineListener : IDisposable
{
    private readonly Socket _socket;

    /// <summary>Starts to listen.</summary>
    /// <param name="port">the TCP port; 0 lets the system choose a free one, see <see cref="Port"/></param>
    /// <param name="address">the address to listen on; loopback by default</param>
    /// <exception cref="LineException">the address does not belong to this computer, or the port is taken</exception>
    public TcpLineListener(int port = 0, IPAddress? address = null)
    {
        var here = new IPEndPoint(address ?? IPAddress.Loopback, port);
        _socket = new Socket(here.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(here);
            _socket.Listen();
        }
        catch (SocketException error)
        {
            _socket.Dispose();
            throw new LineException(Explain(here, error.SocketErrorCode), error);
        }
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
    }

    /// <summary>The TCP port that it listens on.</summary>
    public int Port { get; }

    /// <summary>Waits for the next connection.</summary>
    /// <exception cref="LineException">the listener was disposed, or the system has no room for another connection</exception>
    public async ValueTask<TcpLine> AcceptAsync(CancellationToken ct)
    {
        while (true)
        {
            Socket? client = null;
            try
            {
                client = await _socket.AcceptAsync(ct);
                return new TcpLine(client);
            }
            catch (SocketException error) when (
                error.SocketErrorCode is SocketError.NotConnected or SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // This client has already gone; the next one may stay.
                client?.Dispose();
            }
            catch (Exception error) when (
                error is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                throw new LineException($"The listener on TCP port {Port} has been closed.", error);
            }
            catch (SocketException error)
            {
                throw new LineException($"A connection to TCP port {Port} cannot be accepted: {error.Message}.", error);
            }
        }
    }

    /// <summary>Stops listening; lines already handed out stay open.</summary>
    public void Dispose() => _socket.Dispose();

    private static string Explain(IPEndPoint here, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => $"TCP port {here.Port} on {here.Address} is taken by another program; choose another port.",
        SocketError.AddressNotAvailable => $"{here.Address} is not an address of this computer.",
        SocketError.AccessDenied => $"This user may not listen on TCP port {here.Port}; choose one above 1023.",
        _ => $"Listening on {here} is not possible: {new SocketException((int)error).Message}.",
    };
}
