using Akka.Event;
using Iec102.Acquisition.Tasks;

namespace Iec102.Acquisition.Meters;

/// <summary>What the log says about one meter.</summary>
internal sealed class MeterLog(string meter, ILoggingAdapter log)
{
    public void DeclaredReplaced() => log.Info(LogEvents.MeterDeclaredReplaced, meter);

    public void Write(ClockWritten written)
    {
        if (written.Outcome == ClockWriteOutcome.Set)
            log.Info(LogEvents.ClockSet, meter, written.OffsetBefore.TotalSeconds, written.Written);
        else
            log.Warning(LogEvents.ClockNotSet, meter, written.OffsetBefore.TotalSeconds, written.Written, written.Error);
    }

    /// <summary>Logs a notice of the dialogue that operators should know of.</summary>
    public void Write(DialogueNotice notice)
    {
        switch (notice)
        {
            case DialogueNotice.LoginRefused refused:
                log.Warning(LogEvents.MeterRefusedLogin, meter, refused.Error, refused.NextAttempt);
                break;
            case DialogueNotice.WrongMeterAnswers wrong:
                log.Warning(LogEvents.WrongMeterAnswers, meter, wrong.Error, wrong.NextAttempt);
                break;
            case DialogueNotice.Replaced replaced:
                log.Info(LogEvents.MeterReplaced, meter, replaced.SerialNumber);
                break;
            case DialogueNotice.WentOnline online:
                log.Info(LogEvents.MeterOnline, meter, (object?)online.SerialNumber ?? "unknown");
                break;
            case DialogueNotice.SessionDropped:
                log.Debug(LogEvents.MeterDroppedSession, meter);
                break;
            case DialogueNotice.ValuesRefused refused:
                log.Warning(LogEvents.CurrentValuesRefused, meter, refused.NextAttempt, refused.Error);
                break;
            case DialogueNotice.FactRefused refused:
                log.Debug(LogEvents.FactRefused, meter, refused.Name, refused.Error);
                break;
            case DialogueNotice.FactStrange strange:
                log.Warning(LogEvents.MeterEventsFlood, meter, strange.Alarm);
                break;
            case DialogueNotice.SeriesRest rest:
                log.Warning(LogEvents.MeterSeriesCut, meter, rest.Error, rest.NextAttempt);
                break;
            case DialogueNotice.HabitFound found:
                log.Warning(LogEvents.SummerTimeHabitFound, meter, found.Habit);
                break;
            case DialogueNotice.ClockLeftOff left:
                log.Warning(LogEvents.ClockLeftOff, meter, left.Alarm);
                break;
            default:
                throw new InvalidOperationException($"{notice.GetType().Name} is not handled.");
        }
    }
}
