using System.Diagnostics;

namespace Iec102.Lines.Tests;

[CollectionDefinition(nameof(IdleLinesTests), DisableParallelization = true)]
public class AloneCollection;

[Collection(nameof(IdleLinesTests))]
public class IdleLinesTests
{
    private const int LinesOfEachKind = 250;

    [Fact]
    public async Task Five_hundred_idle_lines_hold_no_threads_and_answer_all_the_same()
    {
        var pairs = new List<LinePair>();
        try
        {
            // Opening the first line of each kind starts everything that the lines of a process share.
            pairs.Add(await LinePair.OverTcp());
            pairs.Add(await LinePair.OverPseudoTerminal());
            var reads = pairs.ConvertAll(pair => pair.Near.ReadAsync(new byte[1], default).AsTask());
            var before = Threads();

            for (var i = 1; i < LinesOfEachKind; i++)
            {
                pairs.Add(await LinePair.OverTcp());
                pairs.Add(await LinePair.OverPseudoTerminal());
                reads.AddRange(pairs[^2..].Select(pair => pair.Near.ReadAsync(new byte[1], default).AsTask()));
            }

            // The thread pool may add a few threads while the lines are opened.
            (Threads() - before).ShouldBeLessThan(2 * LinesOfEachKind / 20);
            reads.ShouldAllBe(read => !read.IsCompleted);

            foreach (var pair in pairs) await pair.Far.WriteAsync(new byte[] { 1 }, default).Soon();
            (await Task.WhenAll(reads).Soon()).ShouldAllBe(count => count == 1);
        }
        finally
        {
            foreach (var pair in pairs) await pair.DisposeAsync();
        }
    }

    private static int Threads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }
}
