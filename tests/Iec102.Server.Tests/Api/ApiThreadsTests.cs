using Iec102.Server.Api;
using Microsoft.AspNetCore.Http;

namespace Iec102.Server.Tests.Api;

/// <summary>Where calls of the API work.</summary>
public sealed class ApiThreadsTests
{
    [Fact]
    public async Task Calls_that_work_leave_half_of_the_processors_to_the_lines_before_and_after_they_wait()
    {
        var (working, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => ApiThreads.InvokeAsync(new DefaultHttpContext(), async _ =>
        {
            Work();
            await Task.Yield();
            Work();
        })));
        most.ShouldBeInRange(1, Math.Max(1, Environment.ProcessorCount / 2));

        void Work()
        {
            var now = Interlocked.Increment(ref working);
            InterlockedMax(now);
            Thread.SpinWait(20_000);
            Interlocked.Decrement(ref working);
        }

        void InterlockedMax(int now)
        {
            for (var seen = most; now > seen; seen = most)
                Interlocked.CompareExchange(ref most, now, seen);
        }
    }
}
