using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// Records one curve of one meter: which intervals are recorded, missing, absent, lost (architecture, "Recording a curve").
/// <see cref="ChunkPlanner"/> and <see cref="AnswerJudge"/> decide; the actor keeps the order in which things are stored and reported.
/// <para>Takes from its meter <see cref="GetNextChunk"/>, <see cref="ChunkAnswered"/>, <see cref="BeginSegment"/>; from operators
/// <see cref="Reread"/>, <see cref="GetCoverage"/>; from the fleet <see cref="EndRecording"/>, <see cref="ReportStatus"/>; from the writer
/// <see cref="IntervalsStored"/>. Sends the live state <see cref="ProfileStatus"/> when it changes.</para>
/// <para>States: recovering; recording; held back, while the writer has more than <see cref="MaxUnconfirmed"/> events to confirm: then the
/// meter gets no answer.</para>
/// </summary>
public sealed class ProfileActor : ReceivePersistentActor, IWithTimers
{
    /// <summary>How many events may wait for the writer before the meter has to wait too.</summary>
    private const int MaxUnconfirmed = 4;

    /// <summary>After how many events a snapshot is worth writing.</summary>
    private const int EventsPerSnapshot = 50;

    /// <summary>After how long without a confirmation events are sent to the writer again: it may have failed and lost its inbox.</summary>
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>No label reaches further back (protocol notes 3.1).</summary>
    private static readonly Instant FirstLabel = Instant.FromUtc(2000, 1, 2, 0, 0);

    private readonly ProfileSettings _settings;
    private readonly IActorRef _liveState;
    private readonly IActorRef _writer;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ChunkPlanner _planner;
    private readonly AnswerJudge _judge;
    private readonly Queue<StoreIntervals> _unconfirmed = new();
    private ProfileState _state = ProfileState.Empty;
    private ChunkMemory _memory = ChunkMemory.Empty;
    private ProfileStatus? _told;
    private Duration? _clockOffset;
    private IActorRef _meter = ActorRefs.Nobody;
    private Action? _heldBack;
    private long _snapshotAt;

