using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Protocol.Tests;

/// <summary>How bad a channel is. Each figure is the share of frames that are affected.</summary>
internal sealed record ChannelFaults
{
    public double Lost { get; init; }

    /// <summary>One to three bits of one octet are inverted, which the checksum always detects.</summary>
    public double Damaged { get; init; }

    /// <summary>The end of the frame is missing.</summary>
    public double Truncated { get; init; }

    /// <summary>The converter delivers the frame twice, the second time directly after the first.</summary>
    public double Doubled { get; init; }

    /// <summary>The frame, and everything behind it, is delayed by at most <see cref="Stall"/>.</summary>
    public double Stalled { get; init; }

    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(9);
}

/// <summary>One direction of a line: octets arrive late and some of them damaged, but in the order in which they were sent.</summary>
internal sealed class LossyChannel(ChannelFaults faults, Random random)
{
    private readonly Queue<(TimeSpan At, byte[] Octets)> _underway = new();
    private readonly HashSet<string> _sent = [];
    private TimeSpan _lastArrival;

    public TimeSpan NextArrival => _underway.TryPeek(out var next) ? next.At : TimeSpan.MaxValue;

    public void Send(ReadOnlyMemory<byte> frame, TimeSpan now)
    {
        _sent.Add(Octets.Hex(frame));
        var arrival = now + TimeSpan.FromMilliseconds(random.Next(10, 20));
        if (Happens(faults.Stalled))
            arrival += faults.Stall * random.NextDouble();
        Put(frame.ToArray(), arrival);
        if (Happens(faults.Doubled))
            Put(frame.ToArray(), _lastArrival + TimeSpan.FromMilliseconds(random.Next(0, 5)));
    }

    public byte[] Receive() => _underway.Dequeue().Octets;

    /// <summary>
    /// Whether a frame was really sent. Damage that a checksum of added octets cannot detect passes every check of a frame; other tests
    /// measure that, and here the state machines get only frames that were sent.
    /// </summary>
    public bool WasSent(in Frame frame) => _sent.Contains(Octets.Hex(frame.Octets));

    private void Put(byte[] octets, TimeSpan arrival)
    {
        _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
        if (Happens(faults.Lost))
            return;
        if (Happens(faults.Damaged))
        {
            var at = random.Next(octets.Length);
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                octets[at] ^= (byte)(1 << random.Next(8));
        }

        if (Happens(faults.Truncated))
            octets = octets[..random.Next(1, octets.Length)];
        _underway.Enqueue((_lastArrival, octets));
    }

    private bool Happens(double share) => random.NextDouble() < share;
}
