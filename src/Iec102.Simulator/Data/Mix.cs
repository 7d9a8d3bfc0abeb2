namespace Iec102.Simulator.Data;

/// <summary>
/// The only source of randomness: SplitMix64 as a hash, so that every "random" value is a pure function of its arguments and a run can be
/// repeated. All arithmetic is modulo 2^64.
/// <code>
/// mix(x):  x += 0x9E3779B97F4A7C15;  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;  x = (x ^ x >> 27) * 0x94D049BB133111EB;  x ^ x >> 31
/// hash(a, b, c, d) = mix(mix(mix(mix(a) + b) + c) + d)
/// </code>
/// </summary>
internal static class Mix
{
    public static ulong Hash(ulong a, ulong b, ulong c, ulong d) => Of(Of(Of(Of(a) + b) + c) + d);

    private static ulong Of(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
