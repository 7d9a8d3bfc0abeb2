using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// The setting of the meter's clock, type 181 (protocol notes 4.3), the only thing that is ever written to a meter: whether a check of the
/// clock leads to it, what is written, and what came of it.
/// </summary>
/// <param name="meter">The meter.</param>
/// <param name="hostClock">Says whether our clock is right, so that the meter's may be set from it; null when that is unknown.</param>
internal sealed class ClockSetting(MeterConfiguration meter, IHostClock? hostClock)
{
    private readonly ClockSetRule? _rule = meter.Clock.Set is { } limits ? new ClockSetRule(limits, meter.TimeZone) : null;
    private readonly Duration _alarm = Duration.FromTimeSpan(meter.Clock.Alarm);
    private ClockVerdict _verdict;
    private Instant? _triedAt;
    private bool _isDemanded;

    /// <summary>The check that led to the coming write; null when nothing is to be written.</summary>
    public ClockReading? Check { get; private set; }

    /// <summary>An operator wants the clock set, whatever the limits say.</summary>
    /// <param name="check">The last check; null when the clock shows no date.</param>
    public void Demand(ClockReading? check) =>
        (_isDemanded, Check) = (true, check ?? new ClockReading(default, Duration.Zero, Duration.Zero, default));

    /// <summary>
    /// An operator wants the clock set through the server: it is, unless our own clock may be wrong, or an interval ends now that the clock
    /// need not jump over.
    /// </summary>
    /// <param name="check">The check, made just now; null when the clock shows no date.</param>
    /// <param name="periods">The meter's integration periods; null while they are not known.</param>
    /// <param name="now">The moment.</param>
    /// <returns>Why it is not set, in one sentence; null when it will be.</returns>
    public string? DemandNow(ClockReading? check, CurvePeriods? periods, Instant now)
    {
        if (hostClock is not { IsSynchronised: true })
            return "the clock is not set: the clock of this server is not known to be synchronised; run NTP on it";
        if (check is not null && ClockSetRule.GoodMoment(now, check.Offset, periods, meter.TimeZone) is { } moment && moment > now)
        {
            var wait = Math.Ceiling((moment - now).TotalMinutes);
            return $"the clock is not set: an interval of the meter ends within two minutes; try again in {wait:0} min";
        }

        Demand(check);
        return null;
    }

    /// <summary>Judges a check; null when there is nothing to judge, since an operator wants the clock set.</summary>
    /// <param name="reading">The check, made just now.</param>
    /// <param name="periods">The meter's integration periods; null while they are not known.</param>
    /// <param name="now">The moment.</param>
    public ClockJudgement? Judge(ClockReading reading, CurvePeriods? periods, Instant now)
    {
        if (_isDemanded)
        {
            Check = reading;
            return null;
        }

        var judgement = _rule?.Judge(reading, periods, hostClock is { IsSynchronised: true }, _triedAt, now)
            ?? ClockSetRule.NeverSet(reading, _alarm);
        Check = judgement.Verdict == ClockVerdict.Set ? reading : null;
        return judgement;
    }

    /// <summary>Whether a verdict that leaves the clock as it is differs from the one before.</summary>
    public bool IsNews(ClockVerdict verdict)
    {
        var isNews = verdict != _verdict;
        _verdict = verdict;
        return isNews;
    }

    /// <summary>Our clock was set by this much: the last attempt is as long ago as it was, and the meter is less ahead of it.</summary>
    public void ClockStepped(Duration by) =>
        (_triedAt, Check) = (_triedAt + by, Check is { } check ? check with { Offset = check.Offset - by } : null);

    /// <summary>The session was lost: a new check, or a new demand, comes before anything is written.</summary>
    public void Forget() => (_isDemanded, Check) = (false, null);

    /// <summary>The login with the password that may write failed, which counts as an attempt.</summary>
    public void LoginFailed(Instant now) => _triedAt = now;

    /// <summary>What is to be written; it takes half a round trip to arrive.</summary>
    public ClockWriting Writing(SummerTimeHabit habit) => new(meter.PointAddress, Check!.Uncertainty, meter.TimeZone, habit);

    /// <summary>Takes the end of the write; null when nothing was sent, which does not count as an attempt.</summary>
    /// <param name="ended">Its end.</param>
    /// <param name="serial">The meter's serial number; 0 when it gives none.</param>
    /// <param name="habit">How the meter labels summer time.</param>
    /// <param name="error">Why the clock was not set, in one sentence.</param>
    public ClockWritten? Take(ExchangeEnded ended, uint serial, SummerTimeHabit habit, string? error)
    {
        var check = Check!;
        Forget();
        if (ended.Sent is null)
            return null;
        _triedAt = ended.EndedAt;
        var written = Asdu.TryRead(ended.Sent.Asdu, out var asdu) && MeterClock.TryRead(asdu, out var clock)
            ? clock.Time
            : CivilTime.ToTagB(ended.EndedAt, meter.TimeZone, habit);
        var outcome = ended.End switch
        {
            ExchangeEnd.Completed => ClockWriteOutcome.Set,
            ExchangeEnd.Refused => ClockWriteOutcome.Refused,
            _ => ClockWriteOutcome.NoAnswer,
        };
        return new ClockWritten(meter.Id, serial, ended.EndedAt, check.Offset, written, outcome, error);
    }
}
