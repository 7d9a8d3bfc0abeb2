namespace Iec102.Acquisition.Ports;

/// <summary>
/// How long a port waits before it opens a lost line again: doubling from the least to the greatest pause, and up to 20 % more, so that ports lost
/// together do not come back together. The jitter belongs to the port and the attempt and is the same in every run.
/// </summary>
internal static class ReconnectDelay
{
    private const double Jitter = 0.2;

    /// <summary>The pause before an attempt.</summary>
    /// <param name="port">The port's id.</param>
    /// <param name="attempt">0 for the first after octets had come.</param>
    /// <param name="min">The first pause.</param>
    /// <param name="max">The longest, before jitter.</param>
    public static TimeSpan Before(string port, int attempt, TimeSpan min, TimeSpan max)
    {
        var pause = Math.Min(min.TotalSeconds * Math.Pow(2, attempt), max.TotalSeconds);
        return TimeSpan.FromSeconds(pause * (1 + Jitter * StableHash.Fraction($"{port}#{attempt}")));
    }
}
