using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>
/// A range of a curve, read once and without a journal. Each chunk is five days of hours; the request is the cheapest that the meter knows
/// (promise P3). What a complete answer leaves out is not asked again.
/// </summary>
/// <param name="curve">The curve.</param>
/// <param name="record">The record that holds it, usually the curve's own.</param>
/// <param name="range">The interval ends wanted.</param>
/// <param name="zone">The zone of the meter's civil time.</param>
internal sealed class RangeTask(Curve curve, byte record, TimeRange range, DateTimeZone zone) : MeterTask
{
    /// <summary>Fills whole frames, whether a frame holds five or six intervals.</summary>
    private const int ChunkIntervals = 120;

    private readonly SortedDictionary<Instant, RecordedInterval> _intervals = [];
    private IntervalGrid _grid = IntervalGrid.Of(curve == Curve.Hourly ? 60 : 15, IntervalGrid.PhaseOf(zone, range.To));
    private ReadMethod _method = ReadMethods.First;
    private SummerTimeHabit _habit;
    private ReadChunk? _chunk;
    private bool _isProven;
    private Instant _at = range.From;

    public override string Name => $"its {curve.Name()} profile, record {record}";

    public override RequestClass Class => RequestClass.History;

    public override double Share => Expected == 0 ? 0 : (double)_grid.Count(range with { To = _at }) / Expected;

    /// <summary>There is nothing more to ask.</summary>
    public bool IsOver => Refusal is not null || _grid.Count(Rest) == 0;

    /// <summary>What was read, ascending.</summary>
    public IReadOnlyCollection<RecordedInterval> Intervals => _intervals.Values;

    /// <summary>How many intervals the range should have.</summary>
    public int Expected => _grid.Count(range);

    /// <summary>The chunk that was asked last; null when none was.</summary>
    public ReadChunk? Chunk => _chunk;

    /// <summary>The request that the meter answered last; null when it answered none.</summary>
    public ReadMethod? Method { get; private set; }

    /// <summary>The refusal by which the meter says that it has no such curve or point; null when it did not.</summary>
    public ExchangeEnded? Refusal { get; private set; }

    /// <summary>The ends of the intervals that were expected and not read.</summary>
    public IEnumerable<Instant> Missing => _grid.Ends(range).Where(end => !_intervals.ContainsKey(end));

    private TimeRange Rest => range with { From = _at };

    /// <summary>The length of the interval that ends then, in minutes.</summary>
    public int PeriodMinutesAt(Instant end) => _grid.PeriodAt(end);

    public override Request Next(TaskContext context)
    {
        var wanted = Rest with { To = Instant.Min(range.To, _grid.Advance(_at, ChunkIntervals)) };
        // Wider than wanted where the clock changes; the excess is dropped again.
        var asked = new TimeRange(
            wanted.From - (IsNearChange(wanted.From) ? ClockChanges.Clear : Duration.Zero),
            wanted.To + (IsNearChange(wanted.To) ? ClockChanges.Clear : Duration.Zero));
        _habit = context.Habit;
        var request = _method.Request(context.Point, record, asked, zone, _habit);
        _chunk = new ReadChunk(curve, wanted, request, _grid.Count(wanted));
        return request;
    }

    /// <summary>Takes what a chunk brought, however its exchange ended.</summary>
    public void Take(ExchangeEnded ended, Instant now)
    {
        var read = AnswerReader.Read(_chunk!, ended.Answers, zone, _habit).Intervals;
        foreach (var interval in read)
            _intervals[interval.End] = interval;
        while (PeriodRule.Learn(_grid, [.. read.Select(interval => interval.End)], ended.IsCompleted, RangeSet.Empty) is { } learned)
            _grid = _grid.With(learned.Range, learned.PeriodMinutes);
        _isProven |= read.Count > 0;

        if (ended.End == ExchangeEnd.Refused)
            TakeRefusal(ended);
        else if (!ended.IsCompleted)
            PassWhatIsRead();
        else
            // Some meters cut long answers without saying so: what is missing after the last row is asked for by itself before it is
            // believed.
            (_at, Method) = (read.Count > 0 ? read[^1].End : _chunk!.Range.To, _method);
        Due = IsOver ? Instant.MaxValue : now;
    }

    public override void TakeFailure(ExchangeEnded ended, Instant now) => Take(ended, now);

    private void TakeRefusal(ExchangeEnded ended)
    {
        switch (_method.Refused(ended.Cause, _isProven))
        {
            case RefusalMeaning.NextMethod:
                _method = _method.Fallback()!.Value;
                break;
            case RefusalMeaning.NoCurve:
                Refusal = ended;
                break;
            default:
                _at = _chunk!.Range.To;
                break;
        }
    }

    private void PassWhatIsRead()
    {
        for (var next = _grid.Next(_at); _intervals.ContainsKey(next); next = _grid.Next(_at))
            _at = next;
    }

    private bool IsNearChange(Instant instant) => ClockChanges.Near(instant, zone) is not null;
}
