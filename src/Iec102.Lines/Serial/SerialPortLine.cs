using System.Diagnostics;
using System.IO.Ports;
using System.Runtime.InteropServices;

namespace Iec102.Lines.Serial;

/// <summary>
/// A serial line through System.IO.Ports, with the idle time that FT1.2 requires before each frame. On Unix that library gives each open
/// port its own thread, which polls the device every millisecond: unlike other <see cref="ILine"/>s, a pending read here does hold a
/// thread.
/// </summary>
/// <remarks>
/// After a failure the library never completes pending requests, and cancelling one of its reads may lose octets. So this class does its
/// own waiting: a read that was handed to the library is never cancelled, its octets go to the next read of this line, and anything that
/// ends the line ends all waits.
/// </remarks>
internal sealed class SerialPortLine : ILine, IDtrLine
{
    private const int BufferSize = 4096;

    private readonly SerialPort _port;
    private readonly Stream _stream;
    private readonly string _name;
    private readonly IdleGap _gap;
    private readonly bool _raisesDtr;
    private readonly long _opened = Stopwatch.GetTimestamp();
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly CancellationTokenSource _ended = new();
    private LineException? _end;
    private Task<int>? _reading;
    private Memory<byte> _unread;
    private int _isRead;

    // Loaded early: otherwise the first opening would load it and overwrite the error number that explains why that opening failed.
    static SerialPortLine() => NativeLibrary.TryLoad("libSystem.IO.Ports.Native", typeof(SerialPort).Assembly, null, out _);

    private SerialPortLine(SerialPort port, SerialLineOptions options, bool raisesDtr)
    {
        _port = port;
        _stream = port.BaseStream;
        _name = $"The serial line {options.Device}";
        _gap = new IdleGap(options.Format);
        _raisesDtr = raisesDtr;
        CharacterTime = options.Format.CharacterTime;
    }

    /// <inheritdoc/>
    public TimeSpan CharacterTime { get; }

    private TimeSpan Now => Stopwatch.GetElapsedTime(_opened);

    public static ILine Open(SerialLineOptions options)
    {
        if (options.Rs485) throw new LineException(SerialFailure.NoTransmitterSwitch(options.Device));
        SerialPort? port = null;
        try
        {
            port = OpenPort(options, out var raisesDtr);
            port.DiscardInBuffer();
            return new SerialPortLine(port, options, raisesDtr);
        }
        catch (Exception error) when (IsPortFailure(error))
        {
            port?.Dispose();
            throw new LineException(Explain(options, error), error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
            throw new InvalidOperationException("A line takes one read and one write at a time.");
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _ended.Token);
            either.Token.ThrowIfCancellationRequested();
            if (_unread.IsEmpty)
            {
                _reading ??= ReadPortAsync();
                _unread = _buffer.AsMemory(0, await _reading.WaitAsync(either.Token));
                _reading = null;
            }
            var count = Math.Min(buffer.Length, _unread.Length);
            _unread[..count].CopyTo(buffer);
            _unread = _unread[count..];
            return count;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Ended();
        }
        finally
        {
            Volatile.Write(ref _isRead, 0);
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        // A new source for each write, also because the library never releases what it registers with a token.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _ended.Token);
        try
        {
            either.Token.ThrowIfCancellationRequested();
            while (_gap.Rest(Now) is { Ticks: > 0 } rest)
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)), either.Token);
            await _stream.WriteAsync(octets, either.Token).AsTask().WaitAsync(either.Token);
            _gap.Sent(octets.Length, Now);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Ended();
        }
        catch (Exception error) when (IsPortFailure(error))
        {
            throw Lost(error);
        }
    }

    /// <inheritdoc/>
    public bool SetDtr(bool raised)
    {
        if (!_raisesDtr)
            return false;
        try
        {
            _port.DtrEnable = raised;
            return true;
        }
        catch (Exception error) when (IsPortFailure(error))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        End(new LineException($"{_name} was closed by this program."));
        try
        {
            // The stream is disposed and not the port, which would wait, perhaps for ever, for unwritten octets. This does not run on the
            // caller's thread, since the system may block too.
            await Task.Run(_stream.Dispose);
            _port.Dispose();
        }
        catch (Exception error) when (IsPortFailure(error))
        {
            // Windows reports an error when an unplugged device is closed, but the device is gone all the same.
        }
    }

    private async Task<int> ReadPortAsync()
    {
        try
        {
            var count = await _stream.ReadAsync(_buffer);
            _gap.Received(Now);
            return count;
        }
        catch (Exception error) when (IsPortFailure(error))
        {
            throw Lost(error);
        }
    }

    private static SerialPort OpenPort(SerialLineOptions options, out bool raisesDtr)
    {
        raisesDtr = options.Dtr;
        try
        {
            return OpenPort(options, options.Dtr, options.Rts);
        }
        catch (IOException) when (options.Dtr || options.Rts)
        {
            // Opening a device without modem lines, such as a pseudo terminal, fails when they are to be raised.
            raisesDtr = false;
            return OpenPort(options, dtr: false, rts: false);
        }
    }

    private static SerialPort OpenPort(SerialLineOptions options, bool dtr, bool rts)
    {
        var (baud, dataBits, parity, stopBits) = options.Format;
        var theirParity = parity switch
        {
            Parity.Even => System.IO.Ports.Parity.Even,
            Parity.Odd => System.IO.Ports.Parity.Odd,
            _ => System.IO.Ports.Parity.None,
        };
        var port = new SerialPort(options.Device, baud, theirParity, dataBits, (StopBits)stopBits) { DtrEnable = dtr, RtsEnable = rts };
        try
        {
            port.Open();
            return port;
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    private static bool IsPortFailure(Exception error) =>
        error is IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException;

    private static string Explain(SerialLineOptions options, Exception error) => error switch
    {
        UnauthorizedAccessException { InnerException: IOException { HResult: var number } } =>
            SerialFailure.Explain(options.Device, number),
        // The next three occur on Windows only.
        UnauthorizedAccessException => SerialFailure.InUse(options.Device),
        FileNotFoundException => SerialFailure.Missing(options.Device),
        ArgumentException { ParamName: "portName" } => SerialFailure.NoSerialDevice(options.Device),
        ArgumentException => SerialFailure.NoSuchFormat(options),
        _ => SerialFailure.Other(options.Device, error.Message),
    };

    private LineException Lost(Exception error)
    {
        End(new LineException($"{_name} was lost: the device was removed or its far end is gone.", error));
        return Ended();
    }

    /// <summary>Ends all waits, now and later; the first reason is the one reported.</summary>
    private void End(LineException reason)
    {
        if (Interlocked.CompareExchange(ref _end, reason, null) is null) _ = _ended.CancelAsync();
    }

    private LineException Ended() => new(_end!.Message, _end.InnerException);
}
