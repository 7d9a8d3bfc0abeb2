using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>Everything that is read from a meter besides current values and curves, and which of it is due.</summary>
internal sealed class FactAgenda
{
    private readonly List<(Readable What, FactTask Task)> _tasks = [];

    /// <summary>The tasks that read the set-up that curves need, the better one first.</summary>
    private readonly FactTask[] _setUp = [];

    /// <summary>An agenda without tasks of its own: only what somebody asks for is read.</summary>
    public FactAgenda()
    {
    }

    /// <summary>The tasks of a meter, planned onwards from what is stored.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="progress">Up to where its facts are stored.</param>
    /// <param name="configuration">The stored answers of this meter that say how it is set up.</param>
    /// <param name="now">The moment.</param>
    public FactAgenda(
        MeterConfiguration meter, IReadOnlyList<FactProgress> progress, IReadOnlyList<ConfigurationRead> configuration, Instant now)
    {
        var tasks = new FactTasks(meter, progress);
        _setUp = [tasks.Registrar(), tasks.Further()];
        foreach (var task in _setUp)
            Add(Readable.Configuration, task);
        foreach (var record in EventsTask.Records)
            Add(Readable.Events, tasks.Events(record));
        Add(Readable.Closings, tasks.Closings());
        Add(Readable.Parameters, tasks.Parameters());
        Add(Readable.Configuration, tasks.ClockChanges());
        foreach (var contract in FactTasks.Contracts)
        {
            Add(Readable.Tariff, tasks.CurrentTariff(contract));
            Add(Readable.Tariff, tasks.ClosedTariff(contract));
            Add(Readable.Powers, tasks.Powers(contract));
            Add(Readable.Holidays, tasks.Holidays(contract));
            Add(Readable.Holidays, tasks.Seasons(contract));
        }

        void Add(Readable what, FactTask task)
        {
            task.Plan(task.ReadTo ?? configuration.FirstOrDefault(known => IsAnswerOf(known, task))?.ReadAt, now);
            _tasks.Add((what, task));
        }
    }

    /// <summary>The task that has been due for longest; null when none is.</summary>
    public FactTask? Next(MeterSetUp setUp, Instant now) => First(setUp) is { } first && first.Due <= now ? first : null;

    /// <summary>When the next task is due.</summary>
    public Instant NextDue(MeterSetUp setUp) => First(setUp)?.Due ?? Instant.MaxValue;

    /// <summary>
    /// What is to be read before the first interval, since the grid of the curves follows from it: while the set-up is not known, the
    /// configuration (141), or 156 when that is refused. Null when it is known, or the meter does not give it.
    /// </summary>
    public FactTask? BeforeCurves(MeterSetUp setUp, Instant now) =>
        setUp.IsKnown ? null : Array.Find(_setUp, task => task.Due <= now);

    /// <summary>The tasks that read something, as far as the meter has it.</summary>
    public IEnumerable<FactTask> TasksOf(Readable what, MeterSetUp setUp) =>
        _tasks.Where(entry => entry.What == what && IsWanted(entry.Task, setUp)).Select(entry => entry.Task);

    /// <summary>The set-up is not known: it is read at once.</summary>
    public void HastenSetUp(Instant now)
    {
        foreach (var task in _setUp)
            task.Hasten(now);
    }

    /// <summary>Another meter stands here now: nothing is known about it.</summary>
    public void BeginAnew(Instant now)
    {
        foreach (var (_, task) in _tasks)
        {
            task.Forget();
            task.Hasten(now);
        }
    }

    /// <summary>All tasks.</summary>
    public IEnumerable<FactTask> Tasks => _tasks.Select(entry => entry.Task);

    private FactTask? First(MeterSetUp setUp)
    {
        FactTask? first = null;
        foreach (var (_, task) in _tasks)
        {
            if ((first is null || task.Due < first.Due) && IsWanted(task, setUp))
                first = task;
        }

        return first;
    }

    private static bool IsWanted(FactTask task, MeterSetUp setUp) => task.Contract is not { } contract || setUp.Has(contract);

    private static bool IsAnswerOf(ConfigurationRead known, FactTask task) =>
        Asdu.TryRead(known.Asdu, out var asdu) && Conversation.Of(task.Type) is { } conversation
            && asdu.Header.Type == conversation.AnswerType
        && (task.Contract is null || asdu.Header.RecordAddress == task.Contract);
}
