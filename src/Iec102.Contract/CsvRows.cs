using System.Text;
using CsvHelper;

namespace Iec102.Contract;

/// <summary>The lines of a CSV file, which are made while they are written.</summary>
/// <param name="Headings">The names of the columns.</param>
/// <param name="Lines">The cells of each line; they can be enumerated only once.</param>
public sealed record CsvRows(IReadOnlyList<string> Headings, IEnumerable<string[]> Lines)
{
    private static readonly CsvWriterOptions Shape = new() { NewLine = "\n" };

    /// <summary>A line for each item.</summary>
    public static CsvRows Of<T>(IReadOnlyList<string> headings, IEnumerable<T> items, Func<T, string[]> cellsOf) =>
        new(headings, items.Select(cellsOf));

    /// <summary>The same lines with the same cells at the end of each.</summary>
    public CsvRows With(IReadOnlyList<string> headings, string[] cells) =>
        new([.. Headings, .. headings], Lines.Select(line => (string[])[.. line, .. cells]));

    /// <summary>Writes them as UTF-8 with commas and LF; the stream stays open.</summary>
    public async Task WriteAsync(Stream output, bool withHeadings, CancellationToken ct)
    {
        var text = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await using (text)
        {
            var csv = CsvWriter.Create(text, Shape, leaveOpen: true);
            await using (csv)
            {
                foreach (var line in withHeadings ? Lines.Prepend([.. Headings]) : Lines)
                {
                    foreach (var cell in line)
                        csv.WriteField(cell);
                    await csv.EndRecordAsync(ct);
                }
            }
        }
    }
}
