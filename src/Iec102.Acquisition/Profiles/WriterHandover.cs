using Akka.Actor;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// What a profile hands to the writer, in order, until it is confirmed; and what has to wait meanwhile. Nothing is handed over before the
/// writer has answered whether the tables and the journal are from the same moment.
/// </summary>
/// <param name="settings">The curve.</param>
/// <param name="writer">The writer.</param>
internal sealed class WriterHandover(ProfileSettings settings, IActorRef writer)
{
    /// <summary>How many events may wait for the writer before the meter has to wait too.</summary>
    public const int MaxUnconfirmed = 4;

    private readonly Queue<StoreIntervals> _unconfirmed = new();
    private (long SequenceNr, Instant? Newest) _inTables;
    private CompareCurve? _question;
    private IReadOnlyList<IProfileEvent> _toRepeat = [];
    private Action? _heldBack;

    /// <summary>Whether tables and journal are known to be of the same moment: then intervals may be journaled.</summary>
    public bool IsCompared { get; private set; }

    /// <summary>How many events the writer has not confirmed.</summary>
    public int Unconfirmed => _unconfirmed.Count;

    /// <summary>Whether the writer owes an answer.</summary>
    public bool IsOpen => _question is not null || Unconfirmed > 0;

    /// <summary>The number of the last event with intervals, or of the last rebuilt coverage.</summary>
    public long LastIntervals { get; private set; }

    private bool IsHeldBack => !IsCompared || Unconfirmed > MaxUnconfirmed;

    /// <summary>
    /// What is recorded so far cannot be replayed from the journal: only the tables have it, at least up to this number of an event.
    /// </summary>
    public void InTables(long sequenceNr, RangeSet recorded)
    {
        LastIntervals = sequenceNr;
        _inTables = (sequenceNr, recorded.IsEmpty ? null : recorded.Ranges[^1].To);
    }

    /// <summary>Asks whether tables and journal are from the same moment.</summary>
    /// <param name="sequenceNr">The number of the journal's last event.</param>
    /// <param name="isShort">Whether the journal lacks events.</param>
    public void Ask(long sequenceNr, bool isShort)
    {
        var samples = _unconfirmed.Select(one => (one.SequenceNr, one.Intervals.Intervals[^1].End)).ToList();
        if (_inTables.Newest is { } newest)
            samples.Insert(0, (_inTables.SequenceNr, newest));
        _question = new CompareCurve(
            settings.PersistenceId, sequenceNr, _inTables.SequenceNr, settings.Meter, settings.Curve, samples)
        {
            IsShort = isShort,
        };
        writer.Tell(_question);
    }

    /// <summary>Takes the answer; returns what the tables hold if the two are not from the same moment.</summary>
    public CurveContents? Take(StoredCurve answer)
    {
        if (_question is null)
            return null;
        _question = null;
        if (answer.Contents is { } contents)
            return contents;
        IsCompared = true;
        TellAll();
        GoOn();
        return null;
    }

    /// <summary>
    /// The coverage was rebuilt from the tables: the writer is to go on from the number of that event. Whenever the process is killed
    /// before the writer has done so, the next recovery finds the difference again, because no intervals are journaled until then.
    /// </summary>
    public void Restart(StoredCurve answer, Instant now)
    {
        _toRepeat = CoverageRebuild.NotStored(answer.Contents!, _unconfirmed.Select(one => one.Intervals));
        _unconfirmed.Clear();
        Add(new IntervalsRecorded(0, 0, default, 0, now, []), LastIntervals, answer.Progress);
        TellAll();
    }

    /// <summary>An event is journaled.</summary>
    public void Add(IntervalsRecorded intervals, long sequenceNr, long? replaces = null)
    {
        LastIntervals = sequenceNr;
        _unconfirmed.Enqueue(new StoreIntervals(settings.PersistenceId, sequenceNr, settings.Meter, settings.Curve, intervals)
        {
            Replaces = replaces,
        });
    }

    /// <summary>Hands over the last event that was added.</summary>
    public void TellLast() => writer.Tell(_unconfirmed.Last());

    /// <summary>Asks again, or hands over again everything that is not confirmed.</summary>
    public void TellAll()
    {
        if (_question is not null)
            writer.Tell(_question);
        foreach (var waiting in _unconfirmed)
        {
            if (_question is null)
                writer.Tell(waiting);
        }
    }

    /// <summary>
    /// Everything up to a number is stored. Returns what is to be journaled once more: usually nothing.
    /// </summary>
    public IReadOnlyList<IProfileEvent> Confirm(long sequenceNr)
    {
        while (_unconfirmed.TryPeek(out var waiting) && waiting.SequenceNr <= sequenceNr)
            _unconfirmed.Dequeue();
        if (IsCompared || IsOpen)
            return [];
        IsCompared = true;
        return _toRepeat;
    }

    /// <summary>Does it once tables and journal are known to be of the same moment.</summary>
    public void WhenCompared(Action then) => WhenNot(!IsCompared, then);

    /// <summary>Does it once the writer keeps up.</summary>
    public void WhenNotHeldBack(Action then) => WhenNot(IsHeldBack, then);

    /// <summary>Does what waits, unless it must wait longer.</summary>
    public void GoOn()
    {
        if (IsHeldBack || _heldBack is not { } goOn)
            return;
        _heldBack = null;
        goOn();
    }

    /// <summary>Only the latest question waits: a meter that asks again has given up its earlier one.</summary>
    private void WhenNot(bool heldBack, Action then)
    {
        if (heldBack)
            _heldBack = then;
        else
            then();
    }
}
