using Iec102.Acquisition;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Server.OneOff;

/// <summary>
/// Runs the server's own dialogue with a meter for a command: takes the next exchange from the dialogue, runs it on the command's line, and
/// hands back the result. The first task opens the session. A line or session that is lost later is reopened at once, then after 1 s, then
/// after 2 s; if three attempts in a row bring nothing new, it is given up.
/// </summary>
/// <param name="port">The line.</param>
/// <param name="meter">The meter.</param>
/// <param name="progress">
/// Shows the share done of a task that takes many exchanges, and reports when a line or session is reopened.
/// </param>
internal sealed class OneOffSession(IExchangePort port, OneOffMeter meter, WorkProgress progress)
{
    private const int MostLosses = 3;

    private static readonly Backoff Pauses = new(TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

    private readonly MeterAgenda _agenda = new(meter.Configuration, [], new FactAgenda());
    private readonly MeterDialogue _dialogue = new(meter.Configuration, hostClock: null, identifies: false);
    private readonly List<MeterFact> _facts = [];
    private MeterFact? _part;
    private bool _hasBegun;
    private bool _isJobOver;
    private bool _isProof;
    private int _losses;

    /// <summary>The task that reads the current values.</summary>
    public CurrentValuesTask CurrentValues => _agenda.Current;

    /// <summary>The task that reads the clock.</summary>
    public ClockTask Clock => _agenda.Clock;

    /// <summary>The task that reads the identification.</summary>
    public IdentificationTask Identification => _agenda.Identification;

    /// <summary>All facts read so far, in the order of their arrival, and what the last exchange brought before it was cut short.</summary>
    public IEnumerable<MeterFact> Facts => _part is null ? _facts : [.. _facts, _part];

    /// <summary>How the meter labels summer time, as far as is known.</summary>
    public SummerTimeHabit Habit { get; private set; } = meter.Configuration.SummerTime ?? SummerTimeHabit.SuBit;

    /// <summary>Why nothing more can be asked, in a sentence; null as long as something can.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether a login was confirmed, whatever happened later.</summary>
    public bool WasOpen { get; private set; }

    /// <summary>How the last login ended; null before the first.</summary>
    public ExchangeEnded? Login { get; private set; }

    /// <summary>The exchange that ended last; null before the first.</summary>
    public ExchangeEnded? Last { get; private set; }

    /// <summary>The last exchange of the last task, when it was refused; else null.</summary>
    public ExchangeEnded? Refusal { get; private set; }

    /// <summary>True once a request of a task was answered, if only in part.</summary>
    public bool HasAnswers { get; private set; }

    private static Instant Now => SystemClock.Instance.GetCurrentInstant();

    private static Moment Moment => new(Now, TimeSpan.FromMilliseconds(Environment.TickCount64));

    /// <summary>Runs all exchanges of a task.</summary>
    /// <returns>The answer; null when the task could not be finished, and <see cref="Failure"/> says why.</returns>
    public async Task<ReadNowAnswer?> RunAsync(MeterTask task, CancellationToken ct)
    {
        Begin();
        Refusal = null;
        var job = Start(task);
        while (Failure is null)
        {
            var loss = await ProceedAsync(task, () => _isJobOver, ct) ?? (job.Answer as ReadNowAnswer.NoAnswer)?.Error;
            if (Login is { End: ExchangeEnd.Refused })
                Failure = ExchangeWords.FailedLogin(Login);
            else if (_isJobOver && job.Answer is not ReadNowAnswer.NoAnswer)
                return job.Answer;
            else if (loss is not null)
                await OutlastAsync(loss, ct);
            if (_isJobOver)
                job = Start(task);
        }

        return null;
    }

    /// <summary>Sets the meter's clock to this computer's time, whatever it shows.</summary>
    /// <returns>How that ended; null when nothing was written, and <see cref="Last"/> is the exchange that failed.</returns>
    public async Task<ClockWritten?> SetClockAsync(CancellationToken ct)
    {
        _dialogue.SetClock();
        await ProceedAsync(null, () => !_dialogue.IsClockToBeSet || Login is { End: ExchangeEnd.Refused }, ct);
        return _facts.OfType<ClockWritten>().LastOrDefault();
    }

    private void Begin()
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        _dialogue.Begin(_agenda, new KnownIdentity(meter.Id, null, null, [], []), Now);
    }

