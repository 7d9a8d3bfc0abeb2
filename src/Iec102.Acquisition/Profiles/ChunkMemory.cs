using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// What the reading of a curve remembers from chunk to chunk and may forget at a restart: how long chunks may be, a running search for the edge, what was
/// asked in vain without proving anything, and silences.
/// </summary>
internal sealed class ChunkMemory
{
    private const int Unlimited = 1 << 20;
    private const int GoodChunksToGrow = 3;

    /// <summary>What was asked in vain, without proof that it is absent, waits so long.</summary>
    private static readonly Duration AskAgainAfter = Duration.FromHours(1);

    private readonly List<(TimeRange Range, Instant Until)> _deferred = [];
    private int _good;
    private int? _silentEpoch;

    /// <summary>The most intervals that a chunk may hold after failures, whatever the line could carry.</summary>
    public int Limit { get; private set; } = Unlimited;

    /// <summary>The search that is under way; null when there is none.</summary>
    public EdgeSearch? Search { get; set; }

    /// <summary>A chunk was read: after three of them the limit doubles.</summary>
    public void Succeeded()
    {
        _silentEpoch = null;
        if (++_good < GoodChunksToGrow)
            return;
        _good = 0;
        Limit = Math.Min(2 * Limit, Unlimited);
    }

    /// <summary>A chunk of so many intervals was cut: the next one is half as long.</summary>
    public void Failed(int intervals, bool answered)
    {
        if (answered)
            _silentEpoch = null;
        _good = 0;
        Limit = Math.Max(1, intervals / 2);
    }

    /// <summary>A request was not answered at all; true when that has now happened in two sessions.</summary>
    public bool IsSecondSilence(int epoch)
    {
        var second = _silentEpoch is { } first && first != epoch;
        _silentEpoch = second ? null : epoch;
        return second;
    }

    /// <summary>An operator does not want to wait.</summary>
    public void AskAtOnce() => _deferred.Clear();

    /// <summary>Another meter stands here: nothing of this is true of it.</summary>
    public void Forget()
    {
        _deferred.Clear();
        (_good, _silentEpoch, Limit, Search) = (0, null, Unlimited, null);
    }

    public void Defer(RangeSet ranges, Instant now) => _deferred.AddRange(ranges.Ranges.Select(range => (range, now + AskAgainAfter)));

    /// <summary>What is not asked for the time being.</summary>
    public RangeSet Deferred(Instant now)
    {
        _deferred.RemoveAll(one => one.Until <= now);
        return RangeSet.Of(_deferred.Select(one => one.Range));
    }

    /// <summary>When the first of it may be asked again; null when there is none.</summary>
    public Instant? NextDeferred() => _deferred.Count == 0 ? null : _deferred.Min(one => one.Until);
}
