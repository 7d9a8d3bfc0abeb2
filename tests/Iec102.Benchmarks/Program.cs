using Iec102.Benchmarks;
using Iec102.Benchmarks.Codec;
using Iec102.Benchmarks.Runtime;
using Iec102.Benchmarks.Storage;
using Iec102.Benchmarks.Wire;
using Iec102.Testing;

// Measures the promises about speed and prints the figures as a table. The exit status is 1 when a figure misses its bar or could not be
// measured, and 2 when the arguments are wrong.
var benchmarks = new SortedDictionary<string, Func<Effort, Task<IReadOnlyList<Figure>>>>(StringComparer.OrdinalIgnoreCase)
{
    ["G1"] = GatewayBenchmark.RunAsync,
    ["P1"] = DeadTimeBenchmark.RunAsync,
    ["P2"] = LineUseBenchmark.RunAsync,
    ["P4"] = CodecBenchmark.RunAsync,
    ["P5"] = StorageBenchmark.RunAsync,
    ["P7"] = StartBenchmark.RunAsync,
    ["P8"] = RuntimeBenchmark.RunAsync,
};
if (!TryParse(args, out var chosen, out var effort))
{
    Console.Error.WriteLine($"Usage: scripts/bench.sh [--only {string.Join(',', benchmarks.Keys)}] [--long]");
    return 2;
}

var machine = Machine.Describe();
Console.WriteLine(machine);
Console.WriteLine($"load before: {Machine.Load()}; runs: {(effort.IsLong ? "long" : "short, see --long")}");
var figures = new List<Figure>();
var others = new SortedDictionary<string, double?>();
var failed = false;
foreach (var name in chosen)
{
    Console.Error.WriteLine($"{name} ...");
    var disturbance = new Disturbance();
    try
    {
        figures.AddRange(await benchmarks[name](effort));
    }
    catch (Exception error)
    {
        failed = true;
        Console.Error.WriteLine($"{name}: {error.Message}");
    }

    others[name] = disturbance.Share;
}

Report.Print(Console.Out, figures, others);
Report.Write(Path.Combine(Repository.Root, "artifacts", "bench.json"), machine, effort, figures, others);
return failed || figures.Exists(figure => figure.IsKept == false) ? 1 : 0;

bool TryParse(string[] arguments, out List<string> names, out Effort effort)
{
    names = [.. benchmarks.Keys];
    effort = new Effort(IsLong: false);
    for (var i = 0; i < arguments.Length; i++)
    {
        if (arguments[i] == "--long")
            effort = new Effort(IsLong: true);
        else if (arguments[i] == "--only" && ++i < arguments.Length)
            names = [.. arguments[i].Split(',')];
        else
            return false;
    }

    return names.TrueForAll(benchmarks.ContainsKey);
}
