namespace Iec102.Acquisition;

/// <summary>
/// How long to wait after a failure before the next attempt: the pauses grow with each failure in a row, and the last one repeats. The
/// caller counts its failures, and starts from 0 again after a success.
/// </summary>
public sealed class Backoff
{
    private readonly TimeSpan[] _pauses;
    private readonly double _jitter;

    /// <summary>A schedule of the given pauses.</summary>
    /// <param name="pauses">The pauses, the shortest first.</param>
    public Backoff(params ReadOnlySpan<TimeSpan> pauses) => _pauses = pauses.ToArray();

    private Backoff(IReadOnlyList<TimeSpan> pauses, double jitter) => (_pauses, _jitter) = ([.. pauses], jitter);

    /// <summary>For failures that people usually have to fix, such as a refused login: 15 min, 1 h, then a day.</summary>
    public static Backoff ForPeople { get; } = new(TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromDays(1));

    /// <summary>Pauses that double each time.</summary>
    /// <param name="first">The first pause, more than zero.</param>
    /// <param name="longest">The longest pause, before jitter.</param>
    /// <param name="jitter">
    /// The share, 0 to 1, by which a pause may be longer, so that what failed together does not come back together.
    /// </param>
    public static Backoff Doubling(TimeSpan first, TimeSpan longest, double jitter = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero);
        var pauses = new List<TimeSpan>();
        for (var pause = first; pause < longest; pause *= 2)
            pauses.Add(pause);
        return new Backoff([.. pauses, longest], jitter);
    }

    /// <summary>The pause after a failure.</summary>
    /// <param name="earlier">How many failures came before it in a row: 0 for the first.</param>
    public TimeSpan After(int earlier) => _pauses[Math.Min(earlier, _pauses.Length - 1)];

    /// <summary>
    /// The pause after a failure, lengthened by the jitter. By how much depends only on the id and on the number of failures: it is the
    /// same in every run.
    /// </summary>
    /// <param name="earlier">How many failures came before it in a row: 0 for the first.</param>
    /// <param name="id">The id of whoever waits.</param>
    public TimeSpan After(int earlier, string id) => After(earlier) * (1 + _jitter * StableHash.Fraction($"{id}#{earlier}"));
}
