namespace Iec102.Server.Api;

/// <summary>
/// Where the calls of the API work: on at most half of the processors together, so that lines and meters always have a thread to go on
/// with, whatever is asked for and by however many. A call that waits, for a slow client or for a meter, holds nobody up meanwhile.
/// </summary>
internal static class ApiThreads
{
    // What is awaited in a call goes on here too, because nothing in this program is told to go on elsewhere.
    private static readonly TaskFactory Calls = new(
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Math.Max(1, Environment.ProcessorCount / 2)).ConcurrentScheduler);

    /// <summary>Middleware in front of all that takes time.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next) => Calls.StartNew(() => next(context)).Unwrap();
}
