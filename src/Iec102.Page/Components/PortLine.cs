using Iec102.Contract;

namespace Iec102.Page.Components;

/// <summary>Where the line of a port leads, as the fleet file has it.</summary>
/// <param name="Tcp">The far end of a TCP line, with what it speaks before it if that is not raw; null for a serial line.</param>
/// <param name="Device">The device of a serial line.</param>
/// <param name="Format">Its format.</param>
internal sealed record PortLine(string? Tcp, string? Device, string? Format)
{
    /// <summary>Reads it from the address of a port, which is written for people.</summary>
    public static PortLine Of(PortModel port)
    {
        const string Raw = "tcp://";
        var address = port.Address.Split(" calls ")[0];
        if (port.Kind == "tcp")
        {
            var tcp = address.Split(' ')[0];
            return new PortLine(tcp.StartsWith(Raw, StringComparison.Ordinal) ? tcp[Raw.Length..] : tcp, null, null);
        }

        var blank = address.LastIndexOf(' ');
        return new PortLine(null, address[..blank], address[(blank + 1)..]);
    }
}
