namespace Iec102.Acquisition.Ports;

/// <summary>How much several counts have grown in the last minutes, from their totals since the start, kept for every 10 s.</summary>
internal sealed class CountWindow
{
    /// <summary>The longest time that can be looked back.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);
    private static readonly int Steps = (int)(Longest / Step) + 2;

    private readonly TimeSpan _startedAt;

    /// <summary>The totals at each full step, the steps in a ring. Only their differences matter, so they may overflow.</summary>
    private readonly int[] _atStep;

    private readonly long[] _totals;
    private TimeSpan _now;

    /// <summary>Counts that are 0.</summary>
    public CountWindow(int counts, TimeSpan startedAt)
    {
        (_startedAt, _now) = (startedAt, startedAt);
        _totals = new long[counts];
        _atStep = new int[Steps * counts];
    }

    /// <summary>The totals are so large now. They are taken to have grown evenly since they were last told.</summary>
    public void Take(ReadOnlySpan<long> totals, TimeSpan now)
    {
        for (var step = Math.Max(StepOf(_now) + 1, StepOf(now) - Steps + 1); step <= StepOf(now); step++)
        {
            var share = (step * Step - _now) / (now - _now);
            for (var count = 0; count < totals.Length; count++)
                At(step, count) = unchecked((int)(_totals[count] + (long)((totals[count] - _totals[count]) * share)));
        }

        totals.CopyTo(_totals);
        _now = now;
    }

    /// <summary>By how much a count has grown in the last minutes, which begin on a full 10 s; or since the start.</summary>
    public int Growth(int count, TimeSpan of) =>
        unchecked((int)_totals[count] - (IsSinceStart(of) ? 0 : At(StepOf(_now - of), count)));

    /// <summary>The time in which it has grown so much.</summary>
    public TimeSpan Span(TimeSpan of) => _now - (IsSinceStart(of) ? _startedAt : StepOf(_now - of) * Step);

    private bool IsSinceStart(TimeSpan of) => StepOf(_now - of) * Step <= _startedAt;

    private ref int At(long step, int count) => ref _atStep[step % Steps * _totals.Length + count];

    private static long StepOf(TimeSpan time) => (long)Math.Floor(time / Step);
}
