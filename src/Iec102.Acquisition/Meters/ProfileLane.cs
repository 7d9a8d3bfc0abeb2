using Akka.Actor;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>Where a meter stands with one of its curves: what the meter actor remembers between the messages of the profile actor.</summary>
internal sealed class ProfileLane(Curve curve, IActorRef profile)
{
    /// <summary>The steps from being due to being stored.</summary>
    public enum Step { Waiting, Asked, Ready, OnTheWire, Storing }

    /// <summary>A profile actor that is being restarted loses what it was told: after this time the lane begins again.</summary>
    private static readonly Duration AnswerTimeout = Duration.FromSeconds(60);

    private Instant _since;

    public Curve Curve { get; } = curve;

    public IActorRef Profile { get; } = profile;

    public Step At { get; private set; }

    /// <summary>When to ask the profile actor next; means something while waiting.</summary>
    public Instant Due { get; private set; }

    /// <summary>The chunk to read, when ready, on the wire or being stored.</summary>
    public ReadChunk? Chunk { get; private set; }

    /// <summary>The serial number of a segment that the profile actor has not confirmed yet; nothing is read before.</summary>
    public uint? SegmentToBegin { get; set; }

    public bool IsDue(Instant now) => At == Step.Waiting && now >= Due;

    /// <summary>When something is to be done although no message comes.</summary>
    public Instant? WakeAt => At switch
    {
        Step.Waiting => Due,
        Step.Asked or Step.Storing => _since + AnswerTimeout,
        _ => null,
    };

    public void WaitUntil(Instant due) => (At, Due, Chunk) = (Step.Waiting, due, null);

    public void Ask(Instant now) => (At, _since) = (Step.Asked, now);

    public void MakeReady(ReadChunk chunk) => (At, Chunk) = (Step.Ready, chunk);

    public void PutOnTheWire() => At = Step.OnTheWire;

    public void Store(Instant now) => (At, _since) = (Step.Storing, now);

    /// <summary>The profile actor has not answered in time: begin again.</summary>
    public bool GiveUpWaiting(Instant now)
    {
        if (At is not (Step.Asked or Step.Storing) || now < _since + AnswerTimeout)
            return false;
        WaitUntil(now);
        return true;
    }
}
