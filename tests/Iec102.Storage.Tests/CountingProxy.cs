using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Iec102.Storage.Tests;

/// <summary>
/// Stands between a client and a PostgreSQL server and counts round trips: how often the server has said that it is ready for the next
/// query. It understands connections without encryption.
/// </summary>
internal sealed class CountingProxy : IDisposable
{
    private const byte ReadyForQuery = (byte)'Z';
    private const int HeaderOctets = 5;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private int _count;

    public CountingProxy(int server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many round trips an action takes.</summary>
    public int Of(Action action)
    {
        Interlocked.Exchange(ref _count, 0);
        action();
        return Volatile.Read(ref _count);
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The proxy is disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            client.NoDelay = server.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _server);
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), CountAsync(server.GetStream(), client.GetStream()));
        }
    }

    /// <summary>Passes on what the server sends, message by message: a type, a length that includes itself, and the rest.</summary>
    private async Task CountAsync(NetworkStream server, NetworkStream client)
    {
        var message = new byte[HeaderOctets];
        while (true)
        {
            await server.ReadExactlyAsync(message.AsMemory(0, HeaderOctets));
            var length = 1 + BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(1));
            if (message.Length < length)
                Array.Resize(ref message, length);
            await server.ReadExactlyAsync(message.AsMemory(HeaderOctets, length - HeaderOctets));
            if (message[0] == ReadyForQuery)
                Interlocked.Increment(ref _count);
            await client.WriteAsync(message.AsMemory(0, length));
        }
    }
}
