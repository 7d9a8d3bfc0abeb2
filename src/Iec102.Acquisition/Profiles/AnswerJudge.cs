using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>What the judge has concluded.</summary>
/// <param name="Events">What to journal, in this order.</param>
/// <param name="Memory">What is to be remembered, whether or not anything is journaled.</param>
internal readonly record struct Judgement(IReadOnlyList<IProfileEvent> Events, ChunkMemory Memory);

/// <summary>
/// What the end of a chunk proves (architecture, "Recording a curve"), as events to be journaled. Whatever arrived is recorded, however the
/// exchange ended. Only an answer that is complete, or a refusal, says that something is absent, and only when the meter's clock agrees
/// with ours.
/// </summary>
internal sealed class AnswerJudge(ProfileSettings settings)
{
    /// <summary>Looking back this far before a chunk is enough to recognise any period.</summary>
    private static readonly Duration PeriodsFrom = Duration.FromHours(5);

    /// <summary>What follows from a chunk's end.</summary>
    public Judgement Judge(ProfileState state, ChunkMemory memory, ChunkAnswered answered, Instant now)
    {
        var (chunk, ended, session) = answered;
        if (state.SerialNumber is null || !state.IsOf(session.SerialNumber))
            return new Judgement([], memory);

        var content = AnswerReader.Read(chunk, ended.Answers, settings.Zone, session.Habit);
        var verdict = new Verdict(state, memory, answered, content, now);
        LearnPeriods(verdict);
        RecordIntervals(verdict);
        switch (ended.End)
        {
            case ExchangeEnd.Completed:
                verdict.Memory = memory.Succeeded();
                if (content.Intervals.Count > 0)
                    LeftOut(verdict);
                else
                    Nothing(verdict, 0);
                break;
            case ExchangeEnd.Refused when content.Intervals.Count == 0:
                Refused(verdict);
                break;
            case var _ when ended.EndedAt <= ended.StartedAt && ended.Answers.Count == 0:
                // It was never sent: that says nothing about the chunk.
                break;
            default:
                Cut(verdict);
                break;
        }

        return new Judgement(verdict.Events, verdict.Memory);
    }

    /// <summary>A live chunk holds only an interval or two, so the stored ones before it are looked at together with them.</summary>
    private static void LearnPeriods(Verdict verdict)
    {
        var (state, begin) = (verdict.State, verdict.Chunk.Range.From);
        if (verdict.Content.Intervals.Count == 0)
            return;
        var ends = state.Coverage
            .Held(new TimeRange(begin - PeriodsFrom, begin), state.Grid)
            .Concat(verdict.Content.Intervals.Select(one => one.End))
            .ToList();
        while (PeriodRule.Learn(verdict.State.Grid, ends, verdict.Ended.IsCompleted, verdict.State.Coverage.Recorded) is { } learned)
            verdict.Add(new PeriodLearned(learned.Range, learned.PeriodMinutes));
    }

    /// <summary>Journals what is not recorded yet, and what an operator wanted reread: one event for each period among them.</summary>
    private static void RecordIntervals(Verdict verdict)
    {
        var (state, request) = (verdict.State, verdict.Chunk.Request.Header);
        var coverage = state.Coverage;
        var wanted = verdict.Content.Intervals.Where(
            interval => !coverage.Holds(interval.End, state.Grid) || coverage.Reread.Contains(interval.End));
        foreach (var group in wanted.GroupBy(interval => state.Grid.PeriodAt(interval.End)))
        {
            verdict.Add(new IntervalsRecorded(
                state.SerialNumber!.Value, request.RecordAddress, request.Type, group.Key, verdict.Ended.EndedAt, [.. group]));
        }

        if (verdict.Content.Intervals.Count > 0 && verdict.State.Unsupported is not null)
            verdict.Add(new SupportLearned(0, verdict.Now));
    }

    /// <summary>The answer is complete and has rows: what it leaves out is absent.</summary>
    private static void LeftOut(Verdict verdict)
    {
        var (grid, asked) = (verdict.State.Grid, verdict.Chunk.Range);
        var first = grid.Previous(verdict.Content.Intervals[0].End);
        var last = verdict.Content.Intervals[^1].End;
        var left = verdict.Unanswered();
        // Some meters cut long answers without saying so. What is missing after the last row is asked for by itself before it is believed
        // to be absent.
        if (grid.Count(new TimeRange(last, asked.To)) > 1)
            left = left.Intersect(asked with { To = last });
        Settle(verdict, left, 0);
        if (verdict.Search is { } search && search.Asked == asked)
            Continue(verdict, search.Rows(asked.From, first, complete: true));
    }

    /// <summary>A range brought nothing: it is narrowed by bisection, never interval by interval.</summary>
    private void Nothing(Verdict verdict, CauseOfTransmission refusal)
    {
        var asked = verdict.Chunk.Range;
        if (!verdict.IsProof)
        {
            verdict.Search = null;
            Settle(verdict, verdict.Unanswered(), refusal);
        }
        else if (verdict.Search is { } search && search.Asked == asked)
        {
            Continue(verdict, search.Nothing(asked.From));
        }
        else
        {
            Continue(verdict, new EdgeSearch(asked.From, asked.From, SearchEnd(verdict), refusal));
        }
    }

