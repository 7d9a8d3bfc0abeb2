namespace Iec102.Acquisition;

/// <summary>
/// How long to wait after a failure before the next attempt: pauses that grow from one failure in a row to the next, the last of them for
/// all that follow. Whoever waits counts its failures, and starts from 0 again after a success.
/// </summary>
public sealed class Backoff
{
    private readonly TimeSpan[] _pauses;
    private readonly double _jitter;

    /// <summary>A schedule of its own.</summary>
    /// <param name="pauses">The pauses, the shortest first.</param>
    public Backoff(params ReadOnlySpan<TimeSpan> pauses) => _pauses = pauses.ToArray();

    private Backoff(IReadOnlyList<TimeSpan> pauses, double jitter) => (_pauses, _jitter) = ([.. pauses], jitter);

    /// <summary>For what seldom mends without people, such as a refused login: 15 min, 1 h, then a day.</summary>
    public static Backoff ForPeople { get; } = new(TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromDays(1));

    /// <summary>Pauses of which each is twice as long as the one before.</summary>
    /// <param name="first">The first pause, more than zero.</param>
    /// <param name="longest">The longest pause, before jitter.</param>
    /// <param name="jitter">By which share, 0 to 1, a pause may be longer: what failed together shall not come back together.</param>
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
    /// The pause after a failure, made longer by the jitter. By how much depends on who waits and on the number of failures alone: it is
    /// the same in every run.
    /// </summary>
    /// <param name="earlier">How many failures came before it in a row: 0 for the first.</param>
    /// <param name="id">Who waits.</param>
    public TimeSpan After(int earlier, string id) => After(earlier) * (1 + _jitter * StableHash.Fraction($"{id}#{earlier}"));
}
