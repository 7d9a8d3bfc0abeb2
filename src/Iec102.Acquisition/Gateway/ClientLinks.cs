using Iec102.Acquisition.Ports;
using Iec102.Fleet;

namespace Iec102.Acquisition.Gateway;

/// <summary>
/// The links that a client of the gateway sees: one for each link address with an enabled meter. A link with none is silent, like one that
/// does not exist.
/// </summary>
internal sealed class ClientLinks(GatewayConfiguration gateway, IClientLinkHost host)
{
    private readonly Dictionary<ushort, ClientLink> _links = [];

    /// <summary>The requests that the client waits for, at most one for each link.</summary>
    public IEnumerable<ClientRequest> Pending => _links.Values.Select(link => link.Pending).OfType<ClientRequest>();

    /// <summary>Octets of answers that the client has not fetched yet, of all links.</summary>
    public int BufferedOctets
    {
        get
        {
            var octets = 0;
            foreach (var link in _links.Values)
                octets += link.BufferedOctets;
            return octets;
        }
    }

    /// <summary>The link at an address; null when there is none.</summary>
    public ClientLink? At(ushort address) => _links.GetValueOrDefault(address);

    /// <summary>The client's request with this id; null when it no longer waits for it.</summary>
    public ClientRequest? Wanted(RequestId id)
    {
        foreach (var link in _links.Values)
        {
            if (link.Pending?.Id == id)
                return link.Pending;
        }

        return null;
    }

    /// <summary>
    /// Takes the present meters: links without an enabled one are removed, new ones are added, and the others go on undisturbed.
    /// </summary>
    /// <returns>The links that were removed.</returns>
    public IReadOnlyList<ClientLink> Serve(IEnumerable<GatewayMeter> meters)
    {
        var served = meters.GroupBy(meter => meter.LinkAddress)
            .Where(link => link.Any(meter => meter.IsEnabled))
            .ToDictionary(link => link.Key, link => link.ToList());
        List<ClientLink> gone = [.. _links.Where(link => !served.ContainsKey(link.Key)).Select(link => link.Value)];
        foreach (var link in gone)
            _links.Remove(link.Slave.LinkAddress);
        foreach (var (address, behind) in served)
        {
            if (_links.TryGetValue(address, out var link))
                link.Serve(behind);
            else
                _links.Add(address, new ClientLink(address, behind, gateway, host));
        }

        return gone;
    }
}
