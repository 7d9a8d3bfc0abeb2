using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Server.Alarms;

/// <summary>What the actor of the morning sheet works with.</summary>
/// <param name="Alarms">The actor that keeps the alarms; only the node that keeps them sends sheets.</param>
/// <param name="Table">Notes of which days sheets were sent.</param>
/// <param name="Fleet">The fleet, at the moment of a call.</param>
/// <param name="Yesterday">For how many meters yesterday is complete.</param>
/// <param name="Curves">The curves of the month up to a day, as a ZIP file; null when that would be too long.</param>
/// <param name="Send">Sends a mail with attached files.</param>
/// <param name="Time">The clock.</param>
internal sealed record MorningSheetSetup(
    IActorRef Alarms, IAlarmTable Table, Func<FleetConfiguration> Fleet, Func<Task<CompleteMeters>> Yesterday,
    Func<FleetConfiguration, LocalDate, Task<byte[]?>> Curves,
    Func<EmailConfiguration, MailText, IReadOnlyList<(string, byte[])>, CancellationToken, Task> Send, TimeProvider Time);

/// <summary>
/// Sends the morning sheet once a day, from the set time on in the zone of the fleet. One that could not be sent is tried again every
/// minute until midnight; a server that did not run at the set time sends it as soon as it runs, if that is still the same day.
/// </summary>
internal sealed class MorningSheetActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SendPatience = TimeSpan.FromMinutes(2);

    private readonly MorningSheetSetup _setup;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>The day whose sheet this node has taken on.</summary>
    private LocalDate? _claimed;

    /// <summary>The last day whose sheet is sent, or is another node's.</summary>
    private LocalDate? _done;

    private string? _problem;

    private sealed record LookDue;

    /// <summary>How an attempt ended.</summary>
    /// <param name="Day">The day.</param>
    /// <param name="IsClaimed">This node has taken the sheet on.</param>
    /// <param name="IsDone">Nothing is left to do for this day.</param>
    /// <param name="Problem">Why it was not sent; null when it was, or was not to be.</param>
    private sealed record Ended(LocalDate Day, bool IsClaimed, bool IsDone, string? Problem);

    /// <summary>Creates the actor.</summary>
    /// <param name="setup">What it works with.</param>
    public MorningSheetActor(MorningSheetSetup setup)
    {
        _setup = setup;
        Receive<LookDue>(_ => Look());
        Receive<Ended>(OnEnded);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of the actor.</summary>
    public static Props Props(MorningSheetSetup setup) => Akka.Actor.Props.Create(() => new MorningSheetActor(setup));

    /// <inheritdoc/>
    protected override void PreStart() => LookLater();

    private void LookLater() => Timers.StartSingleTimer(nameof(LookDue), new LookDue(), Every);

    private void Look()
    {
        var fleet = _setup.Fleet();
        var local = _setup.Time.Now().InZone(fleet.TimeZone).LocalDateTime;
        if (fleet.Alarms is not { MorningSheet: { } sheet, Email: { } email } || local.TimeOfDay < sheet.At || _done == local.Date)
        {
            LookLater();
            return;
        }

        var (day, isClaimed) = (local.Date, _claimed == local.Date);
        AttemptAsync(_setup, fleet, sheet, email, day, isClaimed).PipeTo(Self);
    }

    private static async Task<Ended> AttemptAsync(
        MorningSheetSetup setup, FleetConfiguration fleet, MorningSheetConfiguration sheet, EmailConfiguration email, LocalDate day,
        bool isClaimed)
    {
        try
        {
            if (await setup.Alarms.Ask<object>(new GetAlarms(), AskPatience) is not AlarmList list)
                return new Ended(day, isClaimed, IsDone: false, null);
            if (!isClaimed && !await Task.Run(() => setup.Table.Claim(day)))
                return new Ended(day, IsClaimed: false, IsDone: true, null);
            isClaimed = true;
            var yesterday = await setup.Yesterday();
            var curves = sheet.MonthCurves ? await setup.Curves(fleet, day) : null;
            var text = MailText.Morning(
                day, list.Alarms, (yesterday.Complete, yesterday.Of), fleet, sheet.MonthCurves ? curves is not null : null);
            using var patience = new CancellationTokenSource(SendPatience, setup.Time);
            await setup.Send(email, text, curves is null ? [] : [("curves.zip", curves)], patience.Token);
            return new Ended(day, IsClaimed: true, IsDone: true, null);
        }
        catch (Exception e)
        {
            return new Ended(day, isClaimed, IsDone: e is NoticeException { IsFinal: true }, e.Message);
        }
    }

    private void OnEnded(Ended ended)
    {
        if (ended.IsClaimed)
            _claimed = ended.Day;
        if (ended.IsDone)
            _done = ended.Day;
        if (ended is { IsClaimed: true, IsDone: true, Problem: null })
            _log.Info(AlarmEvents.MorningSheetSent, LocalDatePattern.Iso.Format(ended.Day));
        else if (ended.Problem is { } problem && problem != _problem)
            _log.Warning(AlarmEvents.MorningSheetFailed, LocalDatePattern.Iso.Format(ended.Day), problem);
        _problem = ended.Problem;
        LookLater();
    }
}
