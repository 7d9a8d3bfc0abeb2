using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// Which of the current values that are read the writer keeps: the latest, now and then, and as history as often as the fleet file says.
/// </summary>
/// <param name="meter">The meter's id.</param>
/// <param name="historyEvery">history-every of the fleet file; null when no history is kept.</param>
internal sealed class CurrentValueKeeping(string meter, TimeSpan? historyEvery)
{
    private static readonly Duration LatestEvery = Duration.FromSeconds(10);

    private readonly Duration? _historyEvery = historyEvery is { } every ? Duration.FromTimeSpan(every) : null;
    private Instant _latestAt = Instant.MinValue;
    private Instant _historyAt = Instant.MinValue;

    /// <summary>What the writer is to be told of values that were just read; null when the next ones will do.</summary>
    public StoreCurrentValues? Take(IReadOnlyList<CurrentValue> values, Instant now)
    {
        var keepsHistory = _historyEvery is { } every && now - _historyAt >= every;
        if (!keepsHistory && now - _latestAt < LatestEvery)
            return null;
        _latestAt = now;
        _historyAt = keepsHistory ? now : _historyAt;
        return new StoreCurrentValues(meter, values, keepsHistory);
    }
}
