using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Iec102.Fleet;
using Iec102.Protocol.Description;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// Records one curve of one meter: which intervals are recorded, missing, absent, lost (architecture, "Recording a curve").
/// <see cref="ChunkPlanner"/> and <see cref="AnswerJudge"/> decide; the actor keeps the order in which things are stored and reported.
/// <para>Takes from its meter <see cref="GetNextChunk"/>, <see cref="ChunkAnswered"/>, <see cref="BeginSegment"/>; from operators
/// <see cref="Reread"/>, <see cref="GetCoverage"/>; from the fleet <see cref="EndRecording"/>, <see cref="ReportStatus"/>; from the writer
/// <see cref="StoredCurve"/>, <see cref="IntervalsStored"/>. Sends the live state <see cref="ProfileStatus"/> when it changes.</para>
/// <para>States: recovering; comparing, until the writer has told whether the tables and the journal are from the same moment
/// (<see cref="CoverageRebuild"/> if they are not); recording. While it compares, and while the writer has more than
/// <see cref="WriterHandover.MaxUnconfirmed"/> events to confirm, it is held back: then the meter gets no answer.</para>
/// </summary>
public sealed class ProfileActor : ReceivePersistentActor, IWithTimers
{
    /// <summary>After how many events a snapshot is worth writing.</summary>
    private const int EventsPerSnapshot = 50;

    /// <summary>After how long without a confirmation events are sent to the writer again: it may have failed and lost its inbox.</summary>
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>The expected intervals grow with time alone, also while nobody asks for a chunk.</summary>
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(15);

    private readonly ProfileSettings _settings;
    private readonly IActorRef _liveState;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ChunkPlanner _planner;
    private readonly AnswerJudge _judge;
    private readonly MeterSight _sight;
    private readonly ProfileReports _reports;
    private readonly WriterHandover _handover;
    private readonly Predecessor _predecessor;
    private readonly ReplayedEvents _replayed = new();
    private ProfileState _state = ProfileState.Empty;
    private ChunkMemory _memory = ChunkMemory.Empty;
    private ProfileStatus? _told;
    private Duration? _clockOffset;
    private long _snapshotAt;

    /// <summary>Creates the actor.</summary>
    /// <param name="settings">Which curve, and from when on.</param>
    /// <param name="liveState">The live state.</param>
    /// <param name="writer">The writer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="predecessor">What its predecessor has left.</param>
    public ProfileActor(ProfileSettings settings, IActorRef liveState, IActorRef writer, TimeProvider time, Predecessor predecessor)
    {
        _settings = settings;
        _predecessor = predecessor;
        _liveState = liveState;
        _handover = new WriterHandover(settings, writer);
        _time = time;
        _planner = new ChunkPlanner(settings);
        _judge = new AnswerJudge(settings);
        _sight = new MeterSight(settings);
        _reports = new ProfileReports(settings, _sight);

        Recover<SnapshotOffer>(OnSnapshotOffer);
        Recover<IProfileEvent>(Apply);
        Recover<RecoveryCompleted>(_ => OnRecovered());

        Command<GetNextChunk>(next =>
        {
            var meter = Sender;
            _handover.WhenNotHeldBack(() => OnGetNextChunk(next, meter));
        });
        Command<ChunkAnswered>(answered =>
        {
            var meter = Sender;
            _handover.WhenCompared(() => OnChunkAnswered(answered, meter));
        });
        Command<BeginSegment>(OnBeginSegment);
        Command<Reread>(OnReread);
        Command<GetCoverage>(coverage => Sender.Tell(_reports.Coverage(_state, _clockOffset, Now, coverage.Range)));
        Command<GetDays>(days => Sender.Tell(_reports.Days(_state, _clockOffset, Now, days)));
        Command<StoredCurve>(OnStoredCurve);
        Command<IntervalsStored>(OnIntervalsStored);
        Command<TellAgain>(_ => OnTellAgain());
        Command<Tick>(_ => TellStatus());
        Command<ReportStatus>(_ => OnReportStatus());
        Command<EndRecording>(_ => Context.Stop(Self));
        Command<SaveSnapshotSuccess>(OnSnapshotSaved);
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<SaveSnapshotFailure>(
            failed => _log.Warning(failed.Cause, LogEvents.SnapshotNotSaved, _settings.Meter, _settings.Curve.Name()));
        Command<DeleteMessagesFailure>(failed => OnNotShortened(failed.Cause));
        Command<DeleteSnapshotsFailure>(failed => OnNotShortened(failed.Cause));
    }

