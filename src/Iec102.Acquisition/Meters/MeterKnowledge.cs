using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// What the answers of a meter mean: who it is, what its clock shows, its values and facts. Each answer is reported, and given to whoever
/// waits for it.
/// </summary>
/// <param name="meter">The meter.</param>
/// <param name="session">The session.</param>
/// <param name="clock">Decides whether the clock is set.</param>
/// <param name="jobs">The jobs that somebody waits for.</param>
/// <param name="tell">Takes the notices.</param>
internal sealed class MeterKnowledge(
    MeterConfiguration meter, MeterSessionState session, ClockSetting clock, JobQueue jobs, Action<DialogueNotice> tell)
{
    private Duration? _clockOffset;
    private string? _clockAlarm;
    private Instant? _clockOffSince;

    /// <summary>Adds to the meter as operators see it what is known of its clock.</summary>
    public MeterStatus AddClock(MeterStatus status, ClockTask? task) => status with
    {
        ClockOffset = _clockOffset,
        ClockAlarm = _clockAlarm,
        ClockOffSince = _clockOffSince,
        NextClockCheck = task?.Due is { } due && due < Instant.MaxValue ? due : null,
    };

    /// <summary>Our clock was set by this much: how far off the meter's is has to be read anew.</summary>
    public void ClockStepped(Duration by)
    {
        _clockOffSince += by;
        session.ForgetClock();
        clock.ClockStepped(by);
    }

    /// <summary>Takes the answer, or the refusal, of a task.</summary>
    /// <returns>Null when it comes from a meter whose answers may be recorded, otherwise what is wrong, in one sentence.</returns>
    public string? Take(MeterTask task, MeterAgenda agenda, ExchangeEnded ended, TaskContext context)
    {
        agenda.Series.Take(ended, context.Now);
        switch (task)
        {
            case IdentificationTask identification:
                identification.Done();
                return TakeIdentification(agenda, ended, context.Now);
            case ClockTask read:
                read.Plan(context.Now);
                TakeClock(read, ended, context.Now);
                break;
            case CurrentValuesTask values:
                TakeCurrentValues(values, ended, context.Now);
                break;
            case RangeTask range:
                range.Take(ended, context.Now);
                break;
            case QuestionTask question:
                question.Take(ended);
                break;
            case FactTask fact:
                TakeFacts(fact, agenda.Facts, ended, context);
                break;
            case CurveTask:
                // The profile actor judges the answer.
                break;
            default:
                throw new InvalidOperationException($"The answer to a {task.GetType().Name} is not handled.");
        }

        return null;
    }

    /// <summary>An exchange of a task has failed: the part of a wanted range that arrived before is reported.</summary>
    public void TakeFailure(MeterTask? task, MeterAgenda agenda, ExchangeEnded ended, TaskContext context)
    {
        if (agenda.Series.Take(ended, context.Now))
            tell(new DialogueNotice.SeriesRest(ended.Error, agenda.Series.Until));
        if (task is FactTask fact && fact.PartOf(ended, context) is { } part)
            tell(new DialogueNotice.PartRead(part));
        task?.TakeFailure(ended, context.Now);
    }

    /// <summary>Takes the identification. A meter that gives none cannot be distinguished from another; it is read all the same.</summary>
    /// <returns>Null when it is a meter whose answers may be recorded, otherwise what is wrong, in one sentence.</returns>
    private string? TakeIdentification(MeterAgenda agenda, ExchangeEnded ended, Instant now)
    {
        var job = jobs.Of(agenda.Identification);
        if (!ended.TryRead(DeviceIdentification.TryRead, out DeviceIdentification identification))
        {
            job?.Add(new ReadNowAnswer.Refused(ended.Error ?? "the meter gave no identification"));
            return null;
        }

        var expected = meter.SerialNumber ?? session.KnownSerial;
        var verdict = session.Judge(identification.SerialNumber);
        if (verdict == IdentityVerdict.Wrong)
            return $"serial number {identification.SerialNumber} answers where {expected} is expected; nothing is recorded until the meter "
                + "is declared replaced";
        if (verdict == IdentityVerdict.Replacement)
        {
            tell(new DialogueNotice.Replaced(identification.SerialNumber));
            agenda.BeginAnew(identification.SerialNumber, now);
        }

        tell(new DialogueNotice.Identified(identification, ended.EndedAt));
        job?.Add(new ReadNowAnswer.Identification(identification));
        return null;
    }

    /// <summary>Takes the clock, and judges whether it is to be set.</summary>
    private void TakeClock(ClockTask task, ExchangeEnded ended, Instant now)
    {
        var read = ended.TryRead(MeterClock.TryRead, out MeterClock told)
            ? session.TakeClock(told.Time, ended.EndedAt, ended.LastRoundTrip)
            : default;
        if (read.HabitChanged)
            tell(new DialogueNotice.HabitFound(session.Habit));
        var job = jobs.Of(task);
        var isToBeSet = job is not null && job == jobs.SettingClock && ended.IsCompleted;
        var whyNot = isToBeSet ? clock.DemandNow(read.Reading, session.SetUp.Periods, now) : null;
        if (read.Reading is { } reading)
        {
            _clockOffset = reading.Offset;
            tell(new DialogueNotice.ClockTold(reading));
            JudgeClock(task, reading, now);
            NoteClock(now);
        }

        if (whyNot is not null)
            job!.Add(new ReadNowAnswer.Refused(whyNot));
        else if (!isToBeSet)
            job?.Add(read.Reading is { } shown
                ? new ReadNowAnswer.Clock(shown)
                : new ReadNowAnswer.Refused(ended.Error ?? "the meter's clock answer is not a valid date"));
    }

    /// <summary>Judges a check of the clock: whether it is set now, or later, or why not.</summary>
    public void JudgeClock(ClockTask task, ClockReading reading, Instant now)
    {
        if (clock.Judge(reading, session.SetUp.Periods, now) is not { } judgement)
            return;
        if (judgement.NotBefore is { } notBefore)
            task.PlanBefore(notBefore);
        if (judgement.Verdict is ClockVerdict.Set or ClockVerdict.Wait)
            return;
        if (clock.IsNews(judgement.Verdict) && judgement.Alarm is { } alarm)
            tell(new DialogueNotice.ClockLeftOff(alarm));
        _clockAlarm = judgement.Alarm;
    }

    /// <summary>Takes the end of writing the clock, or of the login for it.</summary>
    public void TakeClockWritten(ExchangeEnded ended, string? error, Instant now)
    {
        if (clock.Take(ended, session.KnownSerial ?? 0, session.Habit, error) is not { } written)
            return;
        tell(new DialogueNotice.FactRead(written));
        if (jobs.SettingClock is { } job)
            TakeWritten(job, written);
        _clockAlarm = written.Outcome == ClockWriteOutcome.Set ? null : $"the clock could not be set: {error}";
        NoteClock(now);
    }

    private static void TakeWritten(MeterJob job, ClockWritten written)
    {
        if (written.Outcome == ClockWriteOutcome.Set)
            job.Written = written;
        else if (written.Outcome == ClockWriteOutcome.Refused)
            job.Add(new ReadNowAnswer.Refused($"the meter refuses to have its clock set: {written.Error}"));
        else
            job.Add(new ReadNowAnswer.NoAnswer($"the clock may or may not be set: {written.Error}"));
    }

    private void NoteClock(Instant now)
    {
        var alarm = Duration.FromTimeSpan(meter.Clock.Alarm);
        var isOff = _clockAlarm is not null || (_clockOffset is { } offset && (offset >= alarm || offset <= -alarm));
        _clockOffSince = isOff ? _clockOffSince ?? now : null;
    }

    /// <summary>Takes current values.</summary>
    private void TakeCurrentValues(CurrentValuesTask task, ExchangeEnded ended, Instant now)
    {
        task.Plan(now);
        if (!ended.TryRead(InstantaneousValues.TryRead, out InstantaneousValues answer))
        {
            var error = ended.Error ?? "the meter's answer for current values cannot be read";
            task.Park(now);
            tell(new DialogueNotice.ValuesRefused(error, task.Due));
            jobs.Of(task)?.Add(new ReadNowAnswer.Refused(error));
            return;
        }

        var values = CurrentValueReader.Read(answer, meter.TimeZone, session.Habit, ended.EndedAt, session.SetUp.Ratios);
        tell(new DialogueNotice.ValuesRead(values));
        jobs.Of(task)?.Add(new ReadNowAnswer.CurrentValues(values));
    }

    /// <summary>Takes facts. A type that the meter lacks is not asked for with other records either.</summary>
    /// <param name="task">The task.</param>
    /// <param name="all">All tasks; those of the refused type are parked too.</param>
    /// <param name="ended">The end of its exchange.</param>
    /// <param name="context">The meter and the moment.</param>
    private void TakeFacts(FactTask task, IEnumerable<FactTask> all, ExchangeEnded ended, TaskContext context)
    {
        var refusal = task.Refusal?.Error;
        var facts = task.Take(ended, context);
        if (ended is { End: ExchangeEnd.Refused, Cause: CauseOfTransmission.TypeNotAvailable })
        {
            foreach (var other in all.Where(other => other != task && other.Type == task.Type))
                other.Park(ended, context.Now);
        }

        if (task.Alarm is { } alarm)
            tell(new DialogueNotice.FactStrange(alarm));
        if (task.Refusal is { } refused && refused.Error != refusal)
            tell(new DialogueNotice.FactRefused(task.Name, refused.Error));
        foreach (var fact in facts)
        {
            if (fact is ConfigurationRead answer)
                session.TakeSetUp(answer);
            tell(new DialogueNotice.FactRead(fact));
        }

        jobs.Of(task)?.Add(task, facts);
    }
}
