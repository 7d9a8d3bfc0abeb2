using Iec102.Hocon;

namespace Iec102.Fleet.Changes;

/// <summary>Writes new entries into a text in the manner of what is already there: its line ends and its indentation.</summary>
internal static class FleetLines
{
    private const string Unit = "  ";
    private const int LongestLine = 110;

    /// <summary>Writes entries at the end of a block.</summary>
    /// <param name="text">The text.</param>
    /// <param name="layout">Where its values are written.</param>
    /// <param name="block">The block.</param>
    /// <param name="within">The keys that lead from the block to the object of the entries.</param>
    /// <param name="entries">The entries.</param>
    public static string Insert(
        string text, HoconLayout layout, HoconBlock block, string[] within, IReadOnlyList<FleetEntry> entries)
    {
        var newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var indent = IndentWithin(text, layout, block);
        IEnumerable<string> lines = within.Length == 0
            ? entries.SelectMany(entry => Write(entry, indent))
            : Write(HoconPath.Join(within), entries, indent);
        var written = string.Concat(lines.Select(line => line + newLine));
        if (!block.HasBraces)
        {
            var space = text.Length == 0 ? "" : text.EndsWith('\n') ? newLine : newLine + newLine;
            return text + space + written;
        }

        var end = block.End;
        while (end > block.Start && text[end - 1] is ' ' or '\t')
            end--;
        return text[end - 1] == '\n'
            ? $"{text[..end]}{written}{text[end..]}"
            : $"{text[..end]}{newLine}{written}{IndentOfLine(text, block.Start)}{text[block.End..]}";
    }

    private static IEnumerable<string> Write(FleetEntry entry, string indent) =>
        entry.Value is not null || indent.Length + entry.OnOneLine.Length <= LongestLine
            ? [indent + entry.OnOneLine]
            : Write(HoconPath.Join([entry.Key]), entry.Fields, indent);

    private static IEnumerable<string> Write(string key, IEnumerable<FleetEntry> entries, string indent) =>
        [$"{indent}{key} {{", .. entries.SelectMany(entry => Write(entry, indent + Unit)), $"{indent}}}"];

    /// <summary>The indentation of the first entry that has a line of its own; without one, a step more than that of the block.</summary>
    private static string IndentWithin(string text, HoconLayout layout, HoconBlock block)
    {
        if (layout.Values.Where(value => value.Start >= block.Start && value.End <= block.End).MinBy(value => value.Start) is { } first
            && LineOf(text, first.Start) >= block.Start)
        {
            return IndentOfLine(text, first.Start);
        }

        return block.HasBraces ? IndentOfLine(text, block.Start) + Unit : "";
    }

    private static string IndentOfLine(string text, int at)
    {
        var begin = LineOf(text, at);
        var end = begin;
        while (end < text.Length && text[end] is ' ' or '\t')
            end++;
        return text[begin..end];
    }

    private static int LineOf(string text, int at) => text.LastIndexOf('\n', Math.Max(0, at - 1)) + 1;
}
