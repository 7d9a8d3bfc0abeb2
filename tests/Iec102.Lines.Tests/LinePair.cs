using Iec102.Lines.Serial;
using Iec102.Lines.Tcp;

namespace Iec102.Lines.Tests;

/// <summary>A line as the product opens it, the line at its far end, and an action that makes the far end vanish.</summary>
public sealed record LinePair(ILine Near, ILine Far, Func<ValueTask> FarVanishes) : IAsyncDisposable
{
    public static async Task<LinePair> OverTcp()
    {
        using var listener = new TcpLineListener();
        var near = await new TcpLineFactory(new TcpLineOptions("127.0.0.1", listener.Port)).OpenAsync(default);
        var far = await listener.AcceptAsync(default);
        return new LinePair(near, far, far.DisposeAsync);
    }

    public static async Task<LinePair> OverPseudoTerminal(SerialDriver driver = SerialDriver.Termios, string format = "115200-8N1")
    {
        var terminal = new PseudoTerminal();
        var near = await new SerialLineFactory(new SerialLineOptions(terminal.Device, Format(format)) { Driver = driver })
            .OpenAsync(default);
        return new LinePair(near, terminal.Line, terminal.DisposeAsync);
    }

    public static LineFormat Format(string text) =>
        LineFormat.TryParse(text, out var format) ? format : throw new ArgumentException(text);

    public async ValueTask DisposeAsync()
    {
        await Near.DisposeAsync();
        await FarVanishes();
    }
}

public static class LineTestExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Patience);

    public static Task Soon(this ValueTask task) => task.AsTask().WaitAsync(Patience);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Patience);

    public static async Task<byte[]> ReadExactly(this ILine line, int count)
    {
        var octets = new byte[count];
        for (var have = 0; have < count;)
        {
            var read = await line.ReadAsync(octets.AsMemory(have), default).Soon();
            read.ShouldBeGreaterThan(0, "the line ended early");
            have += read;
        }
        return octets;
    }
}
