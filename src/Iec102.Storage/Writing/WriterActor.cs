using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Storage.Databases;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>What a writer works with; it stays the same across restarts of the actor.</summary>
/// <param name="Database">Where it stores.</param>
/// <param name="Retention">How long each kind of data is kept.</param>
/// <param name="Time">The clock.</param>
public sealed record WriterSetup(ReadingsDatabase Database, RetentionConfiguration Retention, TimeProvider Time)
{
    /// <summary>
    /// The file in which the identities of the meters are kept beside the database, for a start while that is away; null for none.
    /// </summary>
    public string? Identities { get; init; }

    internal WriteQueue Queue { get; } = new();

    internal Addressees Addressees { get; } = new();
}

/// <summary>
/// /user/writer: stores what it receives in the readings database, in batches; each batch is one transaction, together with the progress
/// of the profiles.
/// <para>Takes <see cref="StoreIntervals"/>, answered by <see cref="IntervalsStored"/> after the commit; <see cref="GetIdentity"/>,
/// answered by <see cref="KnownIdentity"/>; <see cref="CompareCurve"/>, answered by <see cref="StoredCurve"/>;
/// <see cref="StoreCurrentValues"/>, <see cref="StoreIdentity"/>, <see cref="StoreHabit"/>, <see cref="StoreMeterZone"/>,
/// <see cref="StoreMeterLabels"/>, <see cref="StoreClockCheck"/>, <see cref="AuditEntry"/>, and a changed
/// <see cref="RetentionConfiguration"/>, none of which is answered; and every <see cref="MeterFact"/>, whose sender gets
/// <see cref="EventsStored"/> after the commit if there were new events in it.</para>
/// <para>While the database fails (because it is full, locked or read-only) nothing is answered: everything is kept and tried again
/// after 1 s, 2 s and so on, up to 30 s. One that is away (<see cref="ReadingsDatabase.IsAway"/>) is tried again after at most 4 s, nothing
/// is logged of it, since whoever watches it does, and <see cref="GetIdentity"/> is answered with what the file of identities says.</para>
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "An actor is not disposed but stopped: PostStop disposes what it owns.")]
public sealed class WriterActor : ReceiveActor, IWithTimers
{
    // States:
    //   Idle         nothing in flight; if someone waits for an answer, writing begins at once, otherwise after at most a second.
    //   Writing      a batch is in flight (WriteQueue.InFlight); the next one is collected meanwhile.
    //   BackingOff   the last batch failed and is back in the queue; the timer TryAgain is active.

    private const long WarnFreeBytes = 1024L * 1024 * 1024;

    // Messages that need no answer are collected, so that there is one commit a second instead of one for each message.
    private static readonly TimeSpan FlushAfter = TimeSpan.FromSeconds(1);
    private static readonly Backoff Retries = Backoff.Doubling(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>A database that was away so often in a row is a problem that the writer names itself.</summary>
    private const int FailuresToSay = 5;
    private static readonly Backoff RetriesWhenAway = Backoff.Doubling(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
    private static readonly TimeSpan FirstSweep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);

    private readonly ReadingsDatabase _store;
    private readonly TimeProvider _time;
    private readonly WriteQueue _queue;
    private readonly Addressees _addressees;
    private readonly WriterDatabase _database;
    private readonly IdentityCache? _identities;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private RetentionConfiguration _retention;
    private int _failures;
    private string? _problem;
    private Instant? _failingSince;
    private string? _failure;
    private bool _isAway;
    private bool _diskLow;

    private sealed record Flush;

    private sealed record TryAgain;

    private sealed record BatchFailed(Exception Problem);

    private sealed record SweepDue;

    private sealed record Swept(bool More);

    private sealed record SweepFailed(Exception Problem);

    /// <summary>Creates the actor.</summary>
    /// <param name="setup">What the writer works with.</param>
    public WriterActor(WriterSetup setup)
    {
        _store = setup.Database;
        _retention = setup.Retention;
        _time = setup.Time;
        _queue = setup.Queue;
        _addressees = setup.Addressees;
        _database = new WriterDatabase(() => new ReadingsWriter(setup.Database));
        _identities = setup.Identities is { } file ? new IdentityCache(file) : null;
        Receive<StoreIntervals>(message =>
        {
            _addressees.Add(message, Sender);
            Awaited(() => _queue.Add(message));
        });
        Receive<GetIdentity>(question =>
        {
            _addressees.Add(question, Sender);
            Awaited(() => _queue.Add(question));
            AnswerWhenAway();
        });
        Receive<CompareCurve>(question =>
        {
            _addressees.Add(question, Sender);
            Awaited(() => _queue.Add(question));
        });
        Receive<StoreCurrentValues>(message => NotAwaited(() => _queue.Add(message)));
        Receive<StoreIdentity>(message => NotAwaited(() => _queue.Add(message)));
        Receive<StoreHabit>(message => NotAwaited(() => _queue.Add(message)));
        Receive<StoreMeterZone>(message => NotAwaited(() => _queue.Add(message)));
        Receive<StoreMeterLabels>(message => NotAwaited(() => _queue.Add(message)));
        Receive<StoreClockCheck>(message => NotAwaited(() => _queue.Add(message)));
        Receive<AuditEntry>(entry => NotAwaited(() => _queue.Add(entry)));
        Receive<MeterFact>(fact =>
        {
            _addressees.Add(fact, Sender);
            NotAwaited(() => _queue.Add(fact));
        });
        Receive<GetBacklog>(_ => Sender.Tell(new WriterBacklog(_queue.Count, _failingSince, _failure)));
        Receive<RetentionConfiguration>(changed => _retention = changed);
        Receive<Flush>(_ => Write());
        Receive<TryAgain>(_ => Write());
        Receive<BatchStored>(OnStored);
        Receive<BatchFailed>(OnFailed);
        Receive<SweepDue>(_ => Sweep());
        Receive<Swept>(OnSwept);
        Receive<SweepFailed>(OnSweepFailed);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of a writer.</summary>
    /// <param name="database">Where it stores.</param>
    /// <param name="retention">How long each kind of data is kept.</param>
    /// <param name="time">The clock.</param>
    public static Props Props(ReadingsDatabase database, RetentionConfiguration retention, TimeProvider time) =>
        Props(new WriterSetup(database, retention, time));

    /// <summary>The props of a writer.</summary>
    /// <param name="setup">What it works with.</param>
    public static Props Props(WriterSetup setup) => Akka.Actor.Props.Create(() => new WriterActor(setup));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(SweepDue), new SweepDue(), FirstSweep, SweepEvery);
        // After a restart, what the previous instance had collected is written first.
        Write();
    }

