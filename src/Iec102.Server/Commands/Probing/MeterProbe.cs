using Iec102.Acquisition;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Server.Commands.Reads;
using NodaTime;

namespace Iec102.Server.Commands.Probing;

/// <summary>A password to try.</summary>
/// <param name="Key">The password.</param>
/// <param name="Name">What it is called instead of shown.</param>
internal sealed record NamedPassword(Secret Key, string Name);

/// <summary>
/// Asks one meter who it is and what it gives: login with each password until one is taken, identification, clock, curves, and a cheap request of each other
/// type. Nothing is written.
/// </summary>
/// <param name="port">The line.</param>
/// <param name="template">The meter, but for its password.</param>
/// <param name="progress">Is told the share done, 0 to 1, and what is opened anew.</param>
/// <param name="ct">Stops it; what was found out stays.</param>
internal sealed class MeterProbe(OneOffPort port, OneOffMeter template, WorkProgress progress, CancellationToken ct)
{
    private static readonly Duration Recent = Duration.FromHours(3);

    private OneOffSession? _session;
    private SummerTimeHabit _habit = SummerTimeHabit.SuBit;
    private Instant _meterNow;

    /// <summary>What was found out, also while it goes on.</summary>
    public MeterFindings Findings { get; } = new() { LinkAddress = template.LinkAddress, PointAddress = template.PointAddress };

    /// <summary>Asks everything.</summary>
    public async Task RunAsync(IReadOnlyList<NamedPassword> passwords)
    {
        try
        {
            ct.ThrowIfCancellationRequested();
            if (await LogInAsync(passwords))
                await AskAllAsync();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Findings.Problem = "The probing was stopped before everything was asked.";
        }
    }

    private async Task<bool> LogInAsync(IReadOnlyList<NamedPassword> passwords)
    {
        foreach (var password in passwords)
        {
            _session = new OneOffSession(port, template with { Password = password.Key }, progress.Say);
            var login = await _session.LogInAsync(password.Key, ct);
            Findings.Problem = login.IsCompleted ? null : OneOffSession.ExplainLogin(login);
            Findings.Password = login.IsCompleted ? password.Name : null;
            // Another password helps against a refused one only, not against a wrong measurement point or silence.
            if (login.IsCompleted || login.End != ExchangeEnd.Refused || login.Cause == CauseOfTransmission.AddressNotKnown)
                break;
        }

        return Findings.Password is not null;
    }

    private async Task AskAllAsync()
    {
        var point = template.PointAddress;
        if (await AskAsync(Request.ReadDeviceIdentification(point)) is { } id && OneOffSession.TryRead<DeviceIdentification>(id, DeviceIdentification.TryRead, out var named))
            Findings.Identification = named;
        _meterNow = SystemClock.Instance.GetCurrentInstant();
        if (await AskAsync(Request.ReadCurrentTime(point)) is { } clock)
        {
            (Findings.Clock, _habit) = ValueRead.ClockOf(clock, template);
            _meterNow += Findings.Clock?.Offset ?? Duration.Zero;
        }

        (string Name, Request Request)[] questions = Questions(point);
        foreach (var curve in (Curve[])[Curve.Hourly, Curve.QuarterHour])
            await ProbeCurveAsync(curve);
        for (var i = 0; i < questions.Length && Findings.Problem is null; i++)
        {
            progress.Report((double)i / questions.Length);
            await ProbeTypeAsync(questions[i].Name, questions[i].Request);
        }
    }

