using Microsoft.Win32.SafeHandles;

namespace Iec102.Lines;

/// <summary>A non-blocking terminal descriptor as a line: octets in and out, and nothing about when they may go.</summary>
/// <param name="handle">an open terminal in raw mode, non-blocking; owned by this line</param>
/// <param name="name">its name for people</param>
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

    /// <summary>Closes the device after it has sent what it still holds, which the system waits for: hence off the caller's thread.</summary>
    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await Task.Run(handle.Dispose);
    }

    /// <summary>What a call ends with that this side's own closing has overtaken.</summary>
    public LineException Closed(ObjectDisposedException error) => new($"{name} was closed here.", error);

    private unsafe bool TryRead(Span<byte> buffer, out int count)
    {
        fixed (byte* start = buffer) count = (int)Libc.Read(handle, start, buffer.Length);
        // A terminal in this mode has nothing to read when it says so, and is gone when it reads as ended.
        if (count == 0) throw Lost(Libc.EIO);
        return count > 0 || CanGoOn(Libc.LastError);
    }

    private unsafe bool TryWrite(ReadOnlySpan<byte> octets, out int count)
    {
        fixed (byte* start = octets) count = (int)Libc.Write(handle, start, octets.Length);
        return count >= 0 || CanGoOn(Libc.LastError);
    }

    /// <summary>False for an error that waiting cures; throws for one that ends the line.</summary>
    private bool CanGoOn(int error) => error is Libc.EAGAIN or Libc.EINTR ? false : throw Lost(error);

    private LineException Lost(int error) => error is Libc.EIO or Libc.ENXIO or Libc.ENODEV
        ? new($"{name} was lost: the device was removed or its far end is gone.")
        : new($"{name} was lost: {Libc.Message(error)}.");
}
