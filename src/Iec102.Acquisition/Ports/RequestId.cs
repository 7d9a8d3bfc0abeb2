namespace Iec102.Acquisition.Ports;

/// <summary>
/// Tells the requests of one asker apart: whatever answers a request carries its id. Each asker numbers its own requests, so an id means
/// nothing to others.
/// </summary>
/// <param name="Number">1 for the first request of the asker, then 2, 3, ...</param>
public readonly record struct RequestId(long Number)
{
    /// <summary>The id of the asker's next request.</summary>
    public RequestId Next() => new(Number + 1);
}
