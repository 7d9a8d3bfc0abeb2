using System.Collections.Immutable;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using NodaTime;

namespace Iec102.Acquisition.Verdicts;

/// <summary>
/// The verdict of a meter: what keeps it from being read comes first, then what spoils the readings, then what is still missing.
/// </summary>
internal static class MeterVerdict
{
    /// <summary>A failure that is mended within this time, such as a lost session, is no verdict.</summary>
    private static readonly Duration Grace = Duration.FromMinutes(2);

    /// <summary>A curve is behind when something is missing for longer than the next reading of the curve may take.</summary>
    private static readonly Duration Behind = Duration.FromHours(2);

    /// <summary>A curve that is behind and has not moved for so long does not catch up.</summary>
    private static readonly Duration Stuck = Duration.FromHours(1);

    /// <summary>What spoils the readings, in the order in which it is looked for.</summary>
    private static readonly ImmutableArray<VerdictCause> Spoiling =
        [VerdictCause.Clock, VerdictCause.Unsupported, VerdictCause.Stale, VerdictCause.Gaps];

    /// <summary>
    /// Whether a verdict leaves open if a meter also has another cause: what comes first in a verdict hides what comes behind it.
    /// </summary>
    public static bool Hides(Verdict verdict, VerdictCause cause) =>
        verdict.NeedsAction && Spoiling.IndexOf(cause) > (verdict.Cause is { } first ? Spoiling.IndexOf(first) : -1);

    /// <param name="meter">The meter.</param>
    /// <param name="port">The verdict of its port.</param>
    /// <param name="now">The moment.</param>
    public static Verdict Of(LiveMeter meter, Verdict port, Instant now)
    {
        if (meter.Status is not { } status)
            return new Verdict(VerdictKind.Unknown);
        if (status.State == MeterState.Disabled)
            return new Verdict(VerdictKind.Off);
        if (port.Kind == VerdictKind.Down || port.Cause == VerdictCause.Paused)
            return port with { Blame = status.Port };
        return Unread(status, now) ?? Spoilt(meter, status, now) ?? Progress(meter, status, now);
    }

    /// <summary>The meter's link is silent: it is only probed.</summary>
    public static bool IsSilent(MeterStatus status) => status.State == MeterState.Demoted;

    private static Verdict? Unread(MeterStatus status, Instant now)
    {
        if (status.State == MeterState.Refused)
            return Because(VerdictCause.Password, Advices.Password());
        if (status.State == MeterState.WrongMeter)
            return Because(VerdictCause.WrongMeter, Advices.WrongMeter(status));
        if (status.WaitsForStorage)
            return Because(VerdictCause.Storage, Advices.Storage());
        var isFailing = IsSilent(status) || status.LastError is not null;
        if (!isFailing || !IsSilent(status) && now - (status.Since ?? now) < Grace)
            return null;
        return status.Fault == LineFault.Damaged
            ? Because(VerdictCause.DamagedAnswers, Advices.DamagedAnswers(status.Port))
            : Because(VerdictCause.NoAnswer, Advices.NoAnswer(status));

        Verdict Because(VerdictCause cause, Advice advice) =>
            new(VerdictKind.Down, status.Since) { Cause = cause, NextTry = status.NextTry, Advice = advice };
    }

    private static Verdict? Spoilt(LiveMeter meter, MeterStatus status, Instant now)
    {
        if (status.ClockOffSince is { } off)
            return Because(VerdictCause.Clock, off, status.NextClockCheck, Advices.Clock(status.ClockOffset));
        if (meter.Curves.Values.FirstOrDefault(curve => curve.State == CurveState.Unsupported) is { } refused)
            return Because(VerdictCause.Unsupported, refused.UnsupportedSince, refused.NextTry, Advices.Unsupported(refused.Curve));
        if (meter.StaleSince is { } stale && now >= stale)
            return Because(VerdictCause.Stale, stale, null, Advices.Stale());
        return meter.Curves.Values.FirstOrDefault(curve => IsBehind(curve, now) && now - meter.MovedAt(curve.Curve) >= Stuck) is { } stuck
            ? Because(VerdictCause.Gaps, meter.MovedAt(stuck.Curve), null, Advices.Gaps(status.Id, stuck.Curve))
            : null;
    }

    private static Verdict Progress(LiveMeter meter, MeterStatus status, Instant now)
    {
        var behind = meter.Curves.Values.Where(curve => IsBehind(curve, now)).ToList();
        var verdict = status.LastSeen is not null && behind.Count == 0
            ? new Verdict(VerdictKind.Ok, status.Since)
            : new Verdict(VerdictKind.CatchingUp, behind.Min(curve => curve.MissingFrom)) { Remaining = Remaining(meter, behind) };
        return verdict with { IsUnproven = status.Since is null || status.LastError is not null };
    }

    /// <summary>The curves of a meter are read one after the other.</summary>
    private static Duration? Remaining(LiveMeter meter, List<ProfileStatus> behind)
    {
        Duration? sum = null;
        foreach (var curve in behind)
        {
            if (meter.RemainingOf(curve.Curve) is not { } each)
                return null;
            sum = (sum ?? Duration.Zero) + each;
        }

        return sum;
    }

    private static bool IsBehind(ProfileStatus curve, Instant now) =>
        curve.State == CurveState.Ok && curve.MissingFrom is { } from && now - from > Behind;

    private static Verdict Because(VerdictCause cause, Instant? since, Instant? nextTry, Advice advice) =>
        new(VerdictKind.Attention, since) { Cause = cause, NextTry = nextTry, Advice = advice };
}
