using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// Narrows, by bisection, where a meter begins to have intervals. A request for (From, ..] brought nothing: either there is nothing, or the
/// meter refuses ranges of which it has only the newer part. So the start of the request is moved until requests bring rows: a request from
/// <paramref name="Lo"/> brings nothing, one from <paramref name="Hi"/> does, or <paramref name="Hi"/> is where the search ends. What is
/// older than the edge is absent.
/// </summary>
/// <param name="From">Where the first request that brought nothing began.</param>
/// <param name="Lo">A request that begins here brings nothing.</param>
/// <param name="Hi">A request that begins here brings rows, or nothing newer is looked for.</param>
/// <param name="Refusal">The cause with which the first request was refused; 0 when its answer was empty.</param>
internal sealed record EdgeSearch(Instant From, Instant Lo, Instant Hi, CauseOfTransmission Refusal)
{
    /// <summary>The request that was asked last, to tell its answer from that of another chunk.</summary>
    public TimeRange? Asked { get; init; }

    /// <summary>What the search has shown to be absent, once it is over.</summary>
    public TimeRange Absent => new(From, Hi);

    /// <summary>Whether the search is over: Lo and Hi are neighbours.</summary>
    public bool IsOver(IntervalGrid grid) => grid.Count(new TimeRange(Lo, Hi)) <= 1;

    /// <summary>The next request: half way, and as long as a chunk may be, since rows that it brings are wanted anyway.</summary>
    public TimeRange Probe(IntervalGrid grid, int maxIntervals)
    {
        var from = grid.Advance(Lo, grid.Count(new TimeRange(Lo, Hi)) / 2);
        return new TimeRange(from, Instant.Min(Hi, grid.Advance(from, maxIntervals)));
    }

    /// <summary>The request that began there brought nothing.</summary>
    public EdgeSearch Nothing(Instant from) => this with { Lo = from };

    /// <summary>
    /// The request that began there brought rows. A complete answer whose first row is not the first one asked shows the edge at once.
    /// </summary>
    public EdgeSearch Rows(Instant from, Instant firstBegins, bool complete) =>
        complete && firstBegins > from ? this with { Lo = firstBegins, Hi = firstBegins } : this with { Hi = from };
}
