using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition;
using Iec102.Acquisition.Alarms;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Server.Alarms;

/// <summary>What the actor of one way works with.</summary>
/// <param name="Way">The way.</param>
/// <param name="Alarms">The actor that keeps the alarms; on a node that does not keep them it has no news.</param>
/// <param name="Table">Has what waits, so that it outlives the process.</param>
/// <param name="Fleet">The fleet, whose file says where messages go, at the moment of a call; null while it is not known yet.</param>
/// <param name="Time">The clock.</param>
internal sealed record NoticeSetup(
    INoticeWay Way, IActorRef Alarms, IAlarmTable Table, Func<FleetConfiguration?> Fleet, TimeProvider Time);

/// <summary>
/// Sends what happens to alarms on one way, one message at a time and in order. A message that does not arrive is tried again after 2 s,
/// 4 s and so on up to 5 min, for about four hours; those behind it wait, and of too many the oldest are dropped.
/// <para>Takes <see cref="AlarmChange"/> and <see cref="AlarmsKept"/>, which it has the alarms send to it. What waits is in the table too:
/// a server that starts, or a node that takes the alarms over, goes on with it.</para>
/// </summary>
internal sealed class NoticeActor : ReceiveActor, IWithTimers
{
    /// <summary>The most changes that wait.</summary>
    public const int Most = 1000;

    /// <summary>How often a message is tried.</summary>
    public const int MostAttempts = 50;

