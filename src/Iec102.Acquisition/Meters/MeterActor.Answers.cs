using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Readings;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <content>What the end of each exchange means.</content>
public sealed partial class MeterActor
{
    private static readonly Duration LongestPause = Duration.FromMinutes(1);

    private void OnEnded(ExchangeEnded ended)
    {
        if (_running is not { } exchange || ended.Id != _lastId)
            return;
        _running = null;
        Timers.Cancel("port");
        _rate = ended.Rate;
        if (ended.End is ExchangeEnd.Completed or ExchangeEnd.Refused)
        {
            _session.Used(Clock);
            Publish(_status with { LastSeen = ended.EndedAt });
        }

        if (exchange.Purpose == Purpose.Proof)
            EndDoubt(ended);
        else if (IsDoubtful(exchange, ended))
            Doubt(exchange, ended);
        else
            Conclude(exchange, ended);
        Advance();
    }

    private void Conclude(Exchange exchange, ExchangeEnded ended)
    {
        if (exchange.Lane is { } lane)
        {
            // Also of a failed exchange: what arrived before it was cut is recorded.
            lane.Store(Now);
            lane.Profile.Tell(new ChunkAnswered(lane.Chunk!, ended, _session.ForProfiles));
        }

        if (ended.End is ExchangeEnd.Completed or ExchangeEnd.Refused)
            OnAnswer(exchange, ended);
        else
            OnFailure(exchange, ended);
    }

    private void OnAnswer(Exchange exchange, ExchangeEnded ended)
    {
        if (exchange.Purpose is not (Purpose.Login or Purpose.Identification or Purpose.Clock))
            _drops = 0;
        switch (exchange.Purpose)
        {
            case Purpose.Login when ended.IsCompleted:
                _session.Open(ended.Epoch, Clock);
                Send(Purpose.Identification, Request.ReadDeviceIdentification(_configuration.PointAddress), RequestClass.LiveValues, ExchangeTimeout);
                break;
            case Purpose.Login:
                OnLoginRefused(ended);
                break;
            case Purpose.Identification:
                OnIdentification(exchange, ended);
                break;
            case Purpose.Clock:
                OnClock(exchange, ended);
                break;
            case Purpose.CurrentValues:
                OnCurrentValues(exchange, ended);
                break;
            case Purpose.Fact:
                OnFact(exchange.Task!, ended);
                break;
            case Purpose.WriteLogin:
                OnWriteLogin(ended);
                break;
            case Purpose.ClockSetting:
                OnClockWritten(ended, ended.Error);
                break;
            default:
                Succeeded();
                break;
        }
    }

    private void OnLoginRefused(ExchangeEnded ended)
    {
        var wait = _backoff.NextWait();
        var error = $"the login was refused; check password and point-address. {ended.Error}";
        _log.Warning(LogEvents.MeterRefusedLogin, _configuration.Id, error, Now + wait);
        StandBack(MeterState.Refused, error, wait);
    }

    private void OnIdentification(Exchange exchange, ExchangeEnded ended)
    {
        if (FirstAnswer<DeviceIdentification>(ended, DeviceIdentification.TryRead) is not { } identification)
        {
            // A meter without type 100 cannot be told from another one; it is read all the same.
            if (exchange.OnDemand is { } refused)
                refused.Sender.Tell(new ReadNowAnswer(ReadNowOutcome.Refused, ended.Error ?? "the meter gave no identification"));
            GoOnline(exchange);
            return;
        }

        var verdict = _session.Judge(identification.SerialNumber);
        if (verdict == IdentityVerdict.Wrong)
        {
            OnWrongMeter(identification);
            exchange.OnDemand?.Sender.Tell(new ReadNowAnswer(ReadNowOutcome.Refused, _status.LastError, Identification: identification));
            return;
        }

        if (verdict == IdentityVerdict.Replacement)
        {
            _log.Info(LogEvents.MeterReplaced, _configuration.Id, identification.SerialNumber);
            foreach (var lane in _lanes)
            {
                lane.SegmentToBegin = identification.SerialNumber;
                lane.WaitUntil(Now);
            }

            _agenda!.BeginAnew(Now);
        }

        Publish(_status with { SerialNumber = identification.SerialNumber });
        _readings.Tell(new IdentityRead(_configuration.Id, identification, ended.EndedAt));
        exchange.OnDemand?.Sender.Tell(new ReadNowAnswer(ReadNowOutcome.Read, Error: null, Identification: identification));
        GoOnline(exchange);
    }

    /// <summary>After the identification of a login the clock is read, and then the meter is online; one read by hand changes nothing.</summary>
    private void GoOnline(Exchange exchange)
    {
        if (exchange.OnDemand is null)
            Send(Purpose.Clock, Request.ReadCurrentTime(_configuration.PointAddress), RequestClass.LiveValues, ExchangeTimeout);
        else
            Succeeded();
    }

    private void OnWrongMeter(DeviceIdentification identification)
    {
        var expected = _configuration.SerialNumber ?? _session.KnownSerial;
        var error = $"serial number {identification.SerialNumber} answers where {expected} is expected; nothing is recorded until the meter is declared replaced";
        var wait = _backoff.NextWait();
        _log.Warning(LogEvents.WrongMeterAnswers, _configuration.Id, error, Now + wait);
        StandBack(MeterState.WrongMeter, error, wait);
    }

