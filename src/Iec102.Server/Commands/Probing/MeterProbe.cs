using Iec102.Acquisition;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Server.OneOff;
using NodaTime;

namespace Iec102.Server.Commands.Probing;

/// <summary>A password to try.</summary>
/// <param name="Key">The password.</param>
/// <param name="Name">The name that is shown instead of it.</param>
internal sealed record NamedPassword(Secret Key, string Name);

/// <summary>
/// Asks one meter what it is and what it supports: logs in with each password until one is accepted, then reads the clock, the
/// identification and the curves, and makes one cheap request of each other type. Nothing is written to the meter.
/// </summary>
/// <param name="port">The line.</param>
/// <param name="template">The meter without its password.</param>
/// <param name="progress">Shows the share done, and reports when a line or session is reopened.</param>
/// <param name="ct">Stops the probe; what was found out is kept.</param>
internal sealed class MeterProbe(OneOffPort port, OneOffMeter template, WorkProgress progress, CancellationToken ct)
{
    private static readonly Duration Recent = Duration.FromHours(3);

    /// <summary>What has been found out so far.</summary>
    public MeterFindings Findings { get; } = new()
    {
        LinkAddress = template.Configuration.LinkAddress,
        PointAddress = template.Configuration.PointAddress,
    };

    /// <summary>One small request of each type, for the record or contract that most meters have.</summary>
    private static QuestionTask[] Questions =>
    [
        new("daily closings", at => Request.ReadIntegratedTotals(
            at.Point, RecordAddress.DailyTotals1, ObjectAddress.FirstTotal, ObjectAddress.LastTotal, DaysAgo(2, at), DaysAgo(0, at))),
        new("current values", at => Request.ReadInstantaneousValues(
            at.Point, [ObjectAddress.Totals, ObjectAddress.Powers, ObjectAddress.CurrentsAndVoltages])),
        new("events", at => Request.ReadEventsInRange(at.Point, RecordAddress.StartEvents, DaysAgo(1, at), DaysAgo(0, at))),
        new("tariff information", at => Request.ReadCurrentTariff(at.Point, RecordAddress.Contract1)),
        new("configuration", at => Request.ReadConfiguration(at.Point)),
        new("contracted powers", at => Request.ReadContractedPowers(at.Point, RecordAddress.Contract1)),
        new("holidays", at => Request.ReadHolidays(at.Point, RecordAddress.Contract1)),
        new("further configuration", at => Request.ReadFurtherConfiguration(at.Point, [ObjectAddress.Battery])),
        new("point parameters", at => Request.ReadPointParameters(at.Point)),
        new("clock change dates", at => Request.ReadClockChangeDates(at.Point)),
    ];

    /// <summary>Asks everything.</summary>
    public async Task RunAsync(IReadOnlyList<NamedPassword> passwords)
    {
        try
        {
            ct.ThrowIfCancellationRequested();
            if (await LogInAsync(passwords) is { } session)
                await AskAllAsync(session);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            (Findings.IsStopped, Findings.Problem) = (true, "The probe was stopped before everything was asked.");
        }
    }

    /// <summary>Logs in with one password after another and asks for the clock; null when none was accepted.</summary>
    private async Task<OneOffSession?> LogInAsync(IReadOnlyList<NamedPassword> passwords)
    {
        foreach (var password in passwords)
        {
            var configuration = template.Configuration with { Password = password.Key };
            var session = new OneOffSession(port, template with { Configuration = configuration }, progress);
            try
            {
                Findings.Clock = (await session.RunAsync(session.Clock, ct) as ReadNowAnswer.Clock)?.Reading;
            }
            finally
            {
                // Also when the probe is stopped or the line is lost before the clock has been read.
                if (session.WasOpen)
                    Findings.Password = password.Name;
            }

            Findings.Problem = session.Failure;
            if (session.WasOpen)
                return session;

            // Another password helps only after a refused one, not with a wrong measurement point or a silent meter.
            if (session.Login is not { End: ExchangeEnd.Refused, Cause: not CauseOfTransmission.AddressNotKnown })
                break;
        }

        return null;
    }

    private async Task AskAllAsync(OneOffSession session)
    {
        if (Findings.Problem is null)
        {
            Findings.Identification = (await session.RunAsync(session.Identification, ct) as ReadNowAnswer.Identification)?.Value;
            Findings.Problem = session.Failure;
        }

        foreach (var curve in (Curve[])[Curve.Hourly, Curve.QuarterHour])
            await ProbeCurveAsync(session, curve);
        var questions = Questions;
        for (var i = 0; i < questions.Length; i++)
        {
            progress.Report((double)i / questions.Length);
            await ProbeTypeAsync(session, questions[i]);
        }
    }

    private async Task ProbeTypeAsync(OneOffSession session, QuestionTask question)
    {
        if (!await AskAsync(session, question))
            return;
        var ended = question.Ended!;
        Findings.Types.Add(new TypeFinding(
            question.Name, ended.Request.Header.Type, SupportOf(ended), ended.IsCompleted ? null : ExchangeWords.Cause(ended)));
        if (ended.TryRead(RegistrarConfiguration.TryRead, out RegistrarConfiguration? configuration))
            Findings.Configuration = configuration;
        if (ended.TryRead(PointParameters.TryRead, out PointParameters? parameters))
            Findings.Parameters = parameters;
    }

    /// <summary>Reads the last hours of a curve like any other read: with the cheapest request that the meter supports.</summary>
    private async Task ProbeCurveAsync(OneOffSession session, Curve curve)
    {
        var meterNow = SystemClock.Instance.GetCurrentInstant() + (Findings.Clock?.Offset ?? Duration.Zero);
        var task = new RangeTask(curve, curve.Record(), new TimeRange(meterNow - Recent, meterNow), template.Zone);
        if (!await AskAsync(session, task))
            return;
        Findings.Curves.Add(
            task.Refusal is { } refusal ? new CurveFinding(curve.Name(), SupportOf(refusal), ExchangeWords.Cause(refusal))
            : task.Method is not { } method ? new CurveFinding(curve.Name(), Support.Refused, "nothing in the last hours")
            : task.Intervals.Count > 0
                ? new CurveFinding(curve.Name(), Support.There, $"{InWords(method)}, {task.PeriodMinutesAt(task.Intervals.Last().End)} min")
            : new CurveFinding(curve.Name(), Support.There, $"{InWords(method)}, nothing in the last hours"));
    }

    /// <summary>Asks one thing; false when the meter cannot be asked any more, and the findings' problem says why.</summary>
    private async Task<bool> AskAsync(OneOffSession session, MeterTask task)
    {
        if (Findings.Problem is null)
        {
            await session.RunAsync(task, ct);
            Findings.Problem = session.Failure;
        }

        return Findings.Problem is null;
    }

    /// <summary>The meter's label of the moment this many days ago; 0 stands for now.</summary>
    private static TimeTagA DaysAgo(int days, TaskContext at) =>
        at.Label(at.Now + (at.ClockOffset ?? Duration.Zero) - Duration.FromDays(days));

    private static Support SupportOf(ExchangeEnded ended) =>
        ended.IsCompleted ? Support.There
        : ended.Cause is CauseOfTransmission.TypeNotAvailable or CauseOfTransmission.RecordNotKnown ? Support.NotThere
        : Support.Refused;

    private static string InWords(ReadMethod method) => method switch
    {
        ReadMethod.BlocksOf8 => "blocks of 8 (190)",
        ReadMethod.BlocksOf6 => "blocks of 6 (190)",
        _ => "single totals (123)",
    };
}