    /// <inheritdoc/>
    public override string PersistenceId => _settings.PersistenceId;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private Instant Now => _time.Now();

    /// <summary>The actor; it stops when the journal fails, so it belongs under a supervisor that starts it again.</summary>
    public static Props Props(ProfileSettings settings, IActorRef liveState, IActorRef writer, TimeProvider time)
    {
        var predecessor = new Predecessor();
        return Akka.Actor.Props.Create(() => new ProfileActor(settings, liveState, writer, time, predecessor));
    }

    /// <summary>
    /// The event is not stored, and the meter waits for an answer. As after a failure the actor stops: its successor, which knows what is
    /// stored, goes on after a pause.
    /// </summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    private void OnSnapshotOffer(SnapshotOffer offer)
    {
        (_state, _snapshotAt) = ((ProfileState)offer.Snapshot, offer.Metadata.SequenceNr);
        _replayed.Begin(_snapshotAt);
        _handover.InTables(_state.LastIntervals, _state.Coverage.Recorded);
    }

    /// <summary>If events are missing, it recovers once more; if it still lacks some, the tables say what is recorded.</summary>
    private void OnRecovered()
    {
        _replayed.End(LastSequenceNr);
        var isShort = _replayed.Missing is not null;
        _predecessor.LackedEvents = isShort && !_predecessor.LackedEvents;
        if (_predecessor.LackedEvents)
        {
            _log.Warning(LogEvents.EventsMissing, _settings.Meter, _replayed.Missing, _settings.Curve.Name());
            Context.Stop(Self);
            return;
        }

        // A snapshot is soon to take the place of what is missing.
        _snapshotAt -= isShort ? EventsPerSnapshot : 0;
        _predecessor.Meter.Tell(new CurveRestarted(_settings.Curve));
        _handover.Ask(LastSequenceNr, isShort);
        TellAgainLater();
        Timers.StartPeriodicTimer(nameof(Tick), new Tick(), TellEvery);
        if (_settings.From < _state.Start)
            Store(_sight.BeginEarlier(_state, Now), () => { });
        else
            OnChanged();
    }

    private void OnStoredCurve(StoredCurve stored)
    {
        var contents = _handover.Take(stored);
        TellAgainLater();
        if (contents is null)
            return;
        Store(CoverageRebuild.Of(_settings, _state, contents, Now), () =>
        {
            var recorded = _state.Grid.Count(_state.Coverage.Recorded);
            _log.Warning(LogEvents.CoverageRebuilt, _settings.Meter, _settings.Curve.Name(), recorded);
            _handover.Restart(stored, Now);
            TellAgainLater();
        });
    }

    private void OnGetNextChunk(GetNextChunk next, IActorRef meter)
    {
        var session = next.Session;
        (_predecessor.Meter, _clockOffset) = (meter, session.ClockOffset ?? _clockOffset);
        Store(_sight.See(_state, session, Now), () =>
        {
            var now = Now;
            (var chunk, _memory) = _planner.Next(_state, _memory, session, next.MaxOctets, now);
            meter.Tell(chunk ?? (object)new NothingDue(_settings.Curve, _planner.NextDue(_state, _memory, _clockOffset, now)));
        });
        // The expected intervals grow with time alone.
        TellStatus();
    }

    private void OnChunkAnswered(ChunkAnswered answered, IActorRef meter)
    {
        _clockOffset = answered.Session.ClockOffset ?? _clockOffset;
        (var events, _memory) = _judge.Judge(_state, _memory, answered, Now);
        var recorded = events.OfType<IntervalsRecorded>().Sum(one => one.Intervals.Count);
        Store(events, () => _handover.WhenNotHeldBack(() => meter.Tell(new ChunkRecorded(_settings.Curve, recorded))));
    }

    private void OnBeginSegment(BeginSegment begin)
    {
        var meter = Sender;
        Store(
            _state.SerialNumber == begin.SerialNumber ? [] : [new MeterSeen(begin.SerialNumber)],
            () => meter.Tell(new SegmentBegun(_settings.Curve)));
    }

    private void OnReread(Reread reread)
    {
        var (asker, expected) = (Sender, Expected());
        var range = new TimeRange(Instant.Max(reread.Range.From, expected.From), Instant.Min(reread.Range.To, expected.To));
        var intervals = _state.Grid.Count(range);
        _memory = _memory.AskAtOnce();
        Store(intervals == 0 ? [] : [new RereadRequested(range)], () =>
        {
            asker.Tell(new RereadAccepted(intervals));
            if (intervals > 0)
                _predecessor.Meter.Tell(new ChunkDue(_settings.Curve));
        });
    }

