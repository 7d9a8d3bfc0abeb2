using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>What a <see cref="MeterDialogue"/> reports.</summary>
internal abstract record DialogueNotice
{
    private DialogueNotice()
    {
    }

    /// <summary>The meter has identified itself.</summary>
    public sealed record Identified(DeviceIdentification Identification, Instant ReadAt) : DialogueNotice;

    /// <summary>The meter's clock was read.</summary>
    public sealed record ClockTold(ClockReading Reading) : DialogueNotice;

    /// <summary>The meter's clock shows a different habit of labelling summer time from the known one.</summary>
    public sealed record HabitFound(SummerTimeHabit Habit) : DialogueNotice;

    /// <summary>Current values were read.</summary>
    public sealed record ValuesRead(IReadOnlyList<CurrentValue> Values) : DialogueNotice;

    /// <summary>A fact was read.</summary>
    public sealed record FactRead(MeterFact Fact) : DialogueNotice;

    /// <summary>The part of a wanted range that arrived before its exchange was cut; the whole range is asked for again.</summary>
    public sealed record PartRead(MeterFact Fact) : DialogueNotice;

    /// <summary>The profile actor of a curve is to be asked what to read; or, first, to begin a segment.</summary>
    public sealed record CurveDue(Curve Curve, uint? SegmentToBegin, MeterSession Session, int MaxOctets) : DialogueNotice;

    /// <summary>The exchange of a chunk has ended.</summary>
    public sealed record ChunkEnded(Curve Curve, ReadChunk Chunk, ExchangeEnded Ended, MeterSession Session) : DialogueNotice;

    /// <summary>A job has ended.</summary>
    public sealed record JobEnded(MeterJob Job) : DialogueNotice;

    /// <summary>The session requested under a ticket is open.</summary>
    public sealed record SessionReady(long Ticket, int Epoch) : DialogueNotice;

    /// <summary>The session requested under a ticket could not be opened.</summary>
    public sealed record NoSession(long Ticket, string Error) : DialogueNotice;

    /// <summary>The meter refused the login.</summary>
    public sealed record LoginRefused(string Error, Instant NextAttempt) : DialogueNotice;

    /// <summary>The meter that answers is not the expected one.</summary>
    public sealed record WrongMeterAnswers(string Error, Instant NextAttempt) : DialogueNotice;

    /// <summary>Another meter has replaced the one before, as an operator had declared.</summary>
    public sealed record Replaced(uint SerialNumber) : DialogueNotice;

    /// <summary>The meter is online.</summary>
    public sealed record WentOnline(uint? SerialNumber) : DialogueNotice;

    /// <summary>The meter had dropped the session by itself.</summary>
    public sealed record SessionDropped : DialogueNotice;

    /// <summary>The meter refuses current values.</summary>
    public sealed record ValuesRefused(string Error, Instant NextAttempt) : DialogueNotice;

    /// <summary>The meter refuses a fact.</summary>
    public sealed record FactRefused(string Name, string? Error) : DialogueNotice;

    /// <summary>The answer that brought a fact is strange.</summary>
    public sealed record FactStrange(string Alarm) : DialogueNotice;

    /// <summary>An answer did not end: the series of the meter rest.</summary>
    public sealed record SeriesRest(string? Error, Instant NextAttempt) : DialogueNotice;

    /// <summary>A clock that is off is left as it is.</summary>
    public sealed record ClockLeftOff(string Alarm) : DialogueNotice;
}
