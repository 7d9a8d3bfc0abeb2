using System.Globalization;
using Iec102.Faults.Tests.Networks;
using Iec102.Faults.Tests.Sites;
using Iec102.Faults.Tests.Soaks;

namespace Iec102.Faults.Tests;

/// <summary>What scripts/soak.sh runs. The exit status is 1 when something did not hold, and 2 when the arguments are wrong.</summary>
internal static class Program
{
    private const int LongestMinutes = 24 * 60;

    private static async Task<int> Main(string[] arguments)
    {
        if (Read(arguments) is not var (minutes, seed, cut))
        {
            await Console.Error.WriteLineAsync("Usage: scripts/soak.sh [--minutes N] [--seed S] [--cut MINUTES]");
            return 2;
        }

        if (Network.Missing is { } missing)
        {
            await Console.Error.WriteLineAsync(missing);
            return 2;
        }

        if (cut > 0)
            Console.WriteLine($"A substation cut off for {cut} min: {await Substation.CutOffAsync(TimeSpan.FromMinutes(cut))}");
        return await new Soak(TimeSpan.FromMinutes(minutes), seed, Console.Out).RunAsync() ? 0 : 1;
    }

    private static (int Minutes, int Seed, int Cut)? Read(string[] arguments)
    {
        var (minutes, seed, cut) = (5, 1, 0);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length
                || !int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return null;
            if (arguments[i] == "--minutes" && value is >= 1 and <= LongestMinutes)
                minutes = value;
            else if (arguments[i] == "--seed")
                seed = value;
            else if (arguments[i] == "--cut" && value is >= 1 and <= LongestMinutes)
                cut = value;
            else
                return null;
        }

        return (minutes, seed, cut);
    }
}
