using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>Everything that is read of a meter beside current values and curves, and which of it is due.</summary>
internal sealed class FactAgenda
{
    private static readonly byte[] FurtherObjects =
    [
        ObjectAddress.Battery, ObjectAddress.AutomaticClockChange, ObjectAddress.MinutesBetweenClosings, ObjectAddress.Alarms, ObjectAddress.VoltageFaults,
        ObjectAddress.CurvePeriods, ObjectAddress.Ratios, ObjectAddress.ClockReference, ObjectAddress.Program, ObjectAddress.ClosingByButton,
    ];

    private static readonly byte[] ContractObjects = [ObjectAddress.Seasons, ObjectAddress.CurrentPeriods];

    private readonly List<(Readable What, FactTask Task)> _tasks = [];

    /// <summary>The tasks of a meter, planned onwards from what is stored.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="progress">Up to where its facts are stored.</param>
    /// <param name="configuration">The stored answers of this meter that tell how it is set up.</param>
    /// <param name="now">The moment.</param>
    public FactAgenda(MeterConfiguration meter, IReadOnlyList<FactProgress> progress, IReadOnlyList<ConfigurationRead> configuration, Instant now)
    {
        var id = meter.Id;
        Add(Readable.Configuration, new ConfigurationTask(id, "its configuration", TypeIdentification.ReadConfiguration, null, Request.ReadConfiguration));
        Add(Readable.Configuration, new ObjectsTask(id, "its further configuration", TypeIdentification.ReadFurtherConfiguration, null, FurtherObjects));
        foreach (var record in EventsTask.Records)
            AddFact(Readable.Events, new EventsTask(id, record, Duration.FromTimeSpan(meter.EventsEvery), ReadTo(FactKind.Events, record)), ReadTo(FactKind.Events, record));
        var (closings, derived) = (ReadTo(FactKind.Closings, RecordAddress.DailyTotals1), ReadTo(FactKind.Closings, RecordAddress.LoadCurve1));
        AddFact(Readable.Closings, new ClosingsTask(meter, closings, derived), closings > derived || derived is null ? closings : derived);
        Add(Readable.Parameters, new ConfigurationTask(id, "the parameters of its measurement point", TypeIdentification.ReadPointParameters, null, Request.ReadPointParameters));
        Add(Readable.Configuration, new ConfigurationTask(id, "the dates of its clock changes", TypeIdentification.ReadClockChangeDates, null, Request.ReadClockChangeDates));
        for (var contract = RecordAddress.Contract1; contract < RecordAddress.Contract1 + 3; contract++)
            AddContract(id, contract);

        void Add(Readable what, FactTask task) => AddFact(what, task, LastRead(task));

        void AddFact(Readable what, FactTask task, Instant? lastRead)
        {
            task.Plan(lastRead, now);
            _tasks.Add((what, task));
        }

        void AddContract(string id, byte contract)
        {
            AddFact(Readable.Tariff, new CurrentTariffTask(id, contract), null);
            AddFact(Readable.Tariff, new ClosedTariffTask(id, contract, ReadTo(FactKind.ClosedTariff, contract)), ReadTo(FactKind.ClosedTariff, contract));
            Add(Readable.Powers, new ConfigurationTask(id, $"the contracted powers of {ContractName.Of(contract)}", TypeIdentification.ReadContractedPowers, contract, point => Request.ReadContractedPowers(point, contract)));
            Add(Readable.Holidays, new ConfigurationTask(id, $"the holidays of {ContractName.Of(contract)}", TypeIdentification.ReadHolidays, contract, point => Request.ReadHolidays(point, contract)));
            Add(Readable.Tariff, new ObjectsTask(id, $"the seasons of {ContractName.Of(contract)}", TypeIdentification.ReadContractObjects, contract, ContractObjects));
        }

        Instant? ReadTo(FactKind kind, byte record) => progress.FirstOrDefault(known => known.Kind == kind && known.Record == record)?.ReadTo;

        Instant? LastRead(FactTask task) => configuration.FirstOrDefault(known => IsAnswerOf(known, task))?.ReadAt;
    }

    /// <summary>The task that has been due for longest; null when none is.</summary>
    public FactTask? Next(MeterSetUp setUp, Instant now) => First(setUp) is { } first && first.Due <= now ? first : null;

    /// <summary>When the next task is due.</summary>
    public Instant NextDue(MeterSetUp setUp) => First(setUp)?.Due ?? Instant.MaxValue;

    /// <summary>
    /// What is to be read before the first interval, since the grid of the curves follows from it: of a meter whose set-up is not known the configuration, 141,
    /// else 156. Null when it is known, or the meter does not tell it.
    /// </summary>
    public FactTask? BeforeCurves(MeterSetUp setUp, Instant now) =>
        setUp.IsKnown ? null : _tasks.Take(2).Select(entry => entry.Task).FirstOrDefault(task => task.Due <= now);

    /// <summary>The tasks that read a thing, as far as the meter has it.</summary>
    public IEnumerable<FactTask> TasksOf(Readable what, MeterSetUp setUp) =>
        _tasks.Where(entry => entry.What == what && IsWanted(entry.Task, setUp)).Select(entry => entry.Task);

    /// <summary>The set-up is not known: what tells it is read at once.</summary>
    public void HastenSetUp(Instant now)
    {
        foreach (var (_, task) in _tasks.Take(2))
            task.Hasten(now);
    }

    /// <summary>Another meter stands here now: nothing of it is known.</summary>
    public void BeginAnew(Instant now)
    {
        foreach (var (_, task) in _tasks)
        {
            task.Forget();
            task.Hasten(now);
        }
    }

    /// <summary>All of them.</summary>
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
        Asdu.TryRead(known.Asdu, out var asdu) && Conversation.Of(task.Type) is { } conversation && asdu.Header.Type == conversation.AnswerType
        && (task.Contract is null || asdu.Header.RecordAddress == task.Contract);
}
