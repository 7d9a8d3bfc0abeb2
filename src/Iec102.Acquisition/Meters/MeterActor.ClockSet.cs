using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Readings;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <content>Setting the meter's clock: the only thing that is ever written to a meter (architecture, "MeterActor").</content>
public sealed partial class MeterActor
{
    private readonly ClockSetRule? _clockRule;
    private ClockVerdict _clockVerdict;
    private Instant? _clockTriedAt;

    /// <summary>The check that led to the writing that comes next; a session that is lost before makes a new check first.</summary>
    private ClockReading? _clockToSet;

    private void JudgeClock(ClockReading reading)
    {
        if (_clockRule is not { } rule)
            return;
        var judgement = rule.Judge(reading, _session.SetUp.Periods, _hostClock is { IsSynchronised: true }, _clockTriedAt, Now);
        _clockToSet = judgement.Verdict == ClockVerdict.Set ? reading : null;
        if (judgement.NotBefore is { } notBefore)
            _clockDue = Instant.Min(_clockDue, notBefore);
        if (judgement.Verdict is ClockVerdict.Set or ClockVerdict.Wait)
            return;
        if (judgement.Alarm is { } alarm && judgement.Verdict != _clockVerdict)
            _log.Warning(LogEvents.ClockLeftOff, _configuration.Id, alarm);
        _clockVerdict = judgement.Verdict;
        Publish(_status with { ClockAlarm = judgement.Alarm });
    }

    /// <summary>The next step: the login with the password that may write, where there is one, then the writing.</summary>
    private void SetClock()
    {
        if (_configuration.WritePassword is { } password)
            Send(Purpose.WriteLogin, Request.Login(_configuration.PointAddress, password.Reveal()), RequestClass.OnDemand, OnDemandTimeout);
        else
            WriteClock();
    }

    private void WriteClock()
    {
        var writing = new ClockWriting(_configuration.PointAddress, _clockToSet!.Uncertainty, _configuration.TimeZone, _session.Habit);
        Send(new Exchange(Purpose.ClockSetting, writing.At(Now)), RequestClass.OnDemand, ClockSetRule.SendWithin.ToTimeSpan(), writing);
    }

    private void OnWriteLogin(ExchangeEnded ended)
    {
        if (!ended.IsCompleted)
        {
            OnClockWritten(ended, $"the login with write-password was refused: {ended.Error}");
            return;
        }

        // The login took its time: is it still a good moment?
        var reading = _clockToSet!;
        _session.Open(ended.Epoch, Clock);
        JudgeClock(reading);
        if (_clockToSet is not null)
            WriteClock();
        else
            _session.Lose();
    }

    /// <summary>The writing has ended, well or not: it is told, and the clock is read again at once, in a session of the read password.</summary>
    private void OnClockWritten(ExchangeEnded ended, string? error)
    {
        if (_configuration.WritePassword is not null)
            _session.Lose();
        if (_clockToSet is not { } reading)
            return;
        _clockToSet = null;
        _clockDue = Now;
        if (ended.Sent is null)
            return;
        _clockTriedAt = ended.EndedAt;
        var written = Asdu.TryRead(ended.Sent.Asdu, out var asdu) && MeterClock.TryRead(asdu, out var clock)
            ? clock.Time
            : CivilTime.ToTagB(ended.EndedAt, _configuration.TimeZone, _session.Habit);
        var outcome = ended.End switch
        {
            ExchangeEnd.Completed => ClockWriteOutcome.Set,
            ExchangeEnd.Refused => ClockWriteOutcome.Refused,
            _ => ClockWriteOutcome.NoAnswer,
        };
        _readings.Tell(new ClockWritten(_configuration.Id, _session.KnownSerial ?? 0, ended.EndedAt, reading.Offset, written, outcome, error));
        if (outcome == ClockWriteOutcome.Set)
            _log.Info(LogEvents.ClockSet, _configuration.Id, reading.Offset.TotalSeconds, written);
        else
            _log.Warning(LogEvents.ClockNotSet, _configuration.Id, reading.Offset.TotalSeconds, written, error);
        Publish(_status with { ClockAlarm = outcome == ClockWriteOutcome.Set ? null : $"the clock could not be set: {error}" });
    }
}
