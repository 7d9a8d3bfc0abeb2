using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>What people wait for, in the order in which they asked, and how patiently it is asked again when it fails.</summary>
internal sealed class JobQueue(Patience patience, Action<DialogueNotice> tell)
{
    private readonly Queue<MeterJob> _jobs = new();
    private int _losses;

    /// <summary>Somebody waits.</summary>
    public bool IsAwaited => _jobs.Count > 0;

    public void Add(MeterJob job) => _jobs.Enqueue(job);

    /// <summary>The task to go on with; jobs that are done are told on the way to it.</summary>
    /// <param name="tasksOf">The tasks that read a thing.</param>
    /// <param name="now">The moment.</param>
    public MeterTask? Next(Func<Readable, IReadOnlyList<MeterTask>> tasksOf, Instant now)
    {
        while (_jobs.TryPeek(out var job))
        {
            job.Begin(tasksOf, now, Duration.FromTimeSpan(patience.Timeout));
            if (job.Next(now) is { } task)
                return task;
            _jobs.Dequeue();
            tell(new DialogueNotice.JobEnded(job));
        }

        return null;
    }

    /// <summary>The job that waits for a task; null when nobody does.</summary>
    public MeterJob? Of(MeterTask? task) => task is not null && _jobs.TryPeek(out var job) && job.Tasks.Contains(task) ? job : null;

    /// <summary>Something that somebody waits for was answered.</summary>
    public void Answered() => _losses = 0;

    /// <summary>
    /// An exchange came to nothing: it is asked again while patience lasts, else whoever waits is told. Answers how long to wait before it is asked again; null
    /// when nobody waits for that.
    /// </summary>
    /// <param name="task">What was asked; null for what a session needs.</param>
    /// <param name="ended">How it ended.</param>
    /// <param name="concernsAll">Nothing else can be asked either.</param>
    /// <param name="hasProgressed">It brought something new all the same.</param>
    public Duration? Failed(MeterTask? task, ExchangeEnded ended, bool concernsAll, bool hasProgressed)
    {
        if (hasProgressed)
            _losses = 0;
        if (!IsAwaited || (patience.Losses == 0 && !concernsAll && Of(task) is null))
            return null;
        if (_losses < patience.Losses)
        {
            tell(new DialogueNotice.AsksAgain(ended, ++_losses));
            return Duration.FromSeconds(_losses - 1);
        }

        if (concernsAll || patience.Losses > 0)
            EndAll(ended, new ReadNowAnswer.NoAnswer(ended.Error));
        else
            End(_jobs.Dequeue(), ended, new ReadNowAnswer.NoAnswer(ended.Error));
        return null;
    }

    /// <summary>Nothing comes of whatever anybody waits for.</summary>
    public void EndAll(ExchangeEnded? failure, ReadNowAnswer answer)
    {
        while (_jobs.TryDequeue(out var job))
            End(job, failure, answer);
    }

    /// <summary>Nothing comes of a job.</summary>
    public void End(MeterJob job, ExchangeEnded? failure, ReadNowAnswer answer)
    {
        job.Fail(failure, answer);
        tell(new DialogueNotice.JobEnded(job));
    }
}
