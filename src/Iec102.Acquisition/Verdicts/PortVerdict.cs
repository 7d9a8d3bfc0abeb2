using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using NodaTime;

namespace Iec102.Acquisition.Verdicts;

/// <summary>The verdict of a port. It is to blame when its line fails, and when none of its meters answers, if it has several.</summary>
internal static class PortVerdict
{
    /// <param name="port">The port; null before it has reported.</param>
    /// <param name="meters">Its meters.</param>
    /// <param name="now">The moment.</param>
    public static Verdict Of(PortStatus? port, IReadOnlyCollection<MeterStatus> meters, Instant now)
    {
        if (port is null)
            return new Verdict(VerdictKind.Unknown);
        if (port.State == PortState.Disabled)
            return new Verdict(VerdictKind.Off);
        if (port.Pause is { } pause)
        {
            return new Verdict(VerdictKind.Off, pause.Since)
            {
                Cause = VerdictCause.Paused,
                NextTry = pause.Until,
                Advice = Advices.Paused(pause),
            };
        }

        if (port.DownSince is { } down && !port.HasStayedOpen(now))
            return new Verdict(VerdictKind.Down, down)
            {
                Cause = VerdictCause.LineDown,
                NextTry = port.NextTry,
                Advice = Advices.LineDown(port),
            };
        var read = meters.Where(meter => meter.State != MeterState.Disabled).ToList();
        if (read.Count <= 1 || !read.All(MeterVerdict.IsSilent))
            return new Verdict(VerdictKind.Ok, port.Since);
        var isDamaged = read.Any(meter => meter.Fault == LineFault.Damaged);
        return new Verdict(VerdictKind.Down, read.Max(meter => meter.Since))
        {
            Cause = isDamaged ? VerdictCause.DamagedAnswers : VerdictCause.NoAnswer,
            NextTry = read.Min(meter => meter.NextTry),
            Advice = isDamaged ? Advices.DamagedAnswers(port.Id) : Advices.NoMeterAnswers(port),
        };
    }
}
