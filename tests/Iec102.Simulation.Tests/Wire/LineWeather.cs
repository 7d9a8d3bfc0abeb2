using Iec102.Protocol.Link;


namespace Iec102.Simulation.Tests;

/// <summary>
/// The faults of a line, each with its probability for one frame in one direction, and the speed of the line without them.
/// </summary>
internal sealed record LineWeather
{
    public double Loss { get; init; }

    public double BitErrors { get; init; }

    public double Junk { get; init; }

    public double Doubling { get; init; }

    /// <summary>A frame arrives up to <see cref="LongestDelay"/> late, perhaps after its sender has given up on it.</summary>
    public double Delay { get; init; }

    /// <summary>A frame arrives in pieces, with gaps.</summary>
    public double Split { get; init; }

    /// <summary>The connection breaks.</summary>
    public double Break { get; init; }

    /// <summary>An attempt to connect is refused.</summary>
    public double Refusal { get; init; }

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(8);

    public static LineWeather Fair { get; } = new();

    public static LineWeather Of(Chance chance)
    {
        // Most kinds of fault are absent from most runs, so that each kind is also tried without the others.
        double Some(double most) => chance.Is(0.5) ? most * chance.From(1, 10) / 10 : 0;
        return new LineWeather
        {
            Loss = Some(0.2),
            BitErrors = Some(0.1),
            Junk = Some(0.1),
            Doubling = Some(0.05),
            Delay = Some(0.1),
            Split = Some(0.3),
            Break = Some(0.005),
            Refusal = Some(0.5),
        };
    }

    /// <summary>
    /// Inverts one to three bits; none where the weak checksum of FT1.2 would let the result pass as another frame, because no receiver
    /// could notice that.
    /// </summary>
    public static byte[] Damage(byte[] octets, Chance chance)
    {
        var damaged = (byte[])octets.Clone();
        for (var left = chance.From(1, 3); left > 0; left--)
            damaged[chance.Below(damaged.Length)] ^= (byte)(1 << chance.Below(8));
        ReadOnlySpan<byte> rest = damaged;
        return new FrameReader().TryRead(ref rest, out _) ? [] : damaged;
    }

    /// <summary>Stray octets, often 0xFF (protocol notes 8).</summary>
    public static byte[] Stray(Chance chance)
    {
        var junk = new byte[chance.From(1, 8)];
        for (var i = 0; i < junk.Length; i++)
            junk[i] = chance.Is(0.5) ? (byte)0xFF : (byte)chance.Below(256);
        return junk;
    }
}
