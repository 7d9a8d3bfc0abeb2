using System.Globalization;

namespace Iec102.Simulation.Tests;

/// <summary>
/// Runs seeds from the command line: <c>--seeds N [--first N] [--nodes 1|2]</c> runs many, <c>--seed N</c> runs one with its trace.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        long? seed = null;
        var (first, count, nodes) = (1L, 1000, 0L);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length
                || !long.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return Usage();
            switch (arguments[i])
            {
                case "--seed":
                    seed = number;
                    break;
                case "--first":
                    first = number;
                    break;
                case "--nodes" when number is 1 or 2:
                    nodes = number;
                    break;
                case "--seeds" when number is > 0 and <= int.MaxValue:
                    count = (int)number;
                    break;
                default:
                    return Usage();
            }
        }

        return seed is { } one ? Replay(one) : RunMany(first, count, nodes);
    }

    private static int Usage()
    {
        Console.Error.WriteLine("Usage: --seed N, to see one run; or [--seeds N=1000] [--first N=1] [--nodes 1|2], to run many.");
        return 2;
    }

    private static int Replay(long seed)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput());
        var run = SimulatedRun.Of(seed, output);
        output.WriteLine(run);
        return run.Violation is null ? 0 : 1;
    }

    private static int RunMany(long first, int count, long nodes)
    {
        var seeds = Enumerable.Range(0, int.MaxValue).Select(index => first + index)
            .Where(seed => nodes == 0 || SimulatedRun.HasTwoNodes(seed) == (nodes == 2));
        var result = Campaign.Run([.. seeds.Take(count)]);
        foreach (var failure in result.Failures)
            Console.WriteLine(Campaign.Explain(failure));
        Console.WriteLine($"R1  simulation: {result.Summary}");
        Console.WriteLine($"R10  simulation: {result.Cluster}");
        Console.WriteLine($"course {result.Course}");
        return result.Failures.Count == 0 ? 0 : 1;
    }
}