    private void OnClock(Exchange exchange, ExchangeEnded ended)
    {
        _clockDue = Now + Duration.FromTimeSpan(_configuration.Clock.CheckEvery);
        NoteClock(ended);
        var read = FirstAnswer<MeterClock>(ended, MeterClock.TryRead) is { } clock ? _session.TakeClock(clock.Time, ended.EndedAt, ended.LastRoundTrip) : default;
        if (read.HabitChanged)
        {
            _log.Warning(LogEvents.SummerTimeHabitFound, _configuration.Id, _session.Habit);
            _readings.Tell(new HabitFound(_configuration.Id, _session.Habit));
        }

        if (read.Reading is { } reading)
        {
            Publish(_status with { ClockOffset = reading.Offset });
            _readings.Tell(new ClockRead(_configuration.Id, reading));
            JudgeClock(reading);
        }

        exchange.OnDemand?.Sender.Tell(read.Reading is null
            ? new ReadNowAnswer(ReadNowOutcome.Refused, ended.Error ?? "the meter's clock answer is no date")
            : new ReadNowAnswer(ReadNowOutcome.Read, Error: null, Clock: read.Reading));
        Succeeded();
    }

    private void OnCurrentValues(Exchange exchange, ExchangeEnded ended)
    {
        PlanCurrentValues();
        if (FirstAnswer<InstantaneousValues>(ended, InstantaneousValues.TryRead) is not { } answer)
        {
            var error = ended.Error ?? "the meter's answer for current values cannot be read";
            _currentDue = Now + UnsupportedRetry;
            _log.Warning(LogEvents.CurrentValuesRefused, _configuration.Id, _currentDue, error);
            exchange.OnDemand?.Sender.Tell(new ReadNowAnswer(ReadNowOutcome.Refused, error));
            Succeeded();
            return;
        }

        var values = CurrentValueReader.Read(answer, _configuration.TimeZone, _session.Habit, ended.EndedAt, _session.SetUp.Ratios);
        var settings = _configuration.CurrentValues;
        Duration? historyEvery = settings.HistoryEvery is { } every ? Duration.FromTimeSpan(every) : null;
        _readings.Tell(new CurrentValuesRead(_configuration.Id, Duration.FromTimeSpan(settings.Every), historyEvery, values));
        exchange.OnDemand?.Sender.Tell(new ReadNowAnswer(ReadNowOutcome.Read, Error: null, values));
        Succeeded();
    }

    /// <summary>Every meter keeps its own phase within the period, so that a thousand meters do not ask at once.</summary>
    private void PlanCurrentValues()
    {
        if (!_configuration.CurrentValues.Enabled)
            return;
        var now = Now;
        var every = _configuration.CurrentValues.Every.Ticks;
        var phase = (long)(every * StableHash.Fraction(_configuration.Id));
        var periods = (now.ToUnixTimeTicks() - phase) / every + 1;
        _currentDue = Instant.FromUnixTimeTicks(periods * every + phase);
    }

    private void Succeeded()
    {
        _failures = 0;
        _backoff.Reset();
        if (_status.State == MeterState.Online)
            return;
        _log.Info(LogEvents.MeterOnline, _configuration.Id, (object?)_status.SerialNumber ?? "unknown");
        Publish(_status with { State = MeterState.Online, LastError = null });
    }

    private void OnFailure(Exchange exchange, ExchangeEnded ended)
    {
        _session.Lose();
        if (exchange.OnDemand is { } onDemand)
            onDemand.Sender.Tell(new ReadNowAnswer(ReadNowOutcome.NoAnswer, ended.Error));
        if (ended.End is ExchangeEnd.PortLost or ExchangeEnd.NoAnswer || exchange.Purpose == Purpose.Login)
            AnswerOnDemand(ReadNowOutcome.NoAnswer, ended.Error);
        if (exchange.Purpose == Purpose.CurrentValues)
            PlanCurrentValues();
        if (exchange.Task is { } task)
            OnFactFailure(task, ended);
        if (exchange.Purpose == Purpose.ClockSetting)
            OnClockWritten(ended, ended.Error);
        if (exchange.Purpose == Purpose.WriteLogin)
            _clockTriedAt = Now;
        _clockToSet = null;
        switch (ended.End)
        {
            case ExchangeEnd.SessionLost:
                // Somebody restarted the link, or the port closed it while idle: log in again at once.
                break;
            case ExchangeEnd.NoAnswer:
                Publish(_status with { State = MeterState.Demoted, LastError = ended.Error });
                break;
            case ExchangeEnd.PortLost:
                Publish(_status with { State = MeterState.Offline, LastError = ended.Error });
                Pause();
                break;
            default:
                Publish(_status with { State = MeterState.Offline, LastError = ended.Error });
                Pause();
                break;
        }
    }

    /// <summary>Failures in a row are answered with growing pauses, from a second to a minute; an unanswered login is not hammered.</summary>
    private void Pause()
    {
        var pause = Duration.FromSeconds(1 << Math.Min(_failures++, 6));
        _notBefore = Now + Duration.Min(pause, LongestPause);
    }

    private void StandBack(MeterState state, string error, Duration wait)
    {
        _session.Lose();
        _notBefore = Now + wait;
        AnswerOnDemand(ReadNowOutcome.Refused, error);
        Publish(_status with { State = state, LastError = error });
    }

    private void AnswerOnDemand(ReadNowOutcome outcome, string? error)
    {
        _job?.Fail(outcome, error);
        _job = null;
        while (_onDemand.TryDequeue(out var waiting))
            waiting.Sender.Tell(new ReadNowAnswer(outcome, error));
    }

    private delegate bool Reader<T>(in Asdu asdu, out T value);

    private static T? FirstAnswer<T>(ExchangeEnded ended, Reader<T> read) where T : struct =>
        ended.IsCompleted && ended.Answers.Count > 0 && Asdu.TryRead(ended.Answers[0], out var asdu) && read(asdu, out var value) ? value : null;
}
