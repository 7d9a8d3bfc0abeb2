using Iec102.Protocol.Description;
using Iec102.Protocol.Link;


namespace Iec102.Simulation.Tests;

/// <summary>
/// Checks what a master sends on one connection against the rules of the link layer (protocol notes 1.4; promise R4): a link is reset
/// before anything else; the first counted frame after the reset has FCB = 1; FCB toggles only on a new frame, and a new frame is sent only
/// after something was heard; a frame with the same FCB is a repeat, octet for octet.
/// </summary>
internal sealed class WireWatch(string port)
{
    private readonly SortedDictionary<ushort, Link> _links = [];
    private readonly FrameReader _sent = new();

    // When the node sends, it drops the rest of an earlier answer; and it may process octets a little after they arrive. So there are two
    // readers, and a frame that either of them finds may have been heard.
    private readonly FrameReader _heardSinceSent = new();
    private readonly FrameReader _heard = new();

    private sealed class Link
    {
        public bool IsReset { get; set; }

        /// <summary>
        /// How many frames have arrived since the reset without a new frame being sent after them. There can be more than one: the node may
        /// send before it has processed what has arrived.
        /// </summary>
        public int Heard { get; set; }

        public byte[]? Last { get; set; }

        public bool LastBit { get; set; }
    }

    public void OnHeard(ReadOnlySpan<byte> octets)
    {
        OnHeard(_heard, octets);
        OnHeard(_heardSinceSent, octets);
    }

    public void OnSent(ReadOnlySpan<byte> octets)
    {
        var rest = octets;
        if (!_sent.TryRead(ref rest, out var frame) || !rest.IsEmpty || !frame.Octets.SequenceEqual(octets) || !frame.Control.IsPrimary)
            throw new ViolationException($"{port}: the node wrote what is not one whole frame of a master: {Convert.ToHexString(octets)}");
        _heardSinceSent.Restart();
        if (!_links.TryGetValue(frame.LinkAddress, out var link))
            _links.Add(frame.LinkAddress, link = new Link());
        if (frame.Control.FrameCountValid)
            OnCounted(link, frame);
        else
            OnUncounted(link, isReset: frame.Control.Primary == PrimaryFunction.ResetRemoteLink);
    }

    private void OnHeard(FrameReader reader, ReadOnlySpan<byte> octets)
    {
        while (reader.TryRead(ref octets, out var frame))
        {
            if (frame.Format == FrameFormat.SingleCharacter)
            {
                foreach (var link in _links.Values)
                    link.Heard++;
            }
            else if (!frame.Control.IsPrimary && _links.TryGetValue(frame.LinkAddress, out var link))
            {
                link.Heard++;
            }
        }
    }

    private static void OnUncounted(Link link, bool isReset)
    {
        // While the second of two resets is sent, the answer to the first may be on its way.
        if (!isReset || !link.IsReset || link.Last is not null)
            link.Heard = 0;
        (link.IsReset, link.Last) = (isReset, null);
    }

    private void OnCounted(Link link, in Frame frame)
    {
        var bit = frame.Control.FrameCountBit;
        if (link.Last is null)
        {
            Demand(link.IsReset && link.Heard > 0, frame, "it comes before the link was reset");
            Demand(bit, frame, "the first counted frame after a reset has FCB = 1");
        }
        else if (bit == link.LastBit)
        {
            Demand(frame.Octets.SequenceEqual(link.Last), frame, "it has the FCB of the frame before it and is not the same");
            return;
        }
        else
        {
            Demand(link.Heard > 0, frame, "FCB has toggled although the frame before it was not answered");
        }

        (link.Last, link.LastBit) = (frame.Octets.ToArray(), bit);
        link.Heard--;
    }

    private void Demand(bool rule, in Frame frame, string otherwise)
    {
        if (!rule)
            throw new ViolationException($"{port}: {FrameDescription.Summarize(frame.Octets)}: {otherwise}.");
    }
}
