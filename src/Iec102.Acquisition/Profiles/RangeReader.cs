using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// Reads a range of a curve once, without a journal: which request comes next, and what the answers brought. Each chunk is five days of hours; the
/// request is the cheapest that the meter knows (promises P3). What a complete answer leaves out is not asked again.
/// <code>while (reader.Next() is { } chunk) reader.Take(chunk, await Ask(chunk.Request));</code>
/// </summary>
/// <param name="curve">The curve.</param>
/// <param name="record">The record that holds it, usually the curve's own.</param>
/// <param name="point">The measurement point.</param>
/// <param name="range">The interval ends wanted.</param>
/// <param name="zone">The zone of the meter's civil time.</param>
/// <param name="habit">How the meter labels summer time.</param>
public sealed class RangeReader(Curve curve, byte record, ushort point, TimeRange range, DateTimeZone zone, SummerTimeHabit habit)
{
    /// <summary>Whole frames with five blocks and with six.</summary>
    private const int ChunkIntervals = 120;

    /// <summary>Bounds keep so far away from a change of the clock: some meters take the hours around it by the wrong offset (protocol notes 3.3).</summary>
    private static readonly Duration Clear = Duration.FromHours(3);

    private readonly SortedDictionary<Instant, RecordedInterval> _intervals = [];
    private IntervalGrid _grid = IntervalGrid.Of(curve == Curve.Hourly ? 60 : 15, IntervalGrid.PhaseOf(zone, range.To));
    private ReadMethod _method = ReadMethods.First;
    private bool _isProven;
    private Instant _at = range.From;

    /// <summary>What was read, ascending.</summary>
    public IReadOnlyCollection<RecordedInterval> Intervals => _intervals.Values;

    /// <summary>How many intervals the range should have.</summary>
    public int Expected => _grid.Count(range);

    /// <summary>How many of them have been dealt with, read or not.</summary>
    public int Passed => _grid.Count(range with { To = _at });

    /// <summary>The refusal by which the meter says that it has no such curve or point; null when it did not.</summary>
    public ExchangeEnded? Refusal { get; private set; }

    /// <summary>The ends of the intervals that were expected and not read.</summary>
    public IEnumerable<Instant> Missing => _grid.Ends(range).Where(end => !_intervals.ContainsKey(end));

    /// <summary>The length of the interval that ends then, in minutes.</summary>
    public int PeriodMinutesAt(Instant end) => _grid.PeriodAt(end);

    /// <summary>The next part to ask for; null when there is none.</summary>
    public ReadChunk? Next()
    {
        var rest = range with { From = _at };
        if (Refusal is not null || _grid.Count(rest) == 0)
            return null;
        var wanted = rest with { To = Instant.Min(range.To, _grid.Advance(_at, ChunkIntervals)) };
        // Wider than wanted where the clock changes; what is too much is dropped again.
        var asked = new TimeRange(wanted.From - (IsNearChange(wanted.From) ? Clear : Duration.Zero), wanted.To + (IsNearChange(wanted.To) ? Clear : Duration.Zero));
        return new ReadChunk(curve, wanted, _method.Request(point, record, asked, zone, habit), _grid.Count(wanted));
    }

    /// <summary>Takes what a chunk brought, however its exchange ended.</summary>
    public void Take(ReadChunk chunk, ExchangeEnded ended)
    {
        var read = AnswerReader.Read(chunk, ended.Answers, zone, habit).Intervals;
        foreach (var interval in read)
            _intervals[interval.End] = interval;
        while (PeriodRule.Learn(_grid, [.. read.Select(interval => interval.End)], ended.IsCompleted, RangeSet.Empty) is { } learned)
            _grid = _grid.With(learned.Range, learned.PeriodMinutes);
        _isProven |= read.Count > 0;

        if (ended.End == ExchangeEnd.Refused)
            TakeRefusal(chunk, ended);
        else if (!ended.IsCompleted)
            PassWhatIsRead();
        else
            // Some meters cut long answers without saying so: what is behind the last row is asked by itself before it is believed to be missing.
            _at = read.Count > 0 ? read[^1].End : chunk.Range.To;
    }

    private void TakeRefusal(ReadChunk chunk, ExchangeEnded ended)
    {
        var fallback = _method.Fallback();
        switch (ended.Cause)
        {
            case CauseOfTransmission.TypeNotAvailable when fallback is { } next:
                _method = next;
                break;
            case CauseOfTransmission.TypeNotAvailable or CauseOfTransmission.RecordNotKnown or CauseOfTransmission.AddressNotKnown:
                Refusal = ended;
                break;
            case CauseOfTransmission.RecordNotAvailable or CauseOfTransmission.PeriodNotAvailable:
                _at = chunk.Range.To;
                break;
            // The object is not available, or a bare negative confirmation: of a request that never worked, the request is to blame; else the range.
            default:
                if (fallback is { } lower && !_isProven)
                    _method = lower;
                else
                    _at = chunk.Range.To;
                break;
        }
    }

    private void PassWhatIsRead()
    {
        for (var next = _grid.Next(_at); _intervals.ContainsKey(next); next = _grid.Next(_at))
            _at = next;
    }

    private bool IsNearChange(Instant instant) => zone.GetUtcOffset(instant - Clear) != zone.GetUtcOffset(instant + Clear);
}
