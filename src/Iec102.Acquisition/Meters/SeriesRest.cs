using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// How long the series of a meter, its curves and lists, are left alone because an answer of it did not end. Such an answer holds the line
/// until it is cut, so the meter is put behind the others: 5 min, then twice as long each time, up to an hour.
/// </summary>
internal sealed class SeriesRest
{
    private static readonly Backoff Pauses = Backoff.Doubling(TimeSpan.FromMinutes(5), TimeSpan.FromHours(1));

    private int _times;

    /// <summary>No series is asked for before this moment.</summary>
    public Instant Until { get; private set; } = Instant.MinValue;

    /// <summary>Our clock was set by this much: the rest lasts as long as before.</summary>
    public void ClockStepped(Duration by) => Until = Until > Instant.MinValue ? Until + by : Until;

    /// <summary>Takes the end of an exchange; true when a rest begins.</summary>
    public bool Take(ExchangeEnded ended, Instant now)
    {
        if (ended.End == ExchangeEnd.Excess)
        {
            Until = now + Duration.FromTimeSpan(Pauses.After(_times++));
            return true;
        }

        if (ended.IsCompleted && ended.Request.Pattern == ConversationPattern.ReadSeries)
            _times = 0;
        return false;
    }
}