    private static readonly Backoff Pauses = Backoff.Doubling(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(15);

    /// <summary>At the start, the fleet is known within seconds.</summary>
    private static readonly TimeSpan StartPause = TimeSpan.FromSeconds(1);

    /// <summary>A message that takes longer has not arrived.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly NoticeSetup _setup;
    private readonly Queue<AlarmChange> _waiting = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<AlarmChange> _done = [];
    private IReadOnlyList<AlarmChange> _inFlight = [];
    private bool _isHere;
    private bool _hasRead;
    private bool _isReading;
    private bool _isNoting;
    private int _failures;
    private string? _problem;
    private bool _hasDropped;

    private sealed record WatchDue;

    private sealed record SendDue;

    private sealed record Sent;

    private sealed record Failed(Exception Problem);

    private sealed record WaitingRead(IReadOnlyList<AlarmChange> Changes);

    private sealed record ReadingFailed;

    private sealed record Noted(IReadOnlyList<AlarmChange> Done);

    private sealed record NotingFailed;

    /// <summary>Creates the actor.</summary>
    /// <param name="setup">What it works with.</param>
    public NoticeActor(NoticeSetup setup)
    {
        _setup = setup;
        // Repeated, because the alarms forget their watchers when they are restarted.
        Receive<WatchDue>(_ => OnWatchDue());
        Receive<AlarmsKept>(OnKept);
        Receive<WaitingRead>(OnRead);
        Receive<ReadingFailed>(_ => OnReadingFailed());
        Receive<Noted>(OnNoted);
        Receive<NotingFailed>(_ => _isNoting = false);
        Receive<AlarmChange>(OnChange);
        Receive<SendDue>(_ => Send());
        Receive<Sent>(_ => OnSent());
        Receive<Failed>(OnFailed);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of the actor.</summary>
    public static Props Props(NoticeSetup setup) => Akka.Actor.Props.Create(() => new NoticeActor(setup));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _setup.Alarms.Tell(new WatchAlarms(AndKeeping: true));
        Timers.StartPeriodicTimer(nameof(WatchDue), new WatchDue(), WatchEvery);
    }

    private void OnWatchDue()
    {
        _setup.Alarms.Tell(new WatchAlarms(AndKeeping: true));
        Read();
        NoteDone();
    }

    private void OnKept(AlarmsKept kept)
    {
        (_isHere, _hasRead) = (kept.Here, false);
        if (!kept.Here)
            // The node that keeps the alarms now sends what waits.
            _waiting.Clear();
        Read();
    }

    private void Read()
    {
        if (!_isHere || _hasRead || _isReading)
            return;
        _isReading = true;
        Task.Run(() => new WaitingRead(_setup.Table.Waiting(_setup.Way.Name))).PipeTo(Self, failure: _ => new ReadingFailed());
    }

    private void OnRead(WaitingRead read)
    {
        (_isReading, _hasRead) = (false, true);
        if (!_isHere)
            return;
        // What came meanwhile may have been read too.
        var known = _waiting.Concat(_done).Select(KeyOf).ToHashSet();
        List<AlarmChange> all = [.. read.Changes.Where(change => !known.Contains(KeyOf(change))), .. _waiting];
        _waiting.Clear();
        foreach (var change in all)
            Add(change);
        SendLater(_setup.Way.Gather);
    }

    private void OnReadingFailed()
    {
        // The database is away: what comes now is sent all the same.
        _isReading = false;
        SendLater(_setup.Way.Gather);
    }

    private static (string, AlarmChangeKind, Instant) KeyOf(AlarmChange change) =>
        (change.Alarm.Id, change.Kind, change.Alarm.ChangedAt);

    private void OnChange(AlarmChange change)
    {
        if (!_setup.Way.Wants(change) || (_setup.Fleet() is { } fleet && _setup.Way.To(fleet.Alarms) is null))
            return;
        Add(change);
        SendLater(_setup.Way.Gather);
    }

    private void Add(AlarmChange change)
    {
        _waiting.Enqueue(change);
        if (_waiting.Count <= Most)
            return;
        _done.Add(_waiting.Dequeue());
        NoteDone();
        if (!_hasDropped)
            _log.Error(AlarmEvents.NoticesDropped, _setup.Way.Name, Most);
        _hasDropped = true;
    }

    private void SendLater(TimeSpan pause)
    {
        if (_inFlight.Count > 0 || _isReading || Timers.IsTimerActive(nameof(SendDue)))
            return;
        if (pause > TimeSpan.Zero)
            Timers.StartSingleTimer(nameof(SendDue), new SendDue(), pause);
        else
            Send();
    }

    private void Send()
    {
        if (_setup.Fleet() is not { } fleet)
        {
            SendLater(StartPause);
            return;
        }

        if (_setup.Way.To(fleet.Alarms) is null)
        {
            // The fleet file names nobody any more.
            _done.AddRange(_waiting);
            _waiting.Clear();
            NoteDone();
            return;
        }

        _inFlight = [.. _waiting.Take(_setup.Way.MostAtOnce)];
        if (_inFlight.Count == 0)
            return;
        SendAsync(_setup, _inFlight, fleet).PipeTo(Self, success: () => new Sent(), failure: problem => new Failed(problem));
    }

    private static async Task SendAsync(NoticeSetup setup, IReadOnlyList<AlarmChange> changes, FleetConfiguration fleet)
    {
        using var patience = new CancellationTokenSource(Patience, setup.Time);
        await setup.Way.SendAsync(changes, fleet, patience.Token);
    }

    private void OnSent()
    {
        if (_problem is not null)
            _log.Info(AlarmEvents.NoticeSentAgain, _setup.Way.Name);
        (_problem, _hasDropped) = (null, false);
        Finish();
    }

    private void OnFailed(Failed failed)
    {
        var sentence = failed.Problem is OperationCanceledException
            ? $"no answer within {Patience.TotalSeconds:0} s."
            : failed.Problem.Message;
        if (failed.Problem is NoticeException { IsFinal: true } || ++_failures >= MostAttempts)
        {
            var alarms = string.Join(", ", _inFlight.Select(change => change.Alarm.Id).Distinct());
            _log.Error(AlarmEvents.NoticeGivenUp, _setup.Way.Name, alarms, sentence);
            Finish();
            return;
        }

        if (sentence != _problem)
            _log.Warning(AlarmEvents.NoticeFailed, _setup.Way.Name, sentence);
        (_problem, _inFlight) = (sentence, []);
        SendLater(Pauses.After(_failures - 1));
    }

    /// <summary>Those that were sent or given up are done, unless they were dropped meanwhile.</summary>
    private void Finish()
    {
        foreach (var _ in _inFlight.Where(change => _waiting.TryPeek(out var first) && ReferenceEquals(first, change)))
            _waiting.Dequeue();
        _done.AddRange(_inFlight);
        NoteDone();
        (_inFlight, _failures) = ([], 0);
        if (_waiting.Count > 0)
            SendLater(_setup.Way.Gather);
    }

    /// <summary>Has the table forget what is done; what it cannot forget now, it is told again later.</summary>
    private void NoteDone()
    {
        if (_isNoting || _done.Count == 0)
            return;
        _isNoting = true;
        IReadOnlyList<AlarmChange> done = [.. _done];
        Task.Run(() => _setup.Table.Sent(_setup.Way.Name, done)).PipeTo(
            Self, success: () => new Noted(done), failure: _ => new NotingFailed());
    }

    private void OnNoted(Noted noted)
    {
        _isNoting = false;
        _done.RemoveRange(0, noted.Done.Count);
        NoteDone();
    }
}
