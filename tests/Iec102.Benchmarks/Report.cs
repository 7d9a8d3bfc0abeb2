using System.Text.Json;
using System.Text.Json.Serialization;

namespace Iec102.Benchmarks;

/// <summary>Prints the figures as a table and writes them to a file.</summary>
internal static class Report
{
    private static readonly string[] Head = ["id", "what", "median", "best", "bar", "ratio", "", "runs", "of"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static void Print(TextWriter output, IReadOnlyList<Figure> figures, IReadOnlyDictionary<string, double?> others)
    {
        string[][] rows = [Head, .. figures.Select(Row)];
        var widths = Enumerable.Range(0, Head.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        var shares = others.Select(other => $"{other.Key} {other.Value?.ToString("0 %") ?? "unknown"}");
        output.WriteLine($"Meanwhile other programs used this share of the processors: {string.Join(", ", shares)}.");
        output.WriteLine("The median of the runs is judged; the best of them is shown beside it.");
    }

    public static void Write(
        string path, Machine machine, Effort effort, IReadOnlyList<Figure> figures, IReadOnlyDictionary<string, double?> others)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var report = new { At = DateTimeOffset.UtcNow, Machine = machine, effort.IsLong, ShareOfOthers = others, Figures = figures };
        File.WriteAllText(path, JsonSerializer.Serialize(report, Json) + "\n");
    }

    private static string[] Row(Figure figure) =>
    [
        figure.Promise,
        figure.What,
        $"{Percentile.Text(figure.Median)} {figure.Unit}",
        Percentile.Text(figure.Best),
        figure.Bar is { } bar ? $"{(figure.Bound == Bound.AtMost ? "<=" : ">=")} {Percentile.Text(bar)}" : "",
        figure.Ratio?.ToString("0.00") ?? "",
        figure.IsKept switch { true => "ok", false => "over", null => "" },
        $"{figure.Runs.Count}",
        figure.Sample,
    ];
}
