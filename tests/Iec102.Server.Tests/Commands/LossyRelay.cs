using System.Net;
using System.Net.Sockets;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Server.Tests.Commands;

/// <summary>What becomes of a frame.</summary>
internal enum Fate { Arrives, IsLost, CutsTheLine }

/// <summary>Decides what becomes of a frame of the command.</summary>
/// <param name="request">The type of the last request; that of the frame itself when it is one.</param>
/// <param name="polls">How many polls have followed the request, the frame itself included; 0 for the request.</param>
internal delegate Fate FrameRule(TypeIdentification request, int polls);

/// <summary>A TCP relay between a command and a simulated meter, on which the command's frames meet the fate that a rule says.</summary>
internal sealed class LossyRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public LossyRelay(string meter, FrameRule rule)
    {
        _listener.Start();
        _serving = ServeAsync(IPEndPoint.Parse(meter), rule);
    }

    /// <summary>Where the command connects.</summary>
    public string Address => _listener.LocalEndpoint.ToString()!;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(IPEndPoint target, FrameRule rule)
    {
        try
        {
            while (true)
            {
                using var command = await _listener.AcceptTcpClientAsync(_stop.Token);
                using var meter = new TcpClient();
                await meter.ConnectAsync(target, _stop.Token);
                var requests = PassRequestsAsync(command.GetStream(), meter.GetStream(), rule);
                await Task.WhenAny(requests, meter.GetStream().CopyToAsync(command.GetStream(), _stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task PassRequestsAsync(NetworkStream from, NetworkStream to, FrameRule rule)
    {
        var reader = new FrameReader();
        var octets = new byte[4096];
        var (request, polls) = (default(TypeIdentification), 0);
        while (await from.ReadAsync(octets, _stop.Token) is > 0 and var count)
        {
            foreach (var (frame, type) in FramesOf(reader, octets.AsSpan(0, count)))
            {
                (request, polls) = type is { } begun ? (begun, 0) : (request, polls + 1);
                switch (rule(request, polls))
                {
                    case Fate.Arrives:
                        await to.WriteAsync(frame, _stop.Token);
                        break;
                    case Fate.CutsTheLine:
                        return;
                }
            }
        }
    }

    private static List<(byte[] Frame, TypeIdentification? Type)> FramesOf(FrameReader reader, ReadOnlySpan<byte> octets)
    {
        var frames = new List<(byte[], TypeIdentification?)>();
        while (reader.TryRead(ref octets, out var frame))
            frames.Add((frame.Octets.ToArray(), frame.Asdu.IsEmpty ? null : (TypeIdentification)frame.Asdu[0]));
        return frames;
    }
}
