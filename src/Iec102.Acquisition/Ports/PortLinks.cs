using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Ports;

/// <summary>The links of a port, by address; a link exists from the first time that it is named.</summary>
internal sealed class PortLinks(LinkTiming timing, Backoff probes)
{
    private readonly SortedDictionary<ushort, PortLink> _links = [];

    public IEnumerable<PortLink> All => _links.Values;

    public PortLink this[ushort address]
    {
        get
        {
            if (!_links.TryGetValue(address, out var link))
                _links.Add(address, link = new PortLink(address, timing, probes));
            return link;
        }
    }

    /// <summary>A link that is demoted; null when it is not.</summary>
    public PortLink? Demoted(ushort address) => _links.TryGetValue(address, out var link) && link.IsDemoted ? link : null;

    public bool AnotherAnswers(PortLink link) => _links.Values.Any(other => other != link && other.KnownToAnswer);

    /// <summary>
    /// Links whose address no meter has any more are not probed: an address that was corrected would cost the line time for ever, and on
    /// one that is dialled each probe may cost a call.
    /// </summary>
    public void ProbeOnly(Predicate<ushort> hasMeter)
    {
        foreach (var link in _links.Values.Where(link => !hasMeter(link.Address)))
            link.EndProbes();
    }

    /// <summary>The demoted link whose probe is due first.</summary>
    public PortLink? NextProbe()
    {
        PortLink? next = null;
        foreach (var link in _links.Values)
        {
            if (link.ProbeAt is { } at && (next is null || at < next.ProbeAt))
                next = link;
        }

        return next;
    }

    /// <summary>A session that can be ended: one on a link that is up.</summary>
    public (PortLink Link, ushort Point)? NextSession()
    {
        foreach (var link in _links.Values)
        {
            if (link.SessionToEnd is { } point)
                return (link, point);
        }

        return null;
    }
}
