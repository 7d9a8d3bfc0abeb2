using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>Asks the writer what waits; answered by <see cref="WriterBacklog"/>.</summary>
public sealed record GetBacklog;

/// <summary>What waits to be stored.</summary>
/// <param name="Rows">About how many rows.</param>
/// <param name="FailingSince">Since when the database does not take them; null while it does.</param>
/// <param name="Problem">Why, in one sentence.</param>
public sealed record WriterBacklog(int Rows, Instant? FailingSince, string? Problem);