    /// <summary>One small request of each type; of those with several records or contracts the one that most meters have.</summary>
    private (string Name, Request Request)[] Questions(ushort point)
    {
        var (dayAgo, twoDaysAgo, now) = (Tag(_meterNow - Duration.FromDays(1)), Tag(_meterNow - Duration.FromDays(2)), Tag(_meterNow));
        return
        [
            ("daily closings", Request.ReadIntegratedTotals(point, RecordAddress.DailyTotals1, ObjectAddress.FirstTotal, ObjectAddress.LastTotal, twoDaysAgo, now)),
            ("current values", Request.ReadInstantaneousValues(point, [ObjectAddress.Totals, ObjectAddress.Powers, ObjectAddress.CurrentsAndVoltages])),
            ("events", Request.ReadEventsInRange(point, RecordAddress.StartEvents, dayAgo, now)),
            ("tariff information", Request.ReadCurrentTariff(point, RecordAddress.Contract1)),
            ("configuration", Request.ReadConfiguration(point)),
            ("contracted powers", Request.ReadContractedPowers(point, RecordAddress.Contract1)),
            ("holidays", Request.ReadHolidays(point, RecordAddress.Contract1)),
            ("further configuration", Request.ReadFurtherConfiguration(point, [ObjectAddress.Battery])),
            ("point parameters", Request.ReadPointParameters(point)),
            ("clock change dates", Request.ReadClockChangeDates(point)),
        ];
    }

    private async Task ProbeTypeAsync(string name, Request request)
    {
        if (await AskAsync(request) is not { } ended)
            return;
        Findings.Types.Add(new TypeFinding(name, request.Header.Type, SupportOf(ended), ended.IsCompleted ? null : OneOffSession.RefusalInWords(ended)));
        if (OneOffSession.TryRead<RegistrarConfiguration?>(ended, RegistrarConfiguration.TryRead, out var configuration))
            Findings.Configuration = configuration;
        if (OneOffSession.TryRead<PointParameters?>(ended, PointParameters.TryRead, out var parameters))
            Findings.Parameters = parameters;
    }

    /// <summary>Reads the last hours of a curve as any read does: by the cheapest request that the meter knows.</summary>
    private async Task ProbeCurveAsync(Curve curve)
    {
        var reader = new RangeReader(curve, curve.Record(), template.PointAddress, new TimeRange(_meterNow - Recent, _meterNow), template.Zone, _habit);
        var method = "";
        while (reader.Next() is { } chunk)
        {
            if (await AskAsync(chunk.Request) is not { } ended)
                return;
            if (ended.IsCompleted && method.Length == 0)
                method = MethodInWords(chunk.Request);
            reader.Take(chunk, ended);
        }

        Findings.Curves.Add(
            reader.Refusal is { } refusal ? new CurveFinding(curve.Name(), SupportOf(refusal), OneOffSession.RefusalInWords(refusal))
            : reader.Intervals.Count > 0
                ? new CurveFinding(curve.Name(), Support.There, $"{method}, {reader.PeriodMinutesAt(reader.Intervals.Last().End)} min")
            : new CurveFinding(curve.Name(), method.Length > 0 ? Support.There : Support.Refused, method.Length > 0 ? $"{method}, nothing in the last hours" : "nothing in the last hours"));
    }

    /// <summary>One exchange; null when the meter cannot be asked any more, which is then the problem.</summary>
    private async Task<ExchangeEnded?> AskAsync(Request request)
    {
        if (Findings.Problem is not null)
            return null;
        var ended = await _session!.AskAgainAsync(request, ct);
        if (ended.End is ExchangeEnd.Completed or ExchangeEnd.Refused)
            return ended;
        Findings.Problem = OneOffSession.Explain(ended, "more");
        return null;
    }

    private TimeTagA Tag(Instant instant) => CivilTime.ToTagA(instant, template.Zone, _habit);

    private static Support SupportOf(ExchangeEnded ended) =>
        ended.IsCompleted ? Support.There
        : ended.Cause is CauseOfTransmission.TypeNotAvailable or CauseOfTransmission.RecordNotKnown ? Support.NotThere
        : Support.Refused;

    private static string MethodInWords(Request request) =>
        request.Header.Type == TypeIdentification.ReadIncrementalTotals ? "single totals (123)"
        : request.Asdu[AsduHeader.Length] == ObjectAddress.BlockOf8 ? "blocks of 8 (190)"
        : "blocks of 6 (190)";
}
