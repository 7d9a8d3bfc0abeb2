using System.Text;
using Iec102.Hocon;

namespace Iec102.Fleet;

/// <summary>The text of a cell and where it is.</summary>
internal readonly record struct CsvCell(string Text, HoconPosition Position);

/// <summary>
/// Splits a CSV text (RFC 4180: cells optionally in double quotes) into rows of cells, each with its position. Empty lines are skipped. The
/// cells are separated by commas, by semicolons, as where the comma is the decimal sign, or by tabs, as in columns copied from a
/// spreadsheet: by what the first line has.
/// </summary>
internal sealed class CsvText
{
    private readonly string _text;
    private readonly string _file;
    private readonly Action<HoconPosition, string> _report;
    private readonly char _separator;
    private int _index;
    private int _line = 1;
    private int _lineStart;

    private CsvText(string text, string file, Action<HoconPosition, string> report)
    {
        _text = text;
        _file = file;
        _report = report;
        _lineStart = _index = text.StartsWith('\uFEFF') ? 1 : 0;
        var firstLine = text.AsSpan(_index).TrimStart("\r\n");
        firstLine = firstLine[..(firstLine.IndexOfAny('\r', '\n') is >= 0 and var end ? end : firstLine.Length)];
        _separator = firstLine.Contains('\t') ? '\t' : firstLine.Contains(';') ? ';' : ',';
    }

    private HoconPosition Position => new(_file, _line, _index - _lineStart + 1);

    private bool AtEnd => _index >= _text.Length;

    private bool AtLineEnd => AtEnd || _text[_index] is '\n' or '\r';

    public static IReadOnlyList<IReadOnlyList<CsvCell>> Read(string text, string file, Action<HoconPosition, string> report)
    {
        var csv = new CsvText(text, file, report);
        var rows = new List<IReadOnlyList<CsvCell>>();
        while (!csv.AtEnd)
        {
            var row = csv.ReadRow();
            if (row.Exists(cell => cell.Text.Length > 0))
                rows.Add(row);
        }

        return rows;
    }

    private List<CsvCell> ReadRow()
    {
        var cells = new List<CsvCell>();
        do
        {
            cells.Add(ReadCell());
        }
        while (TryTake(_separator));

        if (!AtLineEnd)
        {
            _report(Position, "there is more text after a closing double quote; write a double quote within a cell twice.");
            while (!AtLineEnd)
                Take();
        }

        TryTake('\r');
        TryTake('\n');
        return cells;
    }

    private CsvCell ReadCell()
    {
        TakeBlanks();
        var position = Position;
        if (TryTake('"'))
            return new CsvCell(ReadQuoted(position), position);

        var start = _index;
        while (!AtLineEnd && _text[_index] != _separator)
            Take();
        return new CsvCell(_text[start.._index].Trim(), position);
    }

    private string ReadQuoted(HoconPosition position)
    {
        var content = new StringBuilder();
        while (!AtEnd)
        {
            if (!TryTake('"'))
            {
                content.Append(Take());
            }
            else if (TryTake('"'))
            {
                content.Append('"');
            }
            else
            {
                TakeBlanks();
                return content.ToString();
            }
        }

        _report(position, "the double quote that begins here is never closed.");
        return content.ToString();
    }

    private void TakeBlanks()
    {
        while (!AtEnd && _text[_index] is ' ' or '\t' && _text[_index] != _separator)
            Take();
    }

    private bool TryTake(char expected)
    {
        if (AtEnd || _text[_index] != expected)
            return false;

        Take();
        return true;
    }

    private char Take()
    {
        var c = _text[_index++];
        if (c == '\n')
        {
            _line++;
            _lineStart = _index;
        }

        return c;
    }
}