    private void OnIntervalsStored(IntervalsStored stored)
    {
        var before = _handover.Unconfirmed;
        var toRepeat = _handover.Confirm(stored.SequenceNr);
        if (_handover.Unconfirmed < before)
            TellAgainLater();
        Store(toRepeat, _handover.GoOn);
        OnChanged();
    }

    private void OnTellAgain()
    {
        if (_handover.Unconfirmed > 0)
            _log.Warning(LogEvents.StoringUnconfirmed, _settings.Meter, _handover.Unconfirmed, _settings.Curve.Name());
        _handover.TellAll();
        TellAgainLater();
    }

    private void TellAgainLater()
    {
        if (_handover.IsOpen)
            Timers.StartSingleTimer(nameof(TellAgain), new TellAgain(), TellAgainAfter);
        else
            Timers.Cancel(nameof(TellAgain));
    }

    private void OnSnapshotSaved(SaveSnapshotSuccess saved)
    {
        DeleteMessages(saved.Metadata.SequenceNr);
        DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
    }

    private void OnNotShortened(Exception cause) =>
        _log.Warning(cause, LogEvents.JournalNotShortened, _settings.Meter, _settings.Curve.Name());

    /// <summary>
    /// Stores the events, all or none, applies each and hands intervals to the writer; then goes on. Without events it goes on at once.
    /// </summary>
    private void Store(IReadOnlyList<IProfileEvent> events, Action then)
    {
        if (events.Count == 0)
        {
            then();
            return;
        }

        var left = events.Count;
        PersistAll(events, stored =>
        {
            Apply(stored);
            if (stored is IntervalsRecorded recorded)
            {
                _handover.TellLast();
                TellAgainLater();
                if (recorded.Intervals.Count > 0)
                    _liveState.Tell(CurveRecorded.Of(_settings.Meter, _settings.Curve, recorded));
            }

            if (--left > 0)
                return;
            then();
            OnChanged();
        });
    }

    private void Apply(IProfileEvent @event)
    {
        if (IsRecovering)
            _replayed.Add(LastSequenceNr);
        _state = _state.Apply(@event);
        switch (@event)
        {
            case CoverageRebuilt:
                _handover.InTables(LastSequenceNr, _state.Coverage.Recorded);
                break;
            case IntervalsRecorded intervals:
                _handover.Add(intervals, LastSequenceNr);
                break;
            // Another meter stands here, or its set-up has changed: nothing that is remembered applies to it.
            case MeterSeen or SetUpSeen:
                _memory = ChunkMemory.Empty;
                break;
            case MethodChosen chosen when !IsRecovering:
                _log.Info(LogEvents.ReadMethodChosen, _settings.Meter, _settings.Curve.Name(), chosen.Method);
                break;
            case PeriodLearned learned when !IsRecovering:
                _log.Info(LogEvents.PeriodLearned, _settings.Meter, _settings.Curve.Name(), learned.PeriodMinutes);
                break;
            case SupportLearned support when !IsRecovering && support.Refusal != 0:
                _log.Warning(
                    LogEvents.CurveRefused, _settings.Meter, _settings.Curve.Name(), (byte)support.Refusal, support.Refusal.InWords());
                break;
        }
    }

    private void OnChanged()
    {
        TellStatus();
        SaveSnapshotWhenDue();
    }

    /// <summary>
    /// Events may be deleted when the snapshot has their coverage and the writer their values. A snapshot that fails is tried again after
    /// the same number of further events.
    /// </summary>
    private void SaveSnapshotWhenDue()
    {
        if (!_handover.IsCompared || _handover.Unconfirmed > 0 || LastSequenceNr - _snapshotAt < EventsPerSnapshot)
            return;
        _snapshotAt = LastSequenceNr;
        SaveSnapshot(_state with { LastIntervals = _handover.LastIntervals });
    }

    /// <summary>Whatever is shown as recorded can be queried: the status waits for the writer.</summary>
    private void TellStatus()
    {
        if (_handover.Unconfirmed > 0 && _told is not null)
            return;
        var status = _reports.Status(_state, _clockOffset, Now);
        if (status == _told)
            return;
        _told = status;
        _liveState.Tell(status);
    }

    private void OnReportStatus()
    {
        if (_told is not null)
            _liveState.Tell(_told);
    }

    private TimeRange Expected() => _state.Expected(_settings.ExpectedEnd(Now, _clockOffset));

    private sealed record TellAgain;

    private sealed record Tick;
}
