using Akka.Actor;
using Akka.Event;
using NodaTime;

namespace Iec102.Acquisition.Alarms;

/// <summary>
/// /user/alarms: looks at the fleet every 2 s, keeps the book of alarms and stores it, and tells watchers what has changed.
/// <para>Takes <see cref="GetAlarms"/>, <see cref="AcknowledgeAlarm"/>, <see cref="ShelveAlarm"/>, <see cref="NoteAlarm"/>,
/// <see cref="WatchAlarms"/>. Of several nodes one keeps the alarms; on the others everything is answered by
/// <see cref="AlarmsElsewhere"/>; they read what is stored, for whoever looks at the <see cref="AlarmView"/>. A node that takes over reads
/// what was stored before it looks. While the database is away everything goes on in memory; what has changed is stored as soon as that
/// works, unless another node has stored something newer. A change is told when it is stored, or cannot be: so nobody is told of it again
/// after a crash.</para>
/// </summary>
public sealed class AlarmActor : ReceiveActor, IWithTimers
{
    /// <summary>The time between two looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly AlarmSetup _setup;

    /// <summary>Those who watch, and whether they want to know who keeps the alarms.</summary>
    private readonly Dictionary<IActorRef, bool> _watchers = [];

    /// <summary>What nobody has been told yet, because it is not stored.</summary>
    private readonly List<AlarmChange> _news = [];
    private readonly Dictionary<string, Alarm> _toStore = [];
    private readonly HashSet<string> _toForget = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>Null while another node keeps the alarms.</summary>
    private AlarmBook? _book;

    private bool _hasRead;
    private bool _isStoring;
    private string? _problem;

    private sealed record LookDue;

    private sealed record StoredRead(IReadOnlyList<Alarm> Alarms);

    private sealed record ElsewhereRead(IReadOnlyList<Alarm> Alarms);

    private sealed record ReadingFailed(Exception Problem);

    private sealed record Looked(AlarmSight? Sight);

    private sealed record LookFailed;

    private sealed record Stored(IReadOnlyList<AlarmChange> News);

    private sealed record StoringFailed(IReadOnlyList<AlarmChange> News, IReadOnlyList<string> Forgotten, Exception Problem);

