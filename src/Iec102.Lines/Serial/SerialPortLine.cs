using System.Diagnostics;
using System.IO.Ports;

namespace Iec102.Lines;

/// <summary>
/// A serial line of other systems than Linux, through System.IO.Ports. Where that library cannot cancel a pending read (Windows), the read ends with
/// the next octet or when the line is disposed.
/// </summary>
internal sealed class SerialPortLine : ILine
{
    private readonly SerialPort _port;
    private readonly IdleGap _gap;
    private readonly long _opened = Stopwatch.GetTimestamp();

    private SerialPortLine(SerialPort port, LineFormat format)
    {
        _port = port;
        _gap = new IdleGap(format);
        CharacterTime = format.CharacterTime;
    }

    public TimeSpan CharacterTime { get; }

    public static ILine Open(SerialLineOptions options)
    {
        var (baud, dataBits, parity, stopBits) = options.Format;
        if (options.Rs485) throw new LineException($"{options.Device} cannot switch an RS-485 transmitter on this system; set rs485 = off.");

        var theirParity = parity switch
        {
            Parity.Even => System.IO.Ports.Parity.Even,
            Parity.Odd => System.IO.Ports.Parity.Odd,
            _ => System.IO.Ports.Parity.None,
        };
        var port = new SerialPort(options.Device, baud, theirParity, dataBits, (StopBits)stopBits) { DtrEnable = options.Dtr, RtsEnable = options.Rts };
        try
        {
            port.Open();
            port.DiscardInBuffer();
            return new SerialPortLine(port, options.Format);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            port.Dispose();
            throw new LineException($"{options.Device} cannot be opened: {error.Message}", error);
        }
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            var count = await _port.BaseStream.ReadAsync(buffer, ct);
            _gap.Received(Now);
            return count;
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            throw Lost(error);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        try
        {
            while (_gap.Rest(Now) is var rest && rest > TimeSpan.Zero)
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)), ct);
            await _port.BaseStream.WriteAsync(octets, ct);
            _gap.Sent(octets.Length, Now);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            throw Lost(error);
        }
    }

    public ValueTask DisposeAsync()
    {
        _port.Dispose();
        return ValueTask.CompletedTask;
    }

    private TimeSpan Now => Stopwatch.GetElapsedTime(_opened);

    private LineException Lost(Exception error) => new($"The serial device {_port.PortName} was removed or closed.", error);
}
