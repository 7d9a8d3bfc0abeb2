using System.Net.Sockets;
using Iec102.Lines.Telnet;

namespace Iec102.Lines.Tcp;

/// <summary>Opens TCP lines to one far end.</summary>
/// <param name="options">the far end, and how to treat the connection</param>
/// <param name="time">the clock that times the connect timeout and delay; the system's by default</param>
public sealed class TcpLineFactory(TcpLineOptions options, TimeProvider? time = null) : ILineFactory
{
    private const string Advice = "check that the converter is powered and that it can be reached over the network.";

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public string Address => options.Address;

    /// <inheritdoc/>
    public async ValueTask<ILine> OpenAsync(CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await ConnectAsync(socket, ct);
            // Set after connecting, because a name with several addresses is tried on several sockets.
            KeepAlive(socket);
            ILine line = new TcpLine(socket);
            if (options.Protocol != TcpProtocol.Raw)
                line = await TelnetLine.OpenAsync(line, options.Name, options.Format, options.ConnectTimeout, _time, ct);
            await Task.Delay(options.ConnectDelay, _time, ct);
            return line;
        }
        catch (Exception error)
        {
            socket.Dispose();
            if (error is SocketException { SocketErrorCode: var code }) throw new LineException(Explain(code), error);
            throw;
        }
    }

    private async Task ConnectAsync(Socket socket, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new LineException($"No answer from {options.EndPoint} within {options.ConnectTimeout.TotalSeconds:0.###} s; {Advice}");
        }
    }

    private void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Seconds(options.KeepAliveTime));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Seconds(options.KeepAliveInterval));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, options.KeepAliveRetries);
    }

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)time.TotalSeconds);

    private string Explain(SocketError error) => error switch
    {
        SocketError.ConnectionRefused =>
            $"{options.EndPoint} refuses the connection; check the TCP port, and that no other program holds the converter.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
            $"The host name {options.Host} is not known; check its spelling and the name server.",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown =>
            $"{options.EndPoint} cannot be reached from here; check the cable, the address and the route.",
        SocketError.TimedOut =>
            $"No answer from {options.EndPoint}; {Advice}",
        _ => $"{options.EndPoint} cannot be reached: {new SocketException((int)error).Message}.",
    };
}
