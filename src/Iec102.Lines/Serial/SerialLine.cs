using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Iec102.Lines.Serial;

/// <summary>A line over an open serial device of Linux; it keeps the idle time that FT1.2 requires before each frame.</summary>
internal sealed class SerialLine : ILine, IDtrLine
{
    private readonly SafeFileHandle _handle;
    private readonly DescriptorLine _device;
    private readonly IdleGap _gap;
    private readonly IdleTimer _timer = new();
    private readonly long _opened = Stopwatch.GetTimestamp();
    private readonly bool _raisesDtr;
    private int _disposed;

    public SerialLine(SafeFileHandle handle, SerialLineOptions options)
    {
        _handle = handle;
        _device = new DescriptorLine(handle, $"The serial line {options.Device}");
        _gap = new IdleGap(options.Format);
        _raisesDtr = options.Dtr;
        CharacterTime = options.Format.CharacterTime;
    }

    /// <inheritdoc/>
    public TimeSpan CharacterTime { get; }

    private TimeSpan Now => Stopwatch.GetElapsedTime(_opened);

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        var count = await _device.ReadAsync(buffer, ct);
        _gap.Received(Now);
        return count;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        try
        {
            while (_gap.Rest(Now) is { Ticks: > 0 } rest) await _timer.WaitAsync(rest, ct);
        }
        catch (ObjectDisposedException error)
        {
            throw _device.Closed(error);
        }
        await _device.WriteAsync(octets, ct);
        _gap.Sent(octets.Length, Now);
    }

    /// <inheritdoc/>
    public bool SetDtr(bool raised) => _raisesDtr && SerialDevice.SetModemLine(_handle, Libc.ModemDtr, raised);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _timer.Dispose();
        // The exclusive mark belongs to the device, not to this opening of it, so it is removed here.
        Libc.Control(_handle, Libc.TIOCNXCL, 0);
        await _device.DisposeAsync();
    }
}
