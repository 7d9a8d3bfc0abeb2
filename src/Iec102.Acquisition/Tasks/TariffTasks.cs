using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>The tariff period of a contract that is running, type 133, every hour (protocol notes 4.7).</summary>
internal sealed class CurrentTariffTask(string meter, byte record) : FactTask(meter, Duration.FromHours(1))
{
    public override string Name => $"the current tariff of {ContractName.Of(record)}";

    public override TypeIdentification Type => TypeIdentification.ReadCurrentTariff;

    public override RequestClass Class => RequestClass.History;

    public override byte? Contract => record;

    public override Request Next(TaskContext context) => Request.ReadCurrentTariff(context.Point, record);

    protected override IReadOnlyList<MeterFact> TakeAnswer(ExchangeEnded ended, TaskContext context)
    {
        Due = NextRegular(context.Now);
        var periods = FactAnswers.Tariff(ended.Request, ended.Answers, context.Zone, context.Habit);
        return periods.Count == 0
            ? []
            : [new TariffRead(context.Meter, context.SerialNumber, ended.EndedAt, record, IsClosed: false, context.Now, periods)];
    }
}

/// <summary>
/// The closed tariff periods of a contract, type 134, daily (protocol notes 4.7), from some days before what is known; the first time two
/// years, in as many parts as the line needs to stay free for others. A wanted range is asked for as it is.
/// </summary>
/// <param name="meter">The meter's id.</param>
/// <param name="record">The contract's record.</param>
/// <param name="readTo">Up to where they are stored; null when nothing is.</param>
/// <param name="wanted">The range that somebody wants; null to read onwards from what is stored.</param>
internal sealed class ClosedTariffTask(string meter, byte record, Instant? readTo, TimeRange? wanted = null) : FactTask(meter, OneDay)
{
    private static readonly Duration Overlap = Duration.FromDays(3);
    private static readonly Duration Backlog = Duration.FromDays(730);
    private static readonly Duration OneMonth = Duration.FromDays(31);

    /// <summary>Total and six periods, a frame and a poll each.</summary>
    private const int OctetsPerMonth = 7 * 84;

    private Instant? _readTo = readTo;
    private Instant _askedTo;

    public override string Name => $"the closed tariff of {ContractName.Of(record)}";

    public override TypeIdentification Type => TypeIdentification.ReadStoredTariff;

    public override RequestClass Class => RequestClass.History;

    public override byte? Contract => record;

    public override Instant? ReadTo => _readTo;

    public override void Forget()
    {
        base.Forget();
        _readTo = null;
    }

    public override Request Next(TaskContext context)
    {
        var from = wanted?.From ?? (_readTo is { } known ? Instant.Min(known, context.Now) - Overlap : context.Now - Backlog);
        var part = Overlap + OneMonth * Math.Max(1, context.MaxOctets / OctetsPerMonth);
        _askedTo = wanted?.To ?? Instant.Min(context.Now, from + part);
        return Request.ReadStoredTariff(context.Point, record, context.Label(from), context.Label(_askedTo));
    }

    public override MeterFact? PartOf(ExchangeEnded ended, TaskContext context) =>
        wanted is not null && FactAnswers.Tariff(ended.Request, ended.Answers, context.Zone, context.Habit) is { Count: > 0 } periods
            ? Fact(periods, ended, context)
            : null;

    protected override IReadOnlyList<MeterFact> TakeAnswer(ExchangeEnded ended, TaskContext context) =>
        Tell(FactAnswers.Tariff(ended.Request, ended.Answers, context.Zone, context.Habit), ended, context);

    /// <summary>
    /// Causes 13 and 18 are how some meters say that no period was closed then; whoever wants a range gets the refusal itself.
    /// </summary>
    protected override IReadOnlyList<MeterFact> TakeRefusal(ExchangeEnded ended, TaskContext context) =>
        wanted is null && ended.Cause is (CauseOfTransmission.RecordNotAvailable or CauseOfTransmission.PeriodNotAvailable)
            ? Tell([], ended, context)
            : base.TakeRefusal(ended, context);

    private TariffRead[] Tell(IReadOnlyList<TariffPeriodRead> periods, ExchangeEnded ended, TaskContext context)
    {
        if (periods.Count == 0 && !ClockTrust.Believes(context.ClockOffset))
        {
            Due = NextRegular(context.Now);
            return [];
        }

        _readTo = _askedTo;
        Due = wanted is null && _askedTo < context.Now - Overlap ? context.Now : NextRegular(context.Now);
        return [Fact(periods, ended, context)];
    }

    private TariffRead Fact(IReadOnlyList<TariffPeriodRead> periods, ExchangeEnded ended, TaskContext context) =>
        new(context.Meter, context.SerialNumber, ended.EndedAt, record, IsClosed: true, _askedTo, periods);
}
