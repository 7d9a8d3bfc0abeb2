using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Simulator.Data;
using NodaTime;

namespace Iec102.Simulator.Meters;

/// <summary>One range of a curve that was requested.</summary>
/// <param name="Point">Measurement point.</param>
/// <param name="Type">Type of the request, 122, 123, 189 or 190.</param>
/// <param name="From">Beginning of the range as the meter understood it.</param>
/// <param name="To">End of the range as the meter understood it.</param>
/// <param name="Intervals">How many intervals have been put into frames.</param>
/// <param name="Completed">Whether the end of the series (cause 10) has been sent.</param>
public sealed record AskedRange(ushort Point, byte Type, Instant From, Instant To, int Intervals, bool Completed);

/// <summary>One change of the clock with type 181.</summary>
/// <param name="At">When it was set, in true time.</param>
/// <param name="Point">The measurement point in whose session it was set.</param>
/// <param name="Before">The time that the clock showed before.</param>
/// <param name="After">The time to which it was set.</param>
public sealed record ClockWrite(Instant At, ushort Point, Instant Before, Instant After);

/// <summary>The requests to a meter up to one moment.</summary>
/// <param name="LinkStatusRequests">FC9 frames.</param>
/// <param name="LinkResets">FC0 frames.</param>
/// <param name="Repeats">Repeated frames, answered with the last answer again.</param>
/// <param name="Logins">Sessions opened.</param>
/// <param name="RefusedLogins">Logins with a wrong key.</param>
/// <param name="Requests">Requests by type.</param>
/// <param name="Refusals">Refusals by cause.</param>
/// <param name="Intervals">Intervals served, by curve.</param>
/// <param name="Ranges">Requested ranges, by curve, oldest first.</param>
/// <param name="ForgottenRanges">Older ranges that are no longer listed.</param>
/// <param name="ClockWrites">Every time the clock was set.</param>
public sealed record MeterCounts(
    long LinkStatusRequests, long LinkResets, long Repeats, long Logins, long RefusedLogins,
    IReadOnlyDictionary<byte, long> Requests, IReadOnlyDictionary<byte, long> Refusals,
    IReadOnlyDictionary<SimulatedCurve, long> Intervals,
    IReadOnlyDictionary<SimulatedCurve, IReadOnlyList<AskedRange>> Ranges, long ForgottenRanges,
    IReadOnlyList<ClockWrite> ClockWrites);

/// <summary>Counts the requests to a meter. The counters can safely be read from another thread.</summary>
public sealed class MeterCounters
{
    private const int MaxRanges = 10_000;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<byte, long> _requests = [];
    private readonly SortedDictionary<byte, long> _refusals = [];
    private readonly SortedDictionary<SimulatedCurve, long> _intervals = [];
    private readonly SortedDictionary<SimulatedCurve, LinkedList<AskedRange>> _ranges = [];
    private readonly List<ClockWrite> _clockWrites = [];
    private long _linkStatusRequests;
    private long _linkResets;
    private long _repeats;
    private long _logins;
    private long _refusedLogins;
    private long _forgottenRanges;

    /// <summary>All counts at this moment.</summary>
    public MeterCounts Snapshot()
    {
        lock (_lock)
        {
            return new MeterCounts(
                _linkStatusRequests, _linkResets, _repeats, _logins, _refusedLogins,
                new SortedDictionary<byte, long>(_requests), new SortedDictionary<byte, long>(_refusals),
                new SortedDictionary<SimulatedCurve, long>(_intervals),
                _ranges.ToDictionary(curve => curve.Key, curve => (IReadOnlyList<AskedRange>)[.. curve.Value]), _forgottenRanges,
                [.. _clockWrites]);
        }
    }

    internal void CountFrame(ControlField control, bool repeated)
    {
        lock (_lock)
        {
            _linkStatusRequests += control.Primary == PrimaryFunction.RequestLinkStatus ? 1 : 0;
            _linkResets += control.Primary == PrimaryFunction.ResetRemoteLink ? 1 : 0;
            _repeats += repeated ? 1 : 0;
        }
    }

    internal void CountRequest(TypeIdentification type)
    {
        lock (_lock)
            Increment(_requests, (byte)type, 1);
    }

    internal void CountRefusal(CauseOfTransmission cause)
    {
        lock (_lock)
            Increment(_refusals, (byte)cause, 1);
    }

    internal void CountClockWrite(ClockWrite write)
    {
        lock (_lock)
            _clockWrites.Add(write);
    }

    internal void CountLogin(bool accepted)
    {
        lock (_lock)
        {
            _logins += accepted ? 1 : 0;
            _refusedLogins += accepted ? 0 : 1;
        }
    }

    /// <summary>Counts a new range; the returned counter counts the intervals that are served from it.</summary>
    internal AskedRangeCounter CountRange(SimulatedCurve curve, AskedRange range)
    {
        lock (_lock)
        {
            if (!_ranges.TryGetValue(curve, out var ranges))
                _ranges[curve] = ranges = [];
            ranges.AddLast(range);
            if (ranges.Count > MaxRanges)
            {
                ranges.RemoveFirst();
                _forgottenRanges++;
            }

            return new AskedRangeCounter(this, curve, ranges.Last!);
        }
    }

    private static void Increment<TKey>(SortedDictionary<TKey, long> counts, TKey key, long by) where TKey : notnull =>
        counts[key] = counts.GetValueOrDefault(key) + by;

    /// <summary>Counts the intervals that are served from one range.</summary>
    internal sealed class AskedRangeCounter(MeterCounters counters, SimulatedCurve curve, LinkedListNode<AskedRange> range)
    {
        public void Served(int intervals)
        {
            lock (counters._lock)
            {
                Increment(counters._intervals, curve, intervals);
                range.Value = range.Value with { Intervals = range.Value.Intervals + intervals };
            }
        }

        public void Completed()
        {
            lock (counters._lock)
                range.Value = range.Value with { Completed = true };
        }
    }
}
