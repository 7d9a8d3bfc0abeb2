using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using Iec102.Contract;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Commands.Reads;

/// <summary>Lines of cells under headings.</summary>
/// <param name="Headings">The headings.</param>
/// <param name="Lines">The cells of each line.</param>
internal sealed record Rows(IReadOnlyList<string> Headings, IReadOnlyList<string[]> Lines)
{
    private static readonly CsvWriterOptions CsvShape = new() { NewLine = "\n" };

    /// <summary>A line for each item.</summary>
    public static Rows Of<T>(IReadOnlyList<string> headings, IEnumerable<T> items, Func<T, string[]> cellsOf) =>
        new(headings, [.. items.Select(cellsOf)]);

    /// <summary>The lines of a CSV file.</summary>
    public static Rows Of(CsvRows csv) => new(csv.Headings, [.. csv.Lines]);

    /// <summary>Writes them as CSV with commas and LF.</summary>
    public void WriteCsv(TextWriter output)
    {
        using var csv = CsvWriter.Create(output, CsvShape, leaveOpen: true);
        foreach (var line in Lines.Prepend([.. Headings]))
        {
            foreach (var cell in line)
                csv.WriteField(cell);
            csv.EndRecord();
        }
    }
}

/// <summary>The result of a read.</summary>
internal interface IReadOutput
{
    /// <summary>Writes the result.</summary>
    Task WriteAsync(TextWriter output, OutputFormat format);
}

/// <summary>The result of a read in each output format.</summary>
/// <param name="Tables">For people, one below the other; tables without lines are left out if any other has lines.</param>
/// <param name="Json">What is serialised.</param>
/// <param name="Csv">For programs; the headings are the names of the columns.</param>
internal sealed record ReadResult(IReadOnlyList<Rows> Tables, object Json, Rows Csv) : IReadOutput
{
    /// <summary>JSON as the REST API writes it, but on several lines.</summary>
    public static JsonSerializerOptions JsonShape { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // The plus sign of an offset is not escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <inheritdoc/>
    public Task WriteAsync(TextWriter output, OutputFormat format)
    {
        switch (format)
        {
            case OutputFormat.Json:
                output.WriteLine(JsonSerializer.Serialize(Json, JsonShape));
                break;
            case OutputFormat.Csv:
                Csv.WriteCsv(output);
                break;
            default:
                WriteTables(output);
                break;
        }

        return Task.CompletedTask;
    }

    private void WriteTables(TextWriter output)
    {
        var isFirst = true;
        foreach (var table in Tables.Any(table => table.Lines.Count > 0) ? Tables.Where(table => table.Lines.Count > 0) : Tables.Take(1))
        {
            if (!isFirst)
                output.WriteLine();
            isFirst = false;
            TextTable.Write(output, table.Headings, table.Lines);
        }
    }
}
