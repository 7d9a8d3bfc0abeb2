using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>
/// The reading of one curve, chunk by chunk, as its profile actor asks for it. Waits until it is due, asks the profile actor for a chunk,
/// reads the chunk, and waits until the profile actor has stored it.
/// </summary>
internal sealed class CurveTask(Curve curve) : MeterTask
{
    /// <summary>The steps from being due to being stored.</summary>
    private enum Step { Waiting, Asked, Ready, OnTheWire, Storing }

    /// <summary>A profile actor that is being restarted loses what it was sent: after this time the task begins again.</summary>
    private static readonly Duration AnswerTimeout = Duration.FromSeconds(60);

    /// <summary>
    /// What could not be stored is not read again sooner than this: a journal that only writes nothing lets its actors come back at once.
    /// </summary>
    private static readonly Duration RereadAfter = Duration.FromSeconds(5);

    private Step _step;
    private Instant _since;
    private ReadChunk? _chunk;

    public override string Name => $"its {curve.Name()} profile";

    public override RequestClass Class => RequestClass.History;

    public Curve Curve => curve;

    /// <summary>The chunk to read; may be called only when it is known.</summary>
    public ReadChunk Chunk => _chunk ?? throw new InvalidOperationException("No chunk is known.");

    /// <summary>The serial number of a segment that the profile actor has not confirmed yet; nothing is read before.</summary>
    public uint? SegmentToBegin { get; private set; }

    /// <summary>There is a chunk to read.</summary>
    public bool IsReady => _step == Step.Ready;

    /// <summary>When something is to be done although no message comes.</summary>
    public Instant WakeAt => _step switch
    {
        Step.Waiting => Due,
        Step.Asked or Step.Storing => _since + AnswerTimeout,
        // It is read as soon as nothing else is, or when a rest is over.
        Step.Ready => Instant.MinValue,
        _ => Instant.MaxValue,
    };

    public override Request Next(TaskContext context)
    {
        _step = Step.OnTheWire;
        return Chunk.Request;
    }

    /// <summary>The profile actor is to be asked.</summary>
    public bool IsToBeAsked(Instant now) => _step == Step.Waiting && now >= Due;

    public void WaitUntil(Instant due) => (_step, Due, _chunk) = (Step.Waiting, due, null);

    /// <summary>Another meter stands here: a new segment begins before anything is read.</summary>
    public void BeginSegment(uint serial, Instant now)
    {
        SegmentToBegin = serial;
        WaitUntil(now);
    }

    public void Ask(Instant now) => (_step, _since) = (Step.Asked, now);

    /// <summary>The profile actor has answered with a chunk.</summary>
    public void MakeReady(ReadChunk chunk)
    {
        if (_step == Step.Asked)
            (_step, _chunk) = (Step.Ready, chunk);
    }

    /// <summary>The profile actor has nothing to read before this moment.</summary>
    public void NothingBefore(Instant due)
    {
        if (_step == Step.Asked)
            WaitUntil(due);
    }

    /// <summary>The profile actor has begun the segment.</summary>
    public void SegmentBegun(Instant now)
    {
        if (_step != Step.Asked)
            return;
        SegmentToBegin = null;
        WaitUntil(now);
    }

    /// <summary>The chunk is handed to the profile actor, however its exchange ended.</summary>
    public void Store(Instant now) => (_step, _since) = (Step.Storing, now);

    /// <summary>The profile actor has stored the chunk.</summary>
    public void Stored(Instant now)
    {
        if (_step == Step.Storing)
            WaitUntil(now);
    }

    /// <summary>There is something to read before the time that the profile actor gave.</summary>
    public void DueNow(Instant now)
    {
        if (_step == Step.Waiting)
            WaitUntil(now);
    }

    /// <summary>The profile actor was started again, and no longer knows what it was asked or given.</summary>
    public void AskAgain(Instant now)
    {
        if (_step == Step.Asked)
            WaitUntil(now);
        else if (_step == Step.Storing)
            WaitUntil(Instant.Max(now, _since + RereadAfter));
    }

    /// <summary>
    /// The profile actor named a time of day. It stays; but when the clock is set back, an earlier interval may be the next one. Answers of
    /// the profile actor are waited for as long as before.
    /// </summary>
    public override void ClockStepped(Duration by, Instant now)
    {
        _since = _step is Step.Asked or Step.Storing ? _since + by : _since;
        if (_step == Step.Waiting && by < Duration.Zero)
            WaitUntil(now);
    }

    /// <summary>Begins again when the profile actor has not answered in time.</summary>
    public void GiveUpWaiting(Instant now)
    {
        if (_step is Step.Asked or Step.Storing && now >= _since + AnswerTimeout)
            WaitUntil(now);
    }
}
