using System.Net;
using Iec102.Lines;
using Iec102.Lines.Serial;
using Iec102.Lines.Tcp;
using Iec102.Simulator.Lines;

namespace Iec102.Simulator.Hosting;

/// <summary>The near end of a simulated line, to which a master connects.</summary>
internal interface IStation : IAsyncDisposable
{
    /// <summary>The line served here.</summary>
    SimulatedLine Line { get; }

    /// <summary>Where a master connects: HOST:PORT or a device.</summary>
    string Address { get; }

    /// <summary>Serves until cancelled.</summary>
    Task RunAsync(CancellationToken ct);
}

/// <summary>
/// A line behind a TCP port, as behind a converter with one serial port. Only one connection exists at a time, and a new one replaces it,
/// so that a master whose connection broke unnoticed can connect again; unless the port is shared, as that of some converters is.
/// </summary>
internal sealed class TcpStation(
    SimulatedLine line, IPAddress address, int port, bool isShared, TalkRecord? record, TimeProvider time) : IStation
{
    private readonly TcpLineListener _listener = new(port, address);

    public SimulatedLine Line => line;

    public string Address => new IPEndPoint(address, _listener.Port).ToString();

    public int Port => _listener.Port;

    public async Task RunAsync(CancellationToken ct)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var serving = new List<Task>();
        while (await AcceptAsync(ct) is { } next)
        {
            if (!isShared)
            {
                await end.CancelAsync();
                await Task.WhenAll(serving);
                end.Dispose();
                end = CancellationTokenSource.CreateLinkedTokenSource(ct);
            }

            // What has ended is awaited, too, because it may have failed.
            await Task.WhenAll(serving.Where(connection => connection.IsCompleted));
            serving.RemoveAll(connection => connection.IsCompleted);
            serving.Add(ServeAsync(next, end.Token));
        }

        await Task.WhenAll(serving);
        end.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Accepts the next connection; null when cancelled.</summary>
    private async Task<TcpLine?> AcceptAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await _listener.AcceptAsync(ct);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            catch (LineException)
            {
                // The system has no room for another connection at present. The listener keeps trying, because the line would otherwise
                // look like a dead converter.
                await Task.Delay(TimeSpan.FromSeconds(1), time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(TcpLine accepted, CancellationToken ct)
    {
        var connection = record?.Opened(line.Id, accepted) ?? accepted;
        await using (connection)
        {
            try
            {
                await line.ServeAsync(connection, ct);
            }
            catch (OperationCanceledException)
            {
                // A newer connection has been made, or the simulator is stopping.
            }
        }
    }
}

/// <summary>
/// A line behind a pseudo terminal. When a fault breaks the line, the device is removed and created again, as if an adapter were unplugged.
/// </summary>
internal sealed class PtyStation(SimulatedLine line, string link) : IStation
{
    private PseudoTerminal _terminal = new(link);

    public SimulatedLine Line => line;

    public string Address => link;

    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (!ct.IsCancellationRequested)
            {
                await line.ServeAsync(_terminal.Line, ct);
                await _terminal.DisposeAsync();
                _terminal = new PseudoTerminal(link);
            }
        }
        catch (OperationCanceledException)
        {
            // The simulator is stopping.
        }
    }

    public ValueTask DisposeAsync() => _terminal.DisposeAsync();
}
