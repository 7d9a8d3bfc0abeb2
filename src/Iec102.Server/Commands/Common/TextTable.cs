using Spectre.Console;

namespace Iec102.Server.Commands.Common;

/// <summary>Results as a table: fitted to the window on a terminal, with lines never broken elsewhere.</summary>
internal static class TextTable
{
    private const int NoLimit = 1000;

    public static void Write(TextWriter output, IReadOnlyList<string> headings, IEnumerable<string[]> rows)
    {
        var terminal = new AnsiConsoleOutput(output);
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = terminal.IsTerminal ? terminal.Width : NoLimit;
        var table = new Table { Border = TableBorder.Simple };
        foreach (var heading in headings)
            table.AddColumn(new TableColumn(new Text(heading)));
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        console.Write(table);
        // The border's blank lines and the padding of the last column are not needed.
        foreach (var line in text.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0))
            output.WriteLine(line);
    }
}