    /// <summary>Creates the actor.</summary>
    /// <param name="settings">Which curve, and from when on.</param>
    /// <param name="liveState">The live state.</param>
    /// <param name="writer">The writer.</param>
    /// <param name="time">The clock.</param>
    public ProfileActor(ProfileSettings settings, IActorRef liveState, IActorRef writer, TimeProvider time)
    {
        _settings = settings;
        _liveState = liveState;
        _writer = writer;
        _time = time;
        _planner = new ChunkPlanner(settings);
        _judge = new AnswerJudge(settings);

        Recover<SnapshotOffer>(offer => (_state, _snapshotAt) = ((ProfileState)offer.Snapshot, offer.Metadata.SequenceNr));
        Recover<IProfileEvent>(Apply);
        Recover<RecoveryCompleted>(_ => OnRecovered());

        Command<GetNextChunk>(next =>
        {
            var meter = Sender;
            WhenNotHeldBack(() => OnGetNextChunk(next, meter));
        });
        Command<ChunkAnswered>(OnChunkAnswered);
        Command<BeginSegment>(OnBeginSegment);
        Command<Reread>(OnReread);
        Command<GetCoverage>(coverage => Sender.Tell(Report(coverage.Range)));
        Command<IntervalsStored>(OnIntervalsStored);
        Command<TellAgain>(_ => OnTellAgain());
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
    public static Props Props(ProfileSettings settings, IActorRef liveState, IActorRef writer, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ProfileActor(settings, liveState, writer, time));

    /// <summary>
    /// The event is not stored, and the meter waits for an answer. As after a failure the actor stops: its successor, which knows what is
    /// stored, goes on after a pause.
    /// </summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    private void OnRecovered()
    {
        foreach (var waiting in _unconfirmed)
            _writer.Tell(waiting);
        if (_unconfirmed.Count > 0)
            TellAgainLater();
        if (_settings.From < _state.Start)
            Store([StartAt(_settings.From.Value)], () => { });
        else
            OnChanged();
    }

    private void OnGetNextChunk(GetNextChunk next, IActorRef meter)
    {
        var session = next.Session;
        (_meter, _clockOffset) = (meter, session.ClockOffset ?? _clockOffset);
        Store(FirstSight(session), () =>
        {
            var now = Now;
            (var chunk, _memory) = _planner.Next(_state, _memory, session, next.MaxOctets, now);
            meter.Tell(chunk ?? (object)new NothingDue(_settings.Curve, _planner.NextDue(_state, _memory, _clockOffset, now)));
        });
        // The expected intervals grow with time alone.
        TellStatus();
    }

    /// <summary>What is journaled before a chunk: usually nothing. The meter actor has made sure that the right meter answers.</summary>
    private List<IProfileEvent> FirstSight(MeterSession session)
    {
        var events = new List<IProfileEvent>();
        var state = _state;
        if (state.Start is null)
            Add(StartAt(_settings.From ?? Now - _settings.Depth));
        if (state.SerialNumber is null || (session.SerialNumber != 0 && session.SerialNumber != state.SerialNumber))
            Add(new MeterSeen(session.SerialNumber));
        var setUp = new SetUpSeen(
            session.Firmware ?? state.SetUp.Firmware, PeriodRule.Configured(_settings.Curve, session.Periods) ?? state.SetUp.PeriodMinutes);
        if (setUp != state.SetUp)
        {
            if (PeriodRule.Change(state, setUp) is { } change)
                Add(change);
            Add(setUp);
        }

        return events;

        void Add(IProfileEvent @event)
        {
            events.Add(@event);
            state = state.Apply(@event);
        }
    }

    /// <summary>Whole hours, so that the first interval is whole as well.</summary>
    private StartSet StartAt(Instant start)
    {
        var phase = IntervalGrid.PhaseOf(_settings.Zone, start);
        var assumed = _settings.Curve == Curve.Hourly ? 60 : 15;
        return new StartSet(IntervalGrid.Of(60, phase).Floor(Instant.Max(start, FirstLabel)), assumed, phase);
    }

    private void OnChunkAnswered(ChunkAnswered answered)
    {
        var meter = Sender;
        _clockOffset = answered.Session.ClockOffset ?? _clockOffset;
        (var events, _memory) = _judge.Judge(_state, _memory, answered, Now);
        var recorded = events.OfType<IntervalsRecorded>().Sum(one => one.Intervals.Count);
        Store(events, () => WhenNotHeldBack(() => meter.Tell(new ChunkRecorded(_settings.Curve, recorded))));
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
                _meter.Tell(new ChunkDue(_settings.Curve));
        });
    }

    private void OnIntervalsStored(IntervalsStored stored)
    {
        var before = _unconfirmed.Count;
        while (_unconfirmed.TryPeek(out var waiting) && waiting.SequenceNr <= stored.SequenceNr)
            _unconfirmed.Dequeue();
        if (_unconfirmed.Count == 0)
            Timers.Cancel(nameof(TellAgain));
        else if (_unconfirmed.Count < before)
            TellAgainLater();
        if (_unconfirmed.Count <= MaxUnconfirmed && _heldBack is { } goOn)
        {
            _heldBack = null;
            goOn();
        }

        OnChanged();
    }

    private void OnTellAgain()
    {
        _log.Warning(LogEvents.StoringUnconfirmed, _settings.Meter, _unconfirmed.Count, _settings.Curve.Name());
        foreach (var waiting in _unconfirmed)
            _writer.Tell(waiting);
        TellAgainLater();
    }

    private void TellAgainLater() => Timers.StartSingleTimer(nameof(TellAgain), new TellAgain(), TellAgainAfter);

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
                _writer.Tell(_unconfirmed.Last());
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
        _state = _state.Apply(@event);
        switch (@event)
        {
            case IntervalsRecorded intervals:
                _unconfirmed.Enqueue(new StoreIntervals(PersistenceId, LastSequenceNr, _settings.Meter, _settings.Curve, intervals));
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
                _log.Warning(LogEvents.CurveRefused, _settings.Meter, _settings.Curve.Name(), (byte)support.Refusal);
                break;
        }
    }

    /// <summary>Only the latest question waits: a meter that asks again has given up its earlier one.</summary>
    private void WhenNotHeldBack(Action answer)
    {
        if (_unconfirmed.Count > MaxUnconfirmed)
            _heldBack = answer;
        else
            answer();
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
        if (_unconfirmed.Count > 0 || LastSequenceNr - _snapshotAt < EventsPerSnapshot)
            return;
        _snapshotAt = LastSequenceNr;
        SaveSnapshot(_state);
    }

    /// <summary>Whatever is shown as recorded can be queried: the status waits for the writer.</summary>
    private void TellStatus()
    {
        if (_unconfirmed.Count > 0 && _told is not null)
            return;
        var report = Report(range: null);
        var recorded = _state.Coverage.Recorded;
        var status = new ProfileStatus(
            _settings.Meter, _settings.Curve, _state.Unsupported is null ? CurveState.Ok : CurveState.Unsupported,
            recorded.IsEmpty ? null : recorded.Ranges[^1].To, report.Expected, report.Recorded, report.Missing, report.Absent, report.Lost)
        {
            MissingFrom = report.Gaps.FirstOrDefault(gap => gap.State == IntervalState.Missing)?.Range.From,
            UnsupportedSince = _state.Unsupported?.At,
            NextTry = _state.Unsupported?.At + ChunkPlanner.UnsupportedRest,
        };
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

    private CoverageReport Report(TimeRange? range)
    {
        var expected = Expected();
        if (range is { } wanted)
            expected = new TimeRange(Instant.Max(expected.From, wanted.From), Instant.Min(expected.To, wanted.To));
        return _state.Coverage.Report(expected, _state.LostTo(Now, _settings.Depth), _state.Grid);
    }

    private TimeRange Expected() => _state.Expected(_settings.ExpectedEnd(Now, _clockOffset));

    private sealed record TellAgain;
}
