namespace Iec102.Acquisition.Meters;

/// <summary>Which current values go to the writer: the latest from time to time, and history as often as the fleet file says.</summary>
/// <param name="meter">The meter's id.</param>
/// <param name="historyEvery">history-every of the fleet file; null when no history is kept.</param>
internal sealed class CurrentValueKeeping(string meter, TimeSpan? historyEvery)
{
    private static readonly TimeSpan LatestEvery = TimeSpan.FromSeconds(10);

    private TimeSpan? _latestAt;
    private TimeSpan? _historyAt;

    /// <summary>The message to the writer about values just read; null when the next values will do.</summary>
    /// <param name="values">The values.</param>
    /// <param name="now">Monotonic time.</param>
    public StoreCurrentValues? Take(IReadOnlyList<CurrentValue> values, TimeSpan now)
    {
        var keepsHistory = historyEvery is { } every && !(now - _historyAt < every);
        if (!keepsHistory && now - _latestAt < LatestEvery)
            return null;
        _latestAt = now;
        _historyAt = keepsHistory ? now : _historyAt;
        return new StoreCurrentValues(meter, values, keepsHistory);
    }
}
