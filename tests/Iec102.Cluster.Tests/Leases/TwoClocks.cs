namespace Iec102.Cluster.Tests.Leases;

/// <summary>A computer whose monotonic and wall clock are moved by hand, each on its own.</summary>
internal sealed class TwoClocks : TimeProvider
{
    public TimeSpan Monotonic { get; set; } = TimeSpan.FromHours(1);

    public DateTimeOffset Wall { get; set; } = new(2026, 7, 15, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Monotonic.Ticks;

    public override DateTimeOffset GetUtcNow() => Wall;

    public void Pass(TimeSpan time)
    {
        Monotonic += time;
        Wall += time;
    }
}
