using System.Globalization;

namespace Iec102.Simulation.Tests;

/// <summary>Runs seeds from the command line: <c>--seeds N [--first N]</c> runs many, <c>--seed N</c> runs one with its trace.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        long? seed = null;
        var (first, count) = (1L, 1000);
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
                case "--seeds" when number is > 0 and <= int.MaxValue:
                    count = (int)number;
                    break;
                default:
                    return Usage();
            }
        }

        return seed is { } one ? Replay(one) : RunMany(first, count);
    }

    private static int Usage()
    {
        Console.Error.WriteLine("Usage: --seed N, to see one run; or [--seeds N=1000] [--first N=1], to run many.");
        return 2;
    }

    private static int Replay(long seed)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput());
        var run = SimulatedRun.Of(seed, output);
        output.WriteLine(run);
        return run.Violation is null ? 0 : 1;
    }

    private static int RunMany(long first, int count)
    {
        var result = Campaign.Run(first, count);
        foreach (var failure in result.Failures)
            Console.WriteLine(Campaign.Explain(failure));
        Console.WriteLine($"R1  simulation: {result.Summary}");
        Console.WriteLine($"course {result.Course}");
        return result.Failures.Count == 0 ? 0 : 1;
    }
}
