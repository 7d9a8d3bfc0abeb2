using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>
/// Planner, judge and state around a <see cref="FakeMeter"/>: what the profile actor does, without actor, journal or clock.
/// </summary>
internal sealed class CurveReading
{
    private readonly ChunkPlanner _planner;
    private readonly AnswerJudge _judge;
    private ChunkMemory _memory = ChunkMemory.Empty;

    public CurveReading(FakeMeter meter, Instant now, Instant from, Curve curve = Curve.Hourly, Duration? depth = null)
    {
        (Meter, Now, meter.Newest) = (meter, now, Instant.Min(meter.Newest, now));
        Settings = new ProfileSettings(
            "m-1", curve, FakeMeter.Point, Madrid.Zone, from, depth ?? Duration.FromDays(180), Duration.FromMinutes(2));
        (_planner, _judge) = (new ChunkPlanner(Settings), new AnswerJudge(Settings));
        Session = new MeterSession(4711, meter.Habit, Duration.Zero);
        Apply(new StartSet(from, curve == Curve.Hourly ? 60 : 15, 0));
        Apply(new MeterSeen(4711));
    }

    public FakeMeter Meter { get; }

    public ProfileSettings Settings { get; }

    public Instant Now { get; set; }

    public MeterSession Session { get; set; }

    public int MaxOctets { get; set; } = 28_800;

    public ProfileState State { get; private set; } = ProfileState.Empty;

    public List<IProfileEvent> Events { get; } = [];

    public Dictionary<Instant, TotalsRow> Table { get; } = [];

    public CoverageReport Report => Counts(Expected);

    public TimeRange Expected => State.Expected(Settings.ExpectedEnd(Now, Session.ClockOffset));

    public CoverageReport Counts(TimeRange range) => State.Coverage.Report(range, State.LostTo(Now, Settings), State.Grid);

    public ReadChunk? Next()
    {
        (var chunk, _memory) = Plan();
        return chunk;
    }

    /// <summary>What the planner would do next; changes nothing.</summary>
    public Plan Plan() => FromUnchangedMemory(() => _planner.Next(State, _memory, Session, MaxOctets, Now));

    public Instant NextDue() => _planner.NextDue(State, _memory, Session.ClockOffset, Now);

    /// <summary>What the judge would conclude from the end of a chunk; changes nothing.</summary>
    public Judgement Judge(ReadChunk chunk, ExchangeEnded ended) =>
        FromUnchangedMemory(() => _judge.Judge(State, _memory, new ChunkAnswered(chunk, ended, Session), Now));

    /// <summary>Hands over the end of a chunk; returns the events that it caused.</summary>
    public IReadOnlyList<IProfileEvent> Take(ReadChunk chunk, ExchangeEnded ended)
    {
        (var events, _memory) = Judge(chunk, ended);
        foreach (var one in events)
            Apply(one);
        return events;
    }

    /// <summary>Reads until nothing is due; returns the number of requests.</summary>
    public int ReadAll(int atMost = 500)
    {
        for (var requests = 0; ; requests++)
        {
            if (Next() is not { } chunk)
                return requests;
            requests.ShouldBeLessThan(atMost, $"the reading does not come to an end; last {chunk.Range}");
            Take(chunk, Meter.Answer(chunk, Now));
        }
    }

    /// <summary>Checks that the coverage counts exactly the intervals in the table, and that their values are the meter's own.</summary>
    public void ShouldBeExact()
    {
        State.RecordedEnds().ShouldBe(Table.Keys.Where(State.IsCounted).Order());
        foreach (var (end, row) in Table)
        {
            for (var address = ObjectAddress.FirstTotal; address <= 6; address++)
                row.GetValue(address).ShouldBe(FakeMeter.ValueOf(end, address));
        }
    }

    private T FromUnchangedMemory<T>(Func<T> function)
    {
        var before = _memory with { };
        var result = function();
        _memory.ShouldBe(before);
        return result;
    }

    public void Apply(IProfileEvent one)
    {
        Events.Add(one);
        State = State.Apply(one);
        foreach (var interval in (one as IntervalsRecorded)?.Intervals ?? [])
            Table[interval.End] = interval.Row;
    }
}