    /// <summary>
    /// A meter overwrites its oldest intervals first. So when nothing older is recorded, the edge is looked for up to the first interval
    /// that is known, and all before it is absent. In the middle of history, and when absent intervals are asked again, the search stays
    /// within what was asked and misses nothing.
    /// </summary>
    private Instant SearchEnd(Verdict verdict)
    {
        var (state, asked) = (verdict.State, verdict.Chunk.Range);
        var known = state.Coverage.Recorded.Union(RangeSet.Of(state.Coverage.Absent.Select(absent => absent.Range)));
        if (!state.Coverage.Recorded.Intersect(new TimeRange(state.SegmentFrom, asked.From)).IsEmpty
            || !known.Intersect(asked).IsEmpty || !state.Coverage.Reread.Intersect(asked).IsEmpty)
            return asked.To;
        var newer = known.Ranges.FirstOrDefault(range => range.To > asked.To);
        var end = newer == default ? state.Expected(settings.ExpectedEnd(verdict.Now, verdict.Session.ClockOffset)).To : newer.From;
        return Instant.Max(asked.To, end);
    }

    private static void Continue(Verdict verdict, EdgeSearch search)
    {
        verdict.Search = search.IsOver(verdict.State.Grid) ? null : search;
        if (verdict.Search is null && verdict.State.Grid.Count(search.Absent) > 0)
            Settle(verdict, RangeSet.Of(search.Absent), search.Refusal);
    }

    /// <summary>Journals what the answer left out; without proof it is only asked for again later.</summary>
    private static void Settle(Verdict verdict, RangeSet left, CauseOfTransmission refusal)
    {
        if (verdict.State.Grid.Count(left) == 0)
            return;
        if (!verdict.IsProof)
            verdict.Memory = verdict.Memory.Defer(left, verdict.Now);
        if (verdict.IsProof || !verdict.State.Coverage.Reread.Intersect(left).IsEmpty)
            verdict.Add(new RangesLeftOut(left, verdict.Now, refusal, verdict.IsProof));
    }

    private void Refused(Verdict verdict)
    {
        var (cause, method) = (verdict.Ended.Cause, verdict.State.Method);
        switch (method.Refused(cause, verdict.State.IsMethodProven))
        {
            case RefusalMeaning.NextMethod:
                verdict.Add(new MethodChosen(method.Fallback()!.Value));
                break;
            case RefusalMeaning.NoCurve:
                verdict.Search = null;
                verdict.Add(new SupportLearned(cause, verdict.Now));
                break;
            default:
                Nothing(verdict, cause);
                break;
        }
    }

    /// <summary>
    /// A cut answer proves nothing beyond what arrived; but a request that this meter never answers, while it answers others, is given up.
    /// </summary>
    private static void Cut(Verdict verdict)
    {
        var (ended, state) = (verdict.Ended, verdict.State);
        verdict.Memory = verdict.Memory.Failed(verdict.Chunk.ExpectedIntervals, ended.Answers.Count > 0);
        if (verdict.Content.Intervals.Count > 0 && verdict.Search is { } search && search.Asked == verdict.Chunk.Range)
            Continue(verdict, search.Rows(search.Asked.Value.From, default, complete: false));

        var silent = ended.Answers.Count == 0 && verdict.Session.ClockOffset is not null
            && ended.End is ExchangeEnd.NoAnswer or ExchangeEnd.Expired;
        if (!silent || state.IsMethodProven)
            return;
        if (verdict.Memory.IsSecondSilence(ended.Epoch))
            verdict.Add(new MethodChosen(state.Method.Fallback() ?? ReadMethods.First));
        verdict.Memory = verdict.Memory.Silent(ended.Epoch);
    }

    /// <summary>A chunk's end while it is judged: each event is applied at once, so that the next conclusion builds on it.</summary>
    private sealed class Verdict(ProfileState state, ChunkMemory memory, ChunkAnswered answered, AnswerContent content, Instant now)
    {
        public List<IProfileEvent> Events { get; } = [];

        public ProfileState State { get; private set; } = state;

        public ChunkMemory Memory { get; set; } = memory;

        public EdgeSearch? Search
        {
            get => Memory.Search;
            set => Memory = Memory with { Search = value };
        }

        public ReadChunk Chunk => answered.Chunk;

        public ExchangeEnded Ended => answered.Ended;

        public MeterSession Session => answered.Session;

        public AnswerContent Content => content;

        public Instant Now => now;

        /// <summary>
        /// Whether what the answer leaves out is absent: all of the answer was readable, and the meter's clock can be relied on.
        /// </summary>
        public bool IsProof => content.Rejected == 0 && ClockTrust.Believes(Session.ClockOffset);

        public void Add(IProfileEvent @event)
        {
            Events.Add(@event);
            State = State.Apply(@event);
        }

        /// <summary>What was asked and is still wanted.</summary>
        public RangeSet Unanswered() => State.Coverage.Open(Chunk.Range).Union(State.Coverage.Reread.Intersect(Chunk.Range));
    }
}