    /// <summary>Creates the actor.</summary>
    /// <param name="setup">What it works with.</param>
    public AlarmActor(AlarmSetup setup)
    {
        _setup = setup;
        Receive<LookDue>(_ => Begin());
        Receive<StoredRead>(OnRead);
        Receive<ElsewhereRead>(OnElsewhereRead);
        Receive<ReadingFailed>(OnReadingFailed);
        Receive<Looked>(OnLooked);
        Receive<LookFailed>(_ => LookLater());
        Receive<Stored>(OnStored);
        Receive<StoringFailed>(OnStoringFailed);
        Receive<WatchAlarms>(OnWatch);
        Receive<Terminated>(gone => _watchers.Remove(gone.ActorRef));
        Receive<GetAlarms>(_ => Sender.Tell(_book is null ? new AlarmsElsewhere() : new AlarmList(_book.Alarms)));
        Receive<AcknowledgeAlarm>(seen => Change(seen.Id, (book, now) => book.Acknowledge(seen.Id, seen.Who, now)));
        Receive<ShelveAlarm>(shelve => Change(
            shelve.Id, (book, now) => book.Shelve(shelve.Id, shelve.Time > Duration.Zero ? now + shelve.Time : null, now)));
        Receive<NoteAlarm>(note => Change(note.Id, (book, now) => book.Note(note.Id, note.Text, now)));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of the actor.</summary>
    public static Props Props(AlarmSetup setup) => Akka.Actor.Props.Create(() => new AlarmActor(setup));

    /// <inheritdoc/>
    protected override void PreStart() => Self.Tell(new LookDue());

    /// <summary>The moment as it is stored.</summary>
    private Instant Now => Instant.FromUnixTimeMilliseconds(_setup.Time.GetUtcNow().ToUnixTimeMilliseconds());

    private void LookLater() => Timers.StartSingleTimer(nameof(LookDue), new LookDue(), Every);

    private void Begin()
    {
        var keeping = _setup.Keeping();
        if (keeping == AlarmKeeping.Elsewhere || (keeping == AlarmKeeping.Unknown && _book is null))
        {
            if (_book is not null)
                _log.Info(AlarmEvents.AlarmsKeptElsewhere);
            Keep(null);
            _hasRead = false;
            _toStore.Clear();
            _toForget.Clear();
            _news.Clear();
            if (keeping == AlarmKeeping.Elsewhere)
                Task.Run(() => new ElsewhereRead(_setup.Table.Read())).PipeTo(Self, failure: _ => new LookFailed());
            else
                LookLater();
            return;
        }

        // Meanwhile another node may have kept them.
        _hasRead &= keeping == AlarmKeeping.Here;
        if (keeping == AlarmKeeping.Here && !_hasRead && !_isStoring)
            Task.Run(() => new StoredRead(_setup.Table.Read())).PipeTo(Self, failure: problem => new ReadingFailed(problem));
        else
            Look();
    }

    private void OnRead(StoredRead read)
    {
        if (_book is null)
            _log.Info(AlarmEvents.AlarmsKeptHere);
        var book = _book ?? new AlarmBook();
        _hasRead = true;
        _toStore.Clear();
        foreach (var alarm in book.Restore(read.Alarms.Where(alarm => !_toForget.Contains(alarm.Id))))
            _toStore[alarm.Id] = alarm;
        _setup.View.Alarms = book.Alarms;
        Keep(book);
        Look();
    }

    private void OnElsewhereRead(ElsewhereRead read)
    {
        _setup.View.Alarms = read.Alarms;
        LookLater();
    }

    private void Keep(AlarmBook? book)
    {
        var hasChanged = (book is null) != (_book is null);
        _book = book;
        if (hasChanged)
            foreach (var watcher in _watchers.Where(watcher => watcher.Value))
                watcher.Key.Tell(new AlarmsKept(book is not null));
    }

    private void OnReadingFailed(ReadingFailed failed)
    {
        Say(failed.Problem);
        Keep(_book ?? new AlarmBook());
        Look();
    }

    private void Look() => _setup.Look().PipeTo(Self, success: sight => new Looked(sight), failure: _ => new LookFailed());

    private void OnLooked(Looked looked)
    {
        if (_book is { } book && looked.Sight is var (verdicts, fleet))
        {
            Note(book.Look(verdicts, fleet, Duration.FromTimeSpan(fleet.Alarms.Delay), Now));
            _setup.View.Alarms = book.Alarms;
        }

        Store();
        LookLater();
    }

    private void Change(string id, Func<AlarmBook, Instant, AlarmChange?> command)
    {
        if (_book is not { } book)
        {
            Sender.Tell(new AlarmsElsewhere());
            return;
        }

        if (command(book, Now) is { } change)
            Note([change]);
        _setup.View.Alarms = book.Alarms;
        Store();
        Sender.Tell(new AlarmAnswer(book.Find(id)));
    }

    private void Note(IReadOnlyList<AlarmChange> changes)
    {
        foreach (var change in changes)
        {
            Log(change);
            if (change.Kind == AlarmChangeKind.Forgotten)
            {
                _toStore.Remove(change.Alarm.Id);
                _toForget.Add(change.Alarm.Id);
            }
            else
            {
                _toStore[change.Alarm.Id] = change.Alarm;
                _toForget.Remove(change.Alarm.Id);
            }

            _news.Add(change);
        }
    }

    private void Tell(IEnumerable<AlarmChange> news)
    {
        foreach (var change in news)
            foreach (var watcher in _watchers.Keys)
                watcher.Tell(change);
    }

    private void Log(AlarmChange change)
    {
        var alarm = change.Alarm;
        switch (change.Kind)
        {
            case AlarmChangeKind.Raised:
                _log.Warning(AlarmEvents.AlarmRaised, alarm.Id, alarm.Priority, alarm.LastError ?? alarm.Advice?.En);
                break;
            case AlarmChangeKind.RaisedAgain:
                _log.Warning(AlarmEvents.AlarmRaisedAgain, alarm.Id, alarm.Priority, alarm.Count, alarm.LastError ?? alarm.Advice?.En);
                break;
            case AlarmChangeKind.Cleared:
                _log.Info(AlarmEvents.AlarmCleared, alarm.Id);
                break;
            case AlarmChangeKind.Acknowledged:
                _log.Info(AlarmEvents.AlarmAcknowledged, alarm.Id, alarm.AcknowledgedBy);
                break;
            case AlarmChangeKind.Shelved:
                _log.Info(AlarmEvents.AlarmShelved, alarm.Id, alarm.ShelvedUntil);
                break;
            case AlarmChangeKind.ShelvingEnded:
                _log.Info(AlarmEvents.AlarmShelvingEnded, alarm.Id);
                break;
        }
    }

    private void Store()
    {
        if (_isStoring)
            return;
        IReadOnlyList<AlarmChange> news = [.. _news];
        _news.Clear();
        if (!_hasRead || (_toStore.Count == 0 && _toForget.Count == 0))
        {
            Tell(news);
            return;
        }

        _isStoring = true;
        IReadOnlyList<Alarm> changed = [.. _toStore.Values];
        IReadOnlyList<string> forgotten = [.. _toForget];
        _toStore.Clear();
        _toForget.Clear();
        IReadOnlyList<WaitingNotice> waiting =
            [.. news.SelectMany(change => _setup.Ways(change).Select(way => new WaitingNotice(way, change)))];
        Task.Run(() => _setup.Table.Write(changed, forgotten, waiting)).PipeTo(
            Self, success: () => new Stored(news), failure: problem => new StoringFailed(news, forgotten, problem));
    }

    private void OnStored(Stored stored)
    {
        _isStoring = false;
        Tell(stored.News);
        if (_problem is not null)
            _log.Info(AlarmEvents.AlarmsStoredAgain);
        _problem = null;
        Store();
    }

    private void OnStoringFailed(StoringFailed failed)
    {
        // Before the next attempt everything is read, and compared with the book: another node may have stored something newer.
        (_isStoring, _hasRead) = (false, false);
        foreach (var id in failed.Forgotten)
            _toForget.Add(id);
        Tell(failed.News);
        Say(failed.Problem);
    }

    private void Say(Exception problem)
    {
        var sentence = _setup.Table.Describe(problem);
        if (sentence is not null && sentence != _problem)
            _log.Warning(AlarmEvents.AlarmsNotStored, sentence);
        _problem = sentence ?? _problem;
    }

    private void OnWatch(WatchAlarms watch)
    {
        if (!_watchers.TryAdd(Sender, watch.AndKeeping))
            return;
        Context.Watch(Sender);
        if (watch.AndKeeping)
            Sender.Tell(new AlarmsKept(_book is not null));
    }
}
