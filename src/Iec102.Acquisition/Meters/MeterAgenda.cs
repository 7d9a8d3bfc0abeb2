using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// What is read from a meter without anybody asking for it, and in which order: current values, the check of the clock, then curves and
/// facts in turns, so that neither holds up the other.
/// </summary>
internal sealed class MeterAgenda
{
    private static readonly TimeSpan ShortChunk = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongChunk = TimeSpan.FromSeconds(30);

    private readonly FactAgenda _facts;
    private bool _curvesTurn;

    /// <summary>An agenda of everything that the configuration says is to be read.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="curves">Its curves.</param>
    /// <param name="facts">Everything else that is read from it.</param>
    public MeterAgenda(MeterConfiguration meter, IEnumerable<Curve> curves, FactAgenda facts)
    {
        Current = new CurrentValuesTask(meter.Id, meter.CurrentValues);
        Clock = new ClockTask(Duration.FromTimeSpan(meter.Clock.CheckEvery));
        Curves = [.. curves.Select(curve => new CurveTask(curve))];
        _facts = facts;
    }

    public CurrentValuesTask Current { get; }

    public ClockTask Clock { get; }

    public IdentificationTask Identification { get; } = new();

    public IReadOnlyList<CurveTask> Curves { get; }

    /// <summary>Curves and facts rest after an answer that did not end; nothing else does.</summary>
    public SeriesRest Series { get; } = new();

    public IEnumerable<FactTask> Facts => _facts.Tasks;

    /// <summary>The tasks that read something, as far as the meter has it.</summary>
    public IReadOnlyList<MeterTask> TasksOf(Readable what, MeterSetUp setUp) => what switch
    {
        Readable.CurrentValues => [Current],
        Readable.Clock => [Clock],
        Readable.Identification => [Identification],
        _ => [.. _facts.TasksOf(what, setUp)],
    };

    /// <summary>Plans the first readings. While it is not known how the meter is set up, that is read at once.</summary>
    public void Begin(MeterSetUp setUp, Instant now)
    {
        if (!setUp.IsKnown)
            _facts.HastenSetUp(now);
        Current.PlanFirst(now);
        Clock.Plan(now);
        foreach (var curve in Curves)
            curve.WaitUntil(now);
    }

    /// <summary>
    /// Our clock was set by this much, and shows this now. In a session the meter's clock is compared with it before any
    /// curve or fact is read; a new session does so anyway.
    /// </summary>
    public void ClockStepped(Duration by, Instant now, bool isInSession)
    {
        Series.ClockStepped(by);
        foreach (var task in Curves.Concat<MeterTask>(Facts).Append(Current).Append(Identification).Append(Clock))
            task.ClockStepped(by, now);
        if (isInSession)
            Clock.Hasten(now);
    }

    /// <summary>Another meter stands here: a new segment of its curves begins, and nothing else is known about it.</summary>
    public void BeginAnew(uint serial, Instant now)
    {
        foreach (var curve in Curves)
            curve.BeginSegment(serial, now);
        _facts.BeginAnew(now);
    }

    /// <summary>What is due, the most urgent first; null when nothing is.</summary>
    public MeterTask? Next(MeterSetUp setUp, Instant now)
    {
        if (Identification.Due <= now)
            return Identification;
        if (Current.Due <= now)
            return Current;
        if (Clock.Due <= now)
            return Clock;
        if (now < Series.Until)
            return null;
        if (BeforeCurves(setUp, now) is { } first)
            return first;
        var fact = _facts.Next(setUp, now);
        return fact is null || _curvesTurn ? Curves.FirstOrDefault(curve => curve.IsReady) ?? (MeterTask?)fact : fact;
    }

    /// <summary>A task is being asked; curves and facts take turns.</summary>
    public void Asked(MeterTask task) => _curvesTurn = task is FactTask || (task is not CurveTask && _curvesTurn);

    /// <summary>Whether there is something to ask the meter, or a profile actor in a session with it.</summary>
    public bool IsAnythingDue(MeterSetUp setUp, Instant now) => Next(setUp, now) is not null || CurvesToAsk(setUp, now).Any();

    /// <summary>Adds notices to ask the profile actors of the curves that are due.</summary>
    public void AskCurves(MeterSessionState session, LineRate rate, Instant now, Action<DialogueNotice> tell)
    {
        foreach (var curve in CurvesToAsk(session.SetUp, now))
        {
            curve.Ask(now);
            tell(new DialogueNotice.CurveDue(curve.Curve, curve.SegmentToBegin, session.ForProfiles, MaxOctets(rate, now)));
        }
    }

    /// <summary>Curves whose profile actor does not answer are asked for again.</summary>
    public void GiveUpWaiting(Instant now)
    {
        foreach (var curve in Curves)
            curve.GiveUpWaiting(now);
    }

    /// <summary>When to look again.</summary>
    public Instant NextDue(MeterSetUp setUp)
    {
        var series = Curves.Aggregate(_facts.NextDue(setUp), (due, curve) => Instant.Min(due, curve.WakeAt));
        return Instant.Min(Instant.Min(Current.Due, Clock.Due), Instant.Max(series, Series.Until));
    }

    /// <summary>
    /// What one exchange may carry: about 3 s of the line when others wait for it, else as long as our own current values can wait, at most
    /// 30 s.
    /// </summary>
    public int MaxOctets(LineRate rate, Instant now)
    {
        var untilCurrent = (Current.Due - now).ToTimeSpan();
        var time = rate.OthersWait || untilCurrent < ShortChunk ? ShortChunk : untilCurrent < LongChunk ? untilCurrent : LongChunk;
        return (int)Math.Min(time.TotalSeconds * rate.OctetsPerSecond, int.MaxValue);
    }

    private IEnumerable<CurveTask> CurvesToAsk(MeterSetUp setUp, Instant now) =>
        now >= Series.Until && BeforeCurves(setUp, now) is null ? Curves.Where(curve => curve.IsToBeAsked(now)) : [];

    private FactTask? BeforeCurves(MeterSetUp setUp, Instant now) => _facts.BeforeCurves(setUp, now);
}
