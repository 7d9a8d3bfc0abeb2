namespace Iec102.Acquisition.Ports;

/// <summary>Which share of the last minutes a line was in use, from the time in use since the start, kept for every 10 s.</summary>
internal sealed class BusyWindow
{
    /// <summary>The longest time that can be looked back.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    /// <summary>The time in use at each full step, the steps in a ring.</summary>
    private readonly TimeSpan[] _atStep = new TimeSpan[(int)(Longest / Step) + 2];

    private readonly TimeSpan _startedAt;
    private TimeSpan _now;
    private TimeSpan _busy;

    /// <summary>A line that is not in use yet.</summary>
    public BusyWindow(TimeSpan startedAt) => (_startedAt, _now) = (startedAt, startedAt);

    /// <summary>The line was in use for so long since the start.</summary>
    public void Take(TimeSpan busy, TimeSpan now)
    {
        for (var step = Math.Max(StepOf(_now) + 1, StepOf(now) - _atStep.Length + 1); step <= StepOf(now); step++)
            _atStep[step % _atStep.Length] = _busy + (busy - _busy) * ((step * Step - _now) / (now - _now));
        (_busy, _now) = (busy, now);
    }

    /// <summary>The share of the last minutes, 0 to 1; of the time since the start when that is shorter.</summary>
    public double Share(TimeSpan of)
    {
        var step = StepOf(_now - of);
        var (from, before) = step * Step > _startedAt ? (step * Step, _atStep[step % _atStep.Length]) : (_startedAt, TimeSpan.Zero);
        return _now > from ? Math.Clamp((_busy - before) / (_now - from), 0, 1) : 0;
    }

    private static long StepOf(TimeSpan time) => (long)Math.Floor(time / Step);
}
