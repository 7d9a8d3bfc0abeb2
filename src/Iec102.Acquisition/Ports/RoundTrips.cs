namespace Iec102.Acquisition.Ports;

/// <summary>
/// How long answers take, from the last frame sent to the answer, over the last 15 to 30 minutes: counts in steps of a fifth, from a
/// millisecond to two minutes. Adding allocates nothing.
/// </summary>
internal sealed class RoundTrips
{
    /// <summary>Four steps double the time.</summary>
    private const int StepsPerDoubling = 4;

    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(15);
    private static readonly int Steps = StepOf(TimeSpan.FromMinutes(2)) + 1;

    private int[] _present = new int[Steps];
    private int[] _before = new int[Steps];
    private TimeSpan _turnedAt;

    /// <summary>An answer took this long.</summary>
    public void Add(TimeSpan time, TimeSpan now)
    {
        if (now - _turnedAt >= Turn)
        {
            (_present, _before) = (_before, _present);
            Array.Clear(_present);
            _turnedAt = now;
        }

        _present[Math.Clamp(StepOf(time), 0, Steps - 1)]++;
    }

    /// <summary>The time within which this share of the answers came, to a fifth; null before the first answer.</summary>
    /// <param name="share">More than 0, up to 1.</param>
    public TimeSpan? Within(double share)
    {
        var all = 0L;
        for (var step = 0; step < Steps; step++)
            all += _present[step] + _before[step];
        if (all == 0)
            return null;
        var left = (long)Math.Ceiling(share * all);
        for (var step = 0; ; step++)
        {
            left -= _present[step] + _before[step];
            if (left <= 0)
                return TimeSpan.FromMilliseconds(Math.Pow(2, (double)step / StepsPerDoubling));
        }
    }

    /// <summary>The step whose upper end is the time, or just above it.</summary>
    private static int StepOf(TimeSpan time) =>
        time.TotalMilliseconds <= 1 ? 0 : (int)Math.Ceiling(Math.Round(Math.Log2(time.TotalMilliseconds) * StepsPerDoubling, 6));
}
