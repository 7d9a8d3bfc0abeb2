using System.Collections.Immutable;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// What the reading of a curve remembers from chunk to chunk and may forget at a restart: how long chunks may be, a running search for the
/// edge, what was asked in vain without proving anything, and silences. Immutable: planner and judge take one and return the next.
/// </summary>
internal sealed record ChunkMemory
{
    private const int Unlimited = 1 << 20;
    private const int GoodChunksToGrow = 3;

    /// <summary>How long a range rests after it was asked for in vain, without proof that it is absent.</summary>
    private static readonly Duration AskAgainAfter = Duration.FromHours(1);

    /// <summary>The memory of a meter that has not been asked for anything yet.</summary>
    public static ChunkMemory Empty { get; } = new();

    private ImmutableList<(TimeRange Range, Instant Until)> Waiting { get; init; } = [];

    /// <summary>Chunks read since the limit was last changed.</summary>
    private int Good { get; init; }

    /// <summary>The session in which a request was not answered at all; null when the last request was answered.</summary>
    private int? SilentEpoch { get; init; }

    /// <summary>The most intervals that a chunk may hold after failures, whatever the line could carry.</summary>
    public int Limit { get; private init; } = Unlimited;

    /// <summary>The search that is under way; null when there is none.</summary>
    public EdgeSearch? Search { get; init; }

    /// <summary>A chunk was read: after three of them the limit doubles.</summary>
    public ChunkMemory Succeeded() => Good + 1 < GoodChunksToGrow
        ? this with { SilentEpoch = null, Good = Good + 1 }
        : this with { SilentEpoch = null, Good = 0, Limit = Math.Min(2 * Limit, Unlimited) };

    /// <summary>A chunk of this many intervals was cut: the next one is half as long.</summary>
    public ChunkMemory Failed(int intervals, bool answered) =>
        this with { SilentEpoch = answered ? null : SilentEpoch, Good = 0, Limit = Math.Max(1, intervals / 2) };

    /// <summary>A request of this session was not answered at all, and neither was the last one of an earlier session.</summary>
    public bool IsSecondSilence(int epoch) => SilentEpoch is { } first && first != epoch;

    /// <summary>A request of this session was not answered at all.</summary>
    public ChunkMemory Silent(int epoch) => this with { SilentEpoch = IsSecondSilence(epoch) ? null : epoch };

    /// <summary>An operator wants everything asked for now: no range rests any more.</summary>
    public ChunkMemory AskAtOnce() => this with { Waiting = [] };

    /// <summary>For an hour these ranges are not asked for.</summary>
    public ChunkMemory Defer(RangeSet ranges, Instant now) =>
        this with { Waiting = [.. Resting(now), .. ranges.Ranges.Select(range => (range, now + AskAgainAfter))] };

    /// <summary>The ranges that are not asked for the time being.</summary>
    public RangeSet Deferred(Instant now) => RangeSet.Of(Resting(now).Select(one => one.Range));

    /// <summary>When the first of the ranges that rest may be asked again; null when none rests.</summary>
    public Instant? NextDeferred(Instant now) => Resting(now).Min(one => (Instant?)one.Until);

    /// <summary>What would rest longer than it ever does was put aside before the clock was set back, and rests no more.</summary>
    private IEnumerable<(TimeRange Range, Instant Until)> Resting(Instant now) =>
        Waiting.Where(one => one.Until > now && one.Until <= now + AskAgainAfter);
}
