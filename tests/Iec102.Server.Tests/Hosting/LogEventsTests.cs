using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Akka.Event;
using Iec102.Acquisition;
using Iec102.Acquisition.Alarms;
using Iec102.Cluster;
using Iec102.Server.Api;
using Iec102.Server.Deliveries;
using Iec102.Testing;

namespace Iec102.Server.Tests.Hosting;

/// <summary>Compares the lists of log events with the calls that log them, and with the table that explains them to operators.</summary>
public sealed partial class LogEventsTests
{
    private const string Page = "docs/operations.md";
    private const string TableBegins =
        "<!-- The table is made from LogEvents.cs, NodeEvents.cs and AlarmEvents.cs: scripts/test.sh --update. -->\n";
    private const string TableEnds = "<!-- End of the table. -->\n";

    private static readonly IReadOnlyList<Type> Lists =
        [typeof(LogEvents), typeof(NodeEvents), typeof(AlarmEvents), typeof(DeliveryEvents), typeof(ApiEvents)];

    private static readonly IReadOnlyList<FieldInfo> Events =
        [.. Lists.SelectMany(list => list.GetFields(BindingFlags.Public | BindingFlags.Static))];

    [Fact]
    public void The_server_logs_the_events_of_the_list_at_their_levels_with_a_value_for_each_hole_and_nothing_else()
    {
        var logged = new HashSet<string>();
        var wrong = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories))
        {
            var code = File.ReadAllText(file);
            foreach (Match call in LogCall().Matches(code))
            {
                var arguments = ArgumentsFrom(code, call.Index + call.Length);
                var at = arguments.FindIndex(argument => Lists.Any(list => argument.StartsWith($"{list.Name}.", StringComparison.Ordinal)));
                var name = at < 0 ? "" : arguments[at].Split('.')[1];
                logged.Add(name);
                var known = Events.FirstOrDefault(one => one.Name == name);
                if (known is null || $"{call.Groups["level"]}Level" != $"{LevelOf(known)}"
                    || arguments.Count - at - 1 != Hole().Count(TemplateOf(known)))
                {
                    wrong.Add($"{Path.GetFileName(file)}: {call.Value}{string.Join(", ", arguments)})");
                }
            }
        }

        wrong.ShouldBeEmpty();
        Events.Select(one => one.Name).Except(logged).ShouldBeEmpty();
    }

    [Fact]
    public void No_two_events_have_one_text_since_a_line_gets_its_name_by_it() =>
        Events.Select(TemplateOf).ShouldBeUnique();

    [Fact]
    public void The_table_in_the_operations_guide_is_the_list()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, Page));
        var begin = page.IndexOf(TableBegins, StringComparison.Ordinal) + TableBegins.Length;
        var end = page.IndexOf(TableEnds, StringComparison.Ordinal);
        end.ShouldBeGreaterThanOrEqualTo(begin);
        CheckedPage.Check(Page, page[..begin] + Table() + page[end..]);
    }

    private static string Table()
    {
        var summaries = Lists.Select(list => Path.ChangeExtension(list.Assembly.Location, ".xml")).Distinct()
            .SelectMany(file => XDocument.Load(file).Descendants("member"))
            .ToDictionary(member => member.Attribute("name")!.Value, member => OneLine(member.Element("summary")?.Value ?? ""));
        var rows = Events.Select(one =>
        {
            var level = $"{LevelOf(one)}"[..^"Level".Length].ToLowerInvariant();
            var meaning = summaries[$"F:{one.DeclaringType}.{one.Name}"];
            return $"| `{one.Name}` | `{Hole().Replace(TemplateOf(one), "{$1}")}` | {level} | {meaning} |\n";
        });
        return $"| event | line | level | what it means, and what to do |\n|---|---|---|---|\n{string.Concat(rows)}";
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The arguments of a call, up to its closing parenthesis.</summary>
    private static List<string> ArgumentsFrom(string code, int start)
    {
        var arguments = new List<string>();
        var (depth, isText) = (0, false);
        for (var at = start; ; at++)
        {
            if (code[at] == '"' && code[at - 1] != '\\')
                isText = !isText;
            if (isText)
                continue;
            if (depth == 0 && code[at] is ',' or ')')
            {
                arguments.Add(code[start..at].Trim());
                start = at + 1;
            }

            if (code[at] is '(' or '[' or '{')
                depth++;
            else if (code[at] is ')' or ']' or '}' && depth-- == 0)
                return arguments;
        }
    }

    private static string TemplateOf(FieldInfo one) => (string)one.GetRawConstantValue()!;

    private static LogLevel LevelOf(FieldInfo one) => one.GetCustomAttribute<LoggedAtAttribute>()!.Level;

    [GeneratedRegex(@"\b_?(log|logger)\.(?<level>Debug|Info|Warning|Error|Log\w*)\(", RegexOptions.IgnoreCase)]
    private static partial Regex LogCall();

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Hole();
}
