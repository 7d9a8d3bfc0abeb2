using Iec102.Acquisition.Tasks;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>Something that somebody waits for: its tasks are read to the end one after another, then answered together.</summary>
internal sealed class MeterJob
{
    private readonly List<MeterFact> _facts = [];
    private readonly Readable _what;
    private IReadOnlyList<MeterTask>? _tasks;
    private bool _hasBegun;
    private ReadNowAnswer? _answer;
    private string? _refusal;
    private bool _isAnswered;
    private readonly TimeSpan _deadline;
    private int _at;

    /// <summary>Everything that the meter has of one kind, for somebody who waits until a deadline.</summary>
    /// <param name="ticket">Identifies whoever waits.</param>
    /// <param name="what">What is wanted.</param>
    /// <param name="deadline">Nothing more is asked for it after this, in monotonic time.</param>
    public MeterJob(long ticket, Readable what, TimeSpan deadline) => (Ticket, _what, _deadline) = (ticket, what, deadline);

    /// <summary>One task, however long it takes.</summary>
    /// <param name="ticket">Identifies whoever waits.</param>
    /// <param name="task">The task.</param>
    public MeterJob(long ticket, MeterTask task) => (Ticket, _tasks, _deadline) = (ticket, [task], TimeSpan.MaxValue);

    /// <summary>Identifies whoever waits.</summary>
    public long Ticket { get; }

    /// <summary>The clock is not only to be read, but to be set, and then read again.</summary>
    public bool SetsClock { get; init; }

    /// <summary>How the clock was set; null until it is.</summary>
    public ClockWritten? Written { get; set; }

    /// <summary>It has an answer as a whole that has not been reported yet.</summary>
    public bool HasAnswer => _answer is not null;

    /// <summary>The tasks; empty until they are known.</summary>
    public IReadOnlyList<MeterTask> Tasks => _tasks ?? [];

    /// <summary>Its answer once it has ended; the first refusal when there was nothing else.</summary>
    public ReadNowAnswer Answer
    {
        get
        {
            if (_answer is not null)
                return _answer;
            if (Written is not null)
                return new ReadNowAnswer.ClockSet(Written, null);
            if (_facts.Count == 0 && _refusal is not null)
                return new ReadNowAnswer.Refused(_refusal);
            return _isAnswered || _at == _tasks?.Count
                ? new ReadNowAnswer.Facts(_facts)
                : new ReadNowAnswer.NoAnswer("time ran out before the meter had answered");
        }
    }

    /// <summary>Nobody waits for it any more.</summary>
    public bool IsExpired(TimeSpan now) => now >= _deadline;

    /// <summary>
    /// Begins the job when its turn comes for the first time: its tasks, which may depend on what the meter has, are due now.
    /// </summary>
    public void Begin(Func<Readable, IReadOnlyList<MeterTask>> tasksOf, Instant now)
    {
        // A new session asks for identification and clock anyway: a job for one of them has its answer from that.
        if (_hasBegun || _answer is not null)
            return;
        _hasBegun = true;
        _tasks ??= tasksOf(_what);
        foreach (var task in _tasks)
            task.Hasten(now);
    }

    /// <summary>The task to go on with; null when the job is done.</summary>
    public MeterTask? Next(Instant now)
    {
        if (_answer is not null)
            return null;
        while (_at < Tasks.Count && Tasks[_at].Due > now)
            _at++;
        return _at < Tasks.Count ? Tasks[_at] : null;
    }

    /// <summary>Takes its answer as a whole. Once the clock is set, that is the answer, whatever happens afterwards.</summary>
    public void Add(ReadNowAnswer answer) => _answer = Written is { } written
        ? new ReadNowAnswer.ClockSet(written, (answer as ReadNowAnswer.Clock)?.Reading)
        : answer;

    /// <summary>Takes the facts of a task.</summary>
    public void Add(FactTask task, IReadOnlyList<MeterFact> facts)
    {
        _isAnswered = true;
        _facts.AddRange(facts);
        _refusal ??= task.Refusal?.Error;
    }
}
