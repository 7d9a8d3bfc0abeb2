using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Iec102.Lines;

/// <summary>
/// A serial line without hardware (Linux): a device that a <see cref="SerialLineFactory"/> opens, and the line at its other end, where a simulated
/// meter answers. As on a real wire, that end does not notice the device being opened and closed. Disposing it takes the device away.
/// </summary>
public sealed class PseudoTerminal : IAsyncDisposable
{
    private const int NameSize = 128;

    private readonly DescriptorLine _line;
    private readonly SafeFileHandle _device;
    private readonly string _path;
    private readonly string? _link;

    /// <summary>Makes the pair.</summary>
    /// <param name="link">where a symbolic link to the device is put, so that its path stays the same over time; an older link there is replaced</param>
    /// <exception cref="LineException">the system has none left, or the link cannot be made</exception>
    public PseudoTerminal(string? link = null)
    {
        const int flags = Libc.ReadWrite | Libc.NoControllingTerminal | Libc.NonBlocking | Libc.CloseOnExec;
        if (!OperatingSystem.IsLinux()) throw new LineException("Pseudo terminals are there on Linux only.");

        var master = Libc.OpenPseudoTerminal(flags);
        SafeFileHandle? device = null;
        try
        {
            if (master.IsInvalid || Libc.GrantPseudoTerminal(master) < 0 || Libc.UnlockPseudoTerminal(master) < 0) throw Failure();
            _path = NameOf(master);
            // Kept open: else the other end would break whenever a program closes the device.
            device = Libc.Open(_path, flags);
            if (device.IsInvalid || !Termios.SetRaw(device, new LineFormat(9600, 8, Parity.None, 1))) throw Failure();
            if (link is not null) Link(link, _path);
            (_device, _link) = (device, link);
            _line = new DescriptorLine(master, $"The pseudo terminal {Device}");
        }
        catch
        {
            device?.Dispose();
            master.Dispose();
            throw;
        }
    }

    /// <summary>The path under which the device is opened: the link if there is one.</summary>
    public string Device => _link ?? _path;

    /// <summary>The other end.</summary>
    public ILine Line => _line;

    /// <summary>Takes the device away, as a pulled adapter does, and its link.</summary>
    public async ValueTask DisposeAsync()
    {
        // The link may have passed to a successor.
        if (_link is not null && new FileInfo(_link).LinkTarget == _path) File.Delete(_link);
        await _line.DisposeAsync();
        _device.Dispose();
    }

    private static unsafe string NameOf(SafeFileHandle master)
    {
        var name = stackalloc byte[NameSize];
        if (Libc.PseudoTerminalName(master, name, NameSize) != 0) throw Failure();
        return Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
    }

    private static void Link(string link, string path)
    {
        try
        {
            if (new FileInfo(link).LinkTarget is not null) File.Delete(link);
            File.CreateSymbolicLink(link, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LineException($"The link {link} to a pseudo terminal cannot be made: {error.Message}", error);
        }
    }

    private static LineException Failure() => new($"No pseudo terminal can be had: {Libc.Message(Libc.LastError)}.");
}
