using Iec102.Acquisition.Tasks;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>The jobs that somebody waits for, in the order in which they were asked for.</summary>
/// <param name="tell">Takes the notices.</param>
internal sealed class JobQueue(Action<DialogueNotice> tell)
{
    private readonly Queue<MeterJob> _jobs = new();

    /// <summary>Somebody waits.</summary>
    public bool IsAwaited => _jobs.Count > 0;

    public void Add(MeterJob job) => _jobs.Enqueue(job);

    /// <summary>The task to go on with; reports the jobs that are done before it.</summary>
    /// <param name="tasksOf">The tasks that read a thing.</param>
    /// <param name="now">The moment.</param>
    public MeterTask? Next(Func<Readable, IReadOnlyList<MeterTask>> tasksOf, Instant now)
    {
        while (_jobs.TryPeek(out var job))
        {
            job.Begin(tasksOf, now);
            if (job.Next(now) is { } task)
                return task;
            _jobs.Dequeue();
            tell(new DialogueNotice.JobEnded(job));
        }

        return null;
    }

    /// <summary>Ends the jobs that nobody waits for any more, with what has been read for them.</summary>
    public void EndExpired(TimeSpan now)
    {
        while (_jobs.TryPeek(out var job) && job.IsExpired(now))
            tell(new DialogueNotice.JobEnded(_jobs.Dequeue()));
    }

    /// <summary>The job that waits for a task; null when none does.</summary>
    public MeterJob? Of(MeterTask? task) => task is not null && _jobs.TryPeek(out var job) && job.Tasks.Contains(task) ? job : null;

    /// <summary>The job that waits for the clock to be set; null when none does.</summary>
    public MeterJob? SettingClock => _jobs.TryPeek(out var job) && job is { SetsClock: true, Written: null } ? job : null;

    /// <summary>A task that somebody waits for was not answered, but can be asked again at once.</summary>
    public void AskAgain(MeterTask? task, Instant now)
    {
        if (Of(task) is not null)
            task!.Hasten(now);
    }

    /// <summary>An exchange failed: whoever waits for its task is notified.</summary>
    public void Failed(MeterTask? task, string? error)
    {
        if (Of(task) is not null)
            End(_jobs.Dequeue(), new ReadNowAnswer.NoAnswer(error));
    }

    /// <summary>Ends every waiting job with this answer; a job that already has an answer keeps it.</summary>
    public void EndAll(ReadNowAnswer answer)
    {
        while (_jobs.TryDequeue(out var job))
        {
            if (job.HasAnswer)
                tell(new DialogueNotice.JobEnded(job));
            else
                End(job, answer);
        }
    }

    /// <summary>Ends one job with this answer.</summary>
    public void End(MeterJob job, ReadNowAnswer answer)
    {
        job.Add(answer);
        tell(new DialogueNotice.JobEnded(job));
    }
}
