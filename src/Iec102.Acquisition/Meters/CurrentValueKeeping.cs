using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>Which current values go to the writer: the latest from time to time, and history as often as the fleet file says.</summary>
/// <param name="meter">The meter's id.</param>
/// <param name="historyEvery">history-every of the fleet file; null when no history is kept.</param>
internal sealed class CurrentValueKeeping(string meter, TimeSpan? historyEvery)
{
    private static readonly Duration LatestEvery = Duration.FromSeconds(10);

    private readonly Duration? _historyEvery = historyEvery is { } every ? Duration.FromTimeSpan(every) : null;
    private Instant _latestAt = Instant.MinValue;
    private Instant _historyAt = Instant.MinValue;

    /// <summary>The message to the writer about values just read; null when the next values will do.</summary>
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
