using System.Net;
using System.Net.Sockets;

namespace Iec102.Page.Tests.Sites;

/// <summary>A page of somebody else, on a port of its own.</summary>
internal sealed class ForeignSite : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    /// <summary>Serves an empty page.</summary>
    /// <param name="host">The name under which browsers find it: 127.0.0.1 or localhost.</param>
    public ForeignSite(string host)
    {
        Url = $"http://{host}:{FreePort()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Its address.</summary>
    public string Url { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var answer = (await _listener.GetContextAsync()).Response;
                answer.ContentType = "text/html";
                await answer.OutputStream.WriteAsync("<!DOCTYPE html><title>Somebody else</title>"u8.ToArray());
                answer.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
