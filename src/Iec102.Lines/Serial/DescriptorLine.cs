using Microsoft.Win32.SafeHandles;

namespace Iec102.Lines.Serial;

/// <summary>A line over a non-blocking terminal descriptor: it moves octets and leaves their timing to its owner.</summary>
/// <param name="handle">an open terminal in raw mode, non-blocking; owned by this line</param>
/// <param name="name">name of the line in error messages</param>
internal sealed class DescriptorLine(SafeFileHandle handle, string name) : ILine
{
    private readonly DescriptorWatch _watch = DescriptorPoll.Watch(handle);

    /// <inheritdoc/>
    public TimeSpan CharacterTime => TimeSpan.Zero;

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                ct.ThrowIfCancellationRequested();
                if (TryRead(buffer.Span, out var count)) return count;
                await _watch.ReadableAsync(ct);
            }
        }
        catch (ObjectDisposedException error)
        {
            throw Closed(error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        try
        {
            while (!octets.IsEmpty)
            {
                ct.ThrowIfCancellationRequested();
                if (TryWrite(octets.Span, out var count)) octets = octets[count..];
                else await _watch.WritableAsync(ct);
            }
        }
        catch (ObjectDisposedException error)
        {
            throw Closed(error);
        }
    }

    /// <summary>
    /// Closes the device. The system first sends what the device still holds, and blocks until that is done, so this does not run on the
    /// caller's thread.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await Task.Run(handle.Dispose);
    }

    /// <summary>The failure of a call during which this side closed the line.</summary>
    public LineException Closed(ObjectDisposedException error) => new($"{name} was closed by this program.", error);

    private unsafe bool TryRead(Span<byte> buffer, out int count)
    {
        fixed (byte* start = buffer) count = (int)Libc.Read(handle, start, buffer.Length);
        // A non-blocking terminal reports EAGAIN when it has nothing to read; 0 octets mean that the terminal is gone.
        if (count == 0) throw Lost(Libc.EIO);
        return count > 0 || CanGoOn(Libc.LastError);
    }

    private unsafe bool TryWrite(ReadOnlySpan<byte> octets, out int count)
    {
        fixed (byte* start = octets) count = (int)Libc.Write(handle, start, octets.Length);
        return count >= 0 || CanGoOn(Libc.LastError);
    }

    /// <summary>False for an error after which the call may be tried again; throws for one that ends the line.</summary>
    private bool CanGoOn(int error) => error is Libc.EAGAIN or Libc.EINTR ? false : throw Lost(error);

    private LineException Lost(int error) => error is Libc.EIO or Libc.ENXIO or Libc.ENODEV
        ? new($"{name} was lost: the device was removed or its far end is gone.")
        : new($"{name} was lost: {Libc.Message(error)}.");
}