    /// <inheritdoc/>
    protected override void PostStop() => _database.Dispose();

    private void Awaited(Action add)
    {
        add();
        Write();
    }

    private void NotAwaited(Action add)
    {
        add();
        FlushLater();
    }

    private void FlushLater()
    {
        if (!Timers.IsTimerActive(nameof(Flush)))
            Timers.StartSingleTimer(nameof(Flush), new Flush(), FlushAfter);
    }

    private void Write()
    {
        if (_queue.InFlight is not null || _queue.IsEmpty || Timers.IsTimerActive(nameof(TryAgain)))
            return;
        var batch = _queue.Take();
        _addressees.Take();
        _database.Run(writer => Write(writer, batch)).PipeTo(Self, success: stored => stored, failure: problem => new BatchFailed(problem));
    }

    /// <summary>Runs on the thread of the database.</summary>
    private BatchStored Write(ReadingsWriter writer, WriteBatch batch)
    {
        var stored = writer.Write(batch);
        _identities?.Take(batch, stored);
        return stored;
    }

    private void OnStored(BatchStored stored)
    {
        var batch = _queue.Stored();
        if (_problem is not null)
            _log.Info(LogEvents.StoringResumed, _store.Name);
        (_problem, _isAway, _failures, _failingSince, _failure) = (null, false, 0, null, null);
        foreach (var (to, answer) in _addressees.Stored(batch, stored, _queue))
            to.Tell(answer);
        if (stored.Space is { } space)
            WatchDisk(space);
        if (_queue.IsAwaited)
            Write();
        else if (!_queue.IsEmpty)
            FlushLater();
    }

    private void OnFailed(BatchFailed failed)
    {
        _queue.GiveBack();
        _addressees.GiveBack();
        var problem = _store.Describe(failed.Problem);
        (_isAway, _failingSince, _failure) = (_store.IsAway(failed.Problem), _failingSince ?? _time.Now(), problem);
        // Whoever watches the store says that it is away; what only the writer meets, such as a lock that stays, it says itself.
        var isToSay = !_isAway || _failures >= FailuresToSay;
        if (isToSay && problem != _problem)
            _log.Error(failed.Problem, LogEvents.StoringFailed, problem);
        _problem = isToSay ? problem : _problem;
        AnswerWhenAway();
        var wait = (_isAway ? RetriesWhenAway : Retries).After(_failures++);
        Timers.StartSingleTimer(nameof(TryAgain), new TryAgain(), wait);
        // Logged only after the timer is set: a test in virtual time advances the time when it sees this line.
        _log.Debug(LogEvents.StoringPostponed, wait.TotalSeconds, problem);
    }

    /// <summary>A meter can be read before the database answers again. Its question stays in the queue, which refreshes the file.</summary>
    private void AnswerWhenAway()
    {
        if (!_isAway || _identities is null)
            return;
        foreach (var (asker, known) in _addressees.TakeKnown(_identities.Of))
            asker.Tell(known);
    }

    private void WatchDisk(DiskSpace space)
    {
        var low = space.FreeBytes < WarnFreeBytes;
        if (low && !_diskLow)
            _log.Warning(LogEvents.DiskAlmostFull, space.Directory);
        _diskLow = low;
    }

    private void Sweep()
    {
        var (retention, now) = (_retention, _time.Now());
        _database.Run(writer => writer.Sweep(retention, now))
            .PipeTo(Self, success: more => new Swept(more), failure: problem => new SweepFailed(problem));
    }

    private void OnSwept(Swept swept)
    {
        if (swept.More)
            Sweep();
    }

    private void OnSweepFailed(SweepFailed failed)
    {
        if (!_store.IsAway(failed.Problem))
            _log.Warning(LogEvents.RetentionFailed, _store.Describe(failed.Problem));
    }
}
