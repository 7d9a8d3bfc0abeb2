using System.Globalization;
using Iec102.Lines.Tcp;

namespace Iec102.Fleet.Changes;

/// <summary>A meter as a row of a pasted table has it, by the keys of the fleet file.</summary>
/// <param name="Id">Its id, made from its name when the row has none.</param>
/// <param name="Values">Its values, <c>port</c> included.</param>
public sealed record PastedMeter(string Id, IReadOnlyDictionary<string, string> Values);

/// <summary>A line that is not in the fleet yet.</summary>
/// <param name="Id">An id for it, made from the address.</param>
/// <param name="Tcp">Its host and TCP port.</param>
public sealed record PastedPort(string Id, string Tcp);

/// <summary>What is wrong in a pasted table.</summary>
/// <param name="Row">The line of the text, from 1.</param>
/// <param name="Column">The column of the table, from 1.</param>
/// <param name="Sentence">What is wrong and what to do; it holds no password.</param>
public sealed record PastedProblem(int Row, int Column, string Sentence);

/// <summary>
/// Meters from a table that was copied from a spreadsheet: tabs, semicolons or commas between the cells, a heading in English or Spanish or
/// none. A row with a problem gives no meter.
/// </summary>
public sealed class PastedMeters
{
    /// <summary>The most rows.</summary>
    public const int MostRows = 1000;

    private readonly FleetConfiguration _fleet;
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Port, int Link, int Point), string> _addresses = [];
    private readonly List<PastedMeter> _meters = [];
    private readonly List<PastedPort> _ports = [];
    private readonly List<PastedProblem> _problems = [];

    private PastedMeters(FleetConfiguration fleet)
    {
        _fleet = fleet;
        foreach (var meter in fleet.Meters)
        {
            _ids[meter.Id] = "a meter of the fleet";
            _addresses[(meter.Port, meter.LinkAddress, meter.PointAddress)] = $"meter {meter.Id}";
        }
    }

    /// <summary>The meters.</summary>
    public IReadOnlyList<PastedMeter> Meters => _meters;

    /// <summary>The ports that they need and the fleet lacks.</summary>
    public IReadOnlyList<PastedPort> Ports => [.. _ports.Where(port => _meters.Exists(meter => meter.Values["port"] == port.Id))];

    /// <summary>What is wrong, by row and column.</summary>
    public IReadOnlyList<PastedProblem> Problems => _problems;

    /// <summary>The headings of columns that mean nothing here and were left out.</summary>
    public IReadOnlyList<string> Ignored { get; private set; } = [];

    /// <summary>Reads a table.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fleet">The fleet to which the meters are to be added.</param>
    public static PastedMeters Read(string text, FleetConfiguration fleet)
    {
        var pasted = new PastedMeters(fleet);
        var rows = CsvText.Read(
            text, "", (position, sentence) => pasted._problems.Add(new PastedProblem(position.Line, position.Column, sentence)));
        if (rows.Count == 0)
            return pasted;
        var keys = PastedColumns.Of(rows[0]);
        var hasHeading = pasted.IsHeading(rows, keys);
        if (hasHeading && !pasted.ReadHeading(rows[0], keys))
            return pasted;
        var begin = hasHeading ? 1 : 0;
        if (rows.Count - begin > MostRows)
            pasted._problems.Add(new PastedProblem(
                rows[begin + MostRows][0].Position.Line, 1, $"only {MostRows} rows can be read at once: paste the rest afterwards."));
        foreach (var row in rows.Skip(begin).Take(MostRows))
            new PastedRow(pasted._fleet, hasHeading ? keys : PastedColumns.Usual, row, pasted.Report).Read(pasted);
        return pasted;
    }

    /// <summary>
    /// Two known headings make a heading, since one may also be the name of a meter. So does a first row that has nothing which every meter
    /// has: no number, address, port or brand.
    /// </summary>
    private bool IsHeading(IReadOnlyList<IReadOnlyList<CsvCell>> rows, IReadOnlyList<string?> keys) =>
        keys.Count(key => key is not null) >= 2
        || (rows.Count > 1 && rows[0].Count(cell => cell.Text.Length > 0) >= 2 && !rows[0].Any(cell => IsOfMeter(cell.Text)));

    private bool IsOfMeter(string text) =>
        (text.Length > 0 && text.All(char.IsAsciiDigit)) || TcpLineOptions.TryParse(text, out _) || PastedColumns.PresetOf(text) is not null
        || _fleet.Ports.Any(port => port.Id == text);

    /// <summary>Takes the heading; when no row could be read with it, says so once, in place of each row.</summary>
    private bool ReadHeading(IReadOnlyList<CsvCell> heading, IReadOnlyList<string?> keys)
    {
        Ignored = [.. heading.Where((cell, i) => keys[i] is null && cell.Text.Length > 0).Select(cell => cell.Text)];
        var lacking = string.Join(", ", PastedColumns.Lacking(keys));
        if (lacking == "")
            return true;
        var unknown = string.Join(", ", Ignored.Select(one => $"'{one}'"));
        var column = heading.ToList().FindIndex(cell => Ignored.Contains(cell.Text));
        Report(
            heading[0].Position.Line, Math.Max(column, 0) + 1,
            unknown == ""
                ? $"the heading has no column {lacking}: the known columns are {PastedColumns.Known}."
                : $"the heading has no column {lacking}, and nothing is known of {unknown}: the known columns are {PastedColumns.Known}.");
        return false;
    }

    /// <summary>The id of the port that a cell names or whose address it is; a new one is added. Null when it is neither.</summary>
    internal string? PortOf(string text)
    {
        if (_fleet.Ports.Any(port => port.Id == text))
            return text;
        if (!TcpLineOptions.TryParse(text, out var tcp))
            return null;
        if (_fleet.Ports.FirstOrDefault(port => port.Tcp is { } known && known.EndPoint == tcp.EndPoint) is { } there)
            return there.Id;
        if (_ports.Find(port => TcpLineOptions.TryParse(port.Tcp, out var known) && known.EndPoint == tcp.EndPoint) is { } added)
            return added.Id;
        var id = Unique(
            PastedColumns.IdOf(tcp.EndPoint), made => _fleet.Ports.Any(port => port.Id == made) || _ports.Exists(port => port.Id == made));
        _ports.Add(new PastedPort(id, text));
        return id;
    }

    /// <summary>Takes an id that a row gives; returns who has it already, or null.</summary>
    internal string? TakeId(string id, int row) => _ids.TryAdd(id, $"row {Text(row)}") ? null : _ids[id];

    /// <summary>Takes an id that is made from a name; a number is added when it is taken.</summary>
    internal string MakeId(string name, int row)
    {
        var id = Unique(PastedColumns.IdOf(name), _ids.ContainsKey);
        _ids[id] = $"row {Text(row)}";
        return id;
    }

    /// <summary>Takes an address; returns who has it already, or null.</summary>
    internal string? TakeAddress(string port, int link, int point, int row) =>
        _addresses.TryAdd((port, link, point), $"row {Text(row)}") ? null : _addresses[(port, link, point)];

    internal void Add(PastedMeter meter) => _meters.Add(meter);

    private void Report(int row, int column, string sentence) => _problems.Add(new PastedProblem(row, column, sentence));

    private static string Unique(string id, Predicate<string> isTaken)
    {
        var unique = id;
        for (var i = 2; isTaken(unique); i++)
            unique = $"{id}-{Text(i)}";
        return unique;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
