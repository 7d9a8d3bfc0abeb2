using System.Net;
using System.Net.Sockets;

namespace Iec102.Server.Hosting;

/// <summary>
/// Finds out whether the API can listen before anything else is started: the web server itself is started last, when lines are open.
/// </summary>
internal static class ApiAddresses
{
    /// <summary>Checks that no other program listens where the API is to listen.</summary>
    /// <exception cref="IOException">An address is in use, or belongs to another computer; its message says which of them.</exception>
    public static void CheckFree(IEnumerable<string> urls)
    {
        foreach (var address in urls.Select(BindingAddress.Parse).Where(address => address.Port > 0))
        {
            var ip = address.Host == "localhost" ? IPAddress.Loopback
                : IPAddress.TryParse(address.Host.Trim('[', ']'), out var literal) ? literal
                : IPAddress.Any;
            using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(ip, address.Port));
            }
            catch (SocketException e)
            {
                throw new IOException(
                    e.SocketErrorCode switch
                    {
                        SocketError.AddressAlreadyInUse => $"another program uses port {address.Port}.",
                        SocketError.AddressNotAvailable => $"{ip} is not an address of this computer.",
                        SocketError.AccessDenied => $"this user may not open port {address.Port}.",
                        _ => $"{e.Message.TrimEnd('.')}.",
                    },
                    e);
            }
        }
    }
}
