using Iec102.Hocon;

namespace Iec102.Fleet;

/// <summary>One row: the meter's id, where the row begins, and the meter's settings.</summary>
internal sealed record MetersCsvRow(string Id, HoconPosition Position, HoconObject Values);

/// <summary>
/// Reads meters from a CSV file. A row becomes the same object that a section under <c>meters</c> would be, each value with its position in
/// the CSV file, so the same rules apply to both. Empty cells count as not written, also those that spreadsheets write beyond the named
/// columns.
/// </summary>
internal static class MetersCsv
{
    private static readonly string[] Columns =
    [
        "id", "port", "link_address", "point_address", "password", "preset", "meter_number", "cups", "name", "site", "group", "tags",
    ];

    /// <summary>Reads the rows of a CSV text; mistakes in its form are reported with their position.</summary>
    public static IReadOnlyList<MetersCsvRow> Read(string text, string file, Action<HoconPosition, string> report)
    {
        var rows = CsvText.Read(text, file, report);
        if (rows.Count == 0)
        {
            report(new HoconPosition(file, 1, 1), $"the file is empty; its first line names the columns: {string.Join(',', Columns)}.");
            return [];
        }

        var header = rows[0].Reverse().SkipWhile(cell => cell.Text.Length == 0).Reverse()
            .Select(cell => cell with { Text = ColumnOf(cell.Text) }).ToList();
        return CheckHeader(header, report)
            ? [.. rows.Skip(1).Select(row => ReadRow(row, header, report)).OfType<MetersCsvRow>()]
            : [];
    }

    /// <summary>The column that a heading means: capitals do not matter, and blanks and hyphens stand for underscores.</summary>
    private static string ColumnOf(string heading) => heading.ToLowerInvariant().Replace(' ', '_').Replace('-', '_');

    private static bool CheckHeader(List<CsvCell> header, Action<HoconPosition, string> report)
    {
        var good = true;
        foreach (var (name, position) in header.Where(cell => !Columns.Contains(cell.Text)))
        {
            report(position, $"the column '{name}' is unknown; the nearest known one is '{Nearest.To(name, Columns)}'.");
            good = false;
        }

        foreach (var twice in header.GroupBy(cell => cell.Text).Where(group => group.Count() > 1))
        {
            report(twice.Last().Position, $"the column '{twice.Key}' occurs twice; remove one.");
            good = false;
        }

        foreach (var missing in new[] { "id", "port" }.Where(name => header.All(cell => cell.Text != name)))
        {
            report(
                header[0].Position, $"the column '{missing}' is missing; the first line names the columns: {string.Join(',', Columns)}.");
            good = false;
        }

        return good;
    }

    private static MetersCsvRow? ReadRow(IReadOnlyList<CsvCell> row, List<CsvCell> header, Action<HoconPosition, string> report)
    {
        var beyond = row.Skip(header.Count).Where(cell => cell.Text.Length > 0).ToList();
        if (beyond.Count > 0)
        {
            report(
                beyond[0].Position,
                $"this cell is beyond the {header.Count} columns that the first line names; "
                + "put a cell that contains a comma or another separator in double quotes.");
            return null;
        }

        var cells = header.Zip(row, (column, cell) => (Column: column.Text, Cell: cell)).Where(pair => pair.Cell.Text.Length > 0).ToList();
        var id = cells.Find(pair => pair.Column == "id").Cell.Text;
        if (id is null)
        {
            report(row[0].Position, "this row has no id; write the id of the meter in the column 'id'.");
            return null;
        }

        var fields = cells.Where(pair => pair.Column != "id").Select(pair => new HoconField(
            pair.Column.Replace('_', '-'),
            pair.Cell.Position,
            new HoconScalar(pair.Cell.Text, quoted: true, pair.Cell.Position)));
        return new MetersCsvRow(id, row[0].Position, new HoconObject([.. fields], row[0].Position));
    }
}
