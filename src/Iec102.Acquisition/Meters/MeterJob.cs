using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Readings;
using Iec102.Acquisition.Tasks;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>What somebody waits for: its tasks are read to their ends, one after the other, and then all are answered together.</summary>
internal sealed class MeterJob
{
    private readonly List<MeterFact> _facts = [];
    private IReadOnlyList<MeterTask>? _tasks;
    private ReadNowAnswer? _answer;
    private ExchangeEnded? _refusal;
    private Instant _deadline;
    private int _at;

    /// <summary>A job whose tasks follow from what the meter has.</summary>
    public MeterJob(long ticket, Readable what) => (Ticket, What) = (ticket, what);

    /// <summary>A job of tasks that are known.</summary>
    public MeterJob(params IReadOnlyList<MeterTask> tasks) => _tasks = tasks;

    /// <summary>Whoever waits knows it by this.</summary>
    public long Ticket { get; }

    /// <summary>What is wanted.</summary>
    public Readable What { get; }

    /// <summary>The tasks; empty before the job has begun.</summary>
    public IReadOnlyList<MeterTask> Tasks => _tasks ?? [];

    /// <summary>Why nothing came of it; null when something did.</summary>
    public ExchangeEnded? Failure { get; private set; }

    /// <summary>How it is answered, once it has ended; with the first refusal when that is all there was.</summary>
    public ReadNowAnswer Answer =>
        _answer ?? (_facts.Count == 0 && _refusal is not null ? new ReadNowAnswer.Refused(_refusal.Error) : new ReadNowAnswer.Facts(_facts));

    /// <summary>Its turn has come.</summary>
    /// <param name="tasks">Its tasks, unless they are known.</param>
    /// <param name="now">The moment.</param>
    /// <param name="patience">What has been read after this time is answered; the rest is read when its turn comes.</param>
    public void Begin(Func<Readable, IReadOnlyList<MeterTask>> tasks, Instant now, Duration patience)
    {
        if (_deadline != default)
            return;
        _tasks ??= tasks(What);
        _deadline = now + patience;
        foreach (var task in _tasks)
            task.Hasten(now);
    }

    /// <summary>The task to go on with; null when the job is done.</summary>
    public MeterTask? Next(Instant now)
    {
        while (_at < Tasks.Count && Tasks[_at].Due > now)
            _at++;
        return _at < Tasks.Count && now < _deadline ? Tasks[_at] : null;
    }

    /// <summary>Takes what was read.</summary>
    public void Add(ReadNowAnswer answer) => _answer = answer;

    /// <summary>Takes the facts of a task.</summary>
    public void Add(FactTask task, IReadOnlyList<MeterFact> facts)
    {
        _facts.AddRange(facts);
        _refusal ??= task.Refusal;
    }

    /// <summary>Nothing comes of it.</summary>
    public void Fail(ExchangeEnded? failure, ReadNowAnswer answer) => (Failure, _answer) = (failure, answer);
}
