using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Iec102.Lines.Serial;

/// <summary>
/// A serial line without hardware (Linux): a device that a <see cref="SerialLineFactory"/> opens, and the line at its other end, where a
/// simulated meter answers. As on a real wire, that end does not notice when the device is opened or closed. Disposing the terminal removes
/// the device.
/// </summary>
public sealed class PseudoTerminal : IAsyncDisposable
{
    private const int NameSize = 128;

    private readonly DescriptorLine _line;
    private readonly SafeFileHandle _device;
    private readonly string _path;
    private readonly string? _link;

    /// <summary>Creates the device and the line at its other end.</summary>
    /// <param name="link">
    /// path of a symbolic link to the device, which gives it a name that does not change; an existing link at that path is replaced
    /// </param>
    /// <exception cref="LineException">the system has no pseudo terminal left, or the link cannot be made</exception>
    public PseudoTerminal(string? link = null)
    {
        const int flags = Libc.ReadWrite | Libc.NoControllingTerminal | Libc.NonBlocking | Libc.CloseOnExec;
        if (!OperatingSystem.IsLinux()) throw new LineException("Pseudo terminals exist on Linux only.");

        var master = Libc.OpenPseudoTerminal(flags);
        SafeFileHandle? device = null;
        try
        {
            if (master.IsInvalid || Libc.GrantPseudoTerminal(master) < 0 || Libc.UnlockPseudoTerminal(master) < 0) throw Failure();
            _path = NameOf(master);
            // The device is kept open here, because the other end would otherwise break whenever a program closes the device.
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

    /// <summary>The path at which the device is opened: the link if there is one.</summary>
    public string Device => _link ?? _path;

    /// <summary>The line at the other end of the device.</summary>
    public ILine Line => _line;

    /// <summary>Removes the device, as if its adapter had been unplugged, and its link.</summary>
    public async ValueTask DisposeAsync()
    {
        // The link may point to a newer terminal by now.
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

    private static LineException Failure() => new($"No pseudo terminal is available: {Libc.Message(Libc.LastError)}.");
}