    private MeterJob Start(MeterTask task)
    {
        var job = new MeterJob(0, task);
        _isJobOver = false;
        _dialogue.Do(job);
        return job;
    }

    /// <summary>Runs one exchange after another until the condition holds or an exchange is lost.</summary>
    /// <returns>Why an exchange was lost; null when none was.</returns>
    private async Task<string?> ProceedAsync(MeterTask? task, Func<bool> isDone, CancellationToken ct)
    {
        do
        {
            string? loss = null;
            if (_dialogue.Next(Moment) is { } exchange)
                loss = await HaveAsync(exchange, task, ct);
            else if (!TakeNotices())
                await WaitAsync(ct);
            TakeNotices();
            ct.ThrowIfCancellationRequested();
            if (loss is not null)
                return loss;
        }
        while (!isDone());
        return null;
    }

    /// <summary>Runs one exchange. Returns why it was lost; null when the meter answered or refused.</summary>
    private async Task<string?> HaveAsync(ExchangeToAsk exchange, MeterTask? task, CancellationToken ct)
    {
        var share = task?.Share;
        var request = new ExchangeRequest(
            default, meter.Id, meter.Configuration.LinkAddress, exchange.Request, RequestClass.OnDemand, exchange.Epoch,
            exchange.Clock is null ? OneOffPort.ExchangeLimit : exchange.Timeout)
        {
            Clock = exchange.Clock,
        };
        _isProof = exchange.Task is null;
        var ended = Last = await port.AskAsync(request, ct);
        _dialogue.Take(ended, Moment);
        if (ended.Request.Header.Type == TypeIdentification.Login)
        {
            Login = ended;
            WasOpen |= ended.IsCompleted;
        }

        if (task is not null && exchange.Task == task)
            TakeProgress(ended, task, share);
        return ended.End is ExchangeEnd.Completed or ExchangeEnd.Refused ? null : ExchangeWords.Failure(ended);
    }

    private void TakeProgress(ExchangeEnded ended, MeterTask task, double? shareBefore)
    {
        HasAnswers |= ended.IsCompleted;
        Refusal = ended.End == ExchangeEnd.Refused ? ended : null;
        if (ended.IsCompleted || task.Share > shareBefore)
            _losses = 0;
        if (task.Share > shareBefore)
            progress.Report(task.Share);
    }

    /// <summary>Waits until the moment at which the dialogue has something to ask again.</summary>
    private Task WaitAsync(CancellationToken ct)
    {
        var wake = _dialogue.WakeAt ?? throw new InvalidOperationException("The dialogue with the meter waits for nothing.");
        return Task.Delay(Duration.Max(wake - Now, Duration.FromMilliseconds(1)).ToTimeSpan(), ct);
    }

    /// <summary>Lets the dialogue go on after a loss; fails when the session was never open, or after too many losses in a row.</summary>
    private async Task OutlastAsync(string loss, CancellationToken ct)
    {
        loss = $"{char.ToUpperInvariant(loss[0])}{loss[1..].TrimEnd('.')}";
        if (!WasOpen || _losses == MostLosses)
        {
            Failure = WasOpen ? $"{loss}." : ExchangeWords.FailedLogin(Login!);
            return;
        }

        progress.Say($"{loss}: the session is reopened ({++_losses} of {MostLosses}).");
        await Task.Delay(Pauses.After(_losses - 1), ct);
        _dialogue.Retry();
    }

    /// <summary>Takes the notices of the dialogue; false when there are none.</summary>
    private bool TakeNotices()
    {
        var notices = _dialogue.TakeNotices();
        foreach (var notice in notices)
        {
            switch (notice)
            {
                case DialogueNotice.JobEnded:
                    _isJobOver = true;
                    break;
                case DialogueNotice.FactRead read:
                    _facts.Add(read.Fact);
                    _part = null;
                    break;
                case DialogueNotice.PartRead read:
                    _part = read.Fact;
                    HasAnswers = true;
                    break;
                case DialogueNotice.HabitFound found:
                    Habit = found.Habit;
                    break;
                // Not when a new session does not even tell the clock: the meter may have none.
                case DialogueNotice.SessionDropped when !_isJobOver && _isProof:
                    progress.Say("The meter had ended the session: it was reopened.");
                    break;
            }
        }

        return notices.Count > 0;
    }
}
