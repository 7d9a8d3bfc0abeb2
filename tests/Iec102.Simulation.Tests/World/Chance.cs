namespace Iec102.Simulation.Tests;

/// <summary>
/// The only source of chance in a simulated run: everything that could go one way or another is decided here (SplitMix64).
/// </summary>
internal sealed class Chance(long seed)
{
    private ulong _state = (ulong)seed * 0xD1342543DE82EF95 + 0x2545F4914F6CDD1D;

    public ulong Next()
    {
        var x = _state += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <summary>A number from 0 up to, but not including, <paramref name="count"/>.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int From(int least, int most) => least + Below(most - least + 1);

    /// <summary>True with the given probability.</summary>
    public bool Is(double probability) => probability > 0 && (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    public TimeSpan Between(TimeSpan least, TimeSpan most) =>
        least + TimeSpan.FromTicks((long)Math.BigMul(Next(), (ulong)(most - least).Ticks + 1, out _));

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];
}
