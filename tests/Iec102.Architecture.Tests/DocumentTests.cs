using System.Text.RegularExpressions;
using Iec102.Testing;

namespace Iec102.Architecture.Tests;

/// <summary>The repository's documents: what they link to and what code comments cite exists, and their lines fit a screen.</summary>
public sealed partial class DocumentTests
{
    private const int MarkdownWidth = 120;

    private static readonly IReadOnlyList<MarkdownPage> Pages = MarkdownPage.All();

    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading_that_exist()
    {
        Pages.SelectMany(page => page.Links().Where(link => !Leads(page, link)).Select(link => $"{page.Path}: {link}")).ShouldBeEmpty();
        Pages.Sum(page => page.Links().Count()).ShouldBeGreaterThan(300, "else the links are not found at all");
    }

    [Fact]
    public void Every_file_that_a_page_names_exists()
    {
        // The changelog and the decisions may mention files that no longer exist.
        var pages = Pages.Where(page => page.Path != "CHANGELOG.md" && !page.Path.StartsWith("docs/decisions/", StringComparison.Ordinal));

        var missing = pages.SelectMany(page => NamedFile().Matches(page.Text).Select(match => match.Groups["path"].Value)
            .Where(path => !Path.Exists(Path.Combine(Repository.Root, path))).Select(path => $"{page.Path}: {path}"));

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Every_promise_that_is_cited_stands_in_its_page()
    {
        var headings = Page("docs/promises.md").Headings.Select(heading => heading.Split(':')[0]).ToHashSet();

        Citations(Promise()).Where(citation => !headings.Contains(citation.Cited)).ShouldBeEmpty();
        headings.ShouldContain("R1");
    }

    [Fact]
    public void Every_section_of_the_protocol_notes_that_is_cited_exists()
    {
        var sections = Page("docs/protocol.md").Headings.Select(heading => heading.Split(' ')[0].TrimEnd('.')).ToHashSet();
        var cited = Citations(ProtocolNotes())
            .SelectMany(citation => Number().Matches(citation.Cited).Select(number => citation with { Cited = number.Value }));
        var report = Page("docs/conformance.md");
        var clauses = Clauses().Matches(report.Text).SelectMany(row => row.Groups["clauses"].Value.Split(", "))
            .Select(clause => new Citation(report.Path, clause)).ToList();

        clauses.Count.ShouldBeGreaterThan(100);
        cited.Concat(clauses).Where(citation => !sections.Contains(citation.Cited)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("architecture")]
    [InlineData("contract")]
    public void Every_heading_of_a_page_that_the_code_cites_exists(string page)
    {
        var headings = Page($"docs/{page}.md").Headings;

        Citations(Heading()).Where(citation => citation.Cited.StartsWith(page, StringComparison.Ordinal))
            .Select(citation => citation with { Cited = citation.Cited[(page.Length + ", \"".Length)..^1] })
            .Where(citation => !headings.Contains(citation.Cited)).ShouldBeEmpty();
    }

    /// <summary>
    /// Rows of tables, code blocks and lines that are a single word, such as an address, cannot be wrapped and are left out.
    /// </summary>
    [Fact]
    public void Markdown_keeps_to_its_width() => Pages
        .SelectMany(page => page.Prose().Where(line => line.Text.Length > MarkdownWidth).Select(line => $"{page.Path}:{line.Number}"))
        .ShouldBeEmpty();

    private static MarkdownPage Page(string path) => Pages.Single(page => page.Path == path);

    private static bool Leads(MarkdownPage from, string link)
    {
        var (path, anchor) = link.Split('#') is [var file, var heading] ? (file, heading) : (link, null);
        var folder = Path.Combine(Repository.Root, Path.GetDirectoryName(from.Path)!);
        var target = path == "" ? from.Path : MarkdownPage.Relative(Path.Combine(folder, path));
        return Path.Exists(Path.Combine(Repository.Root, target))
            && (anchor is null || Pages.FirstOrDefault(page => page.Path == target)?.Anchors.Contains(anchor) == true);
    }

    /// <summary>Everything that comments in code, comments in scripts and the pages cite.</summary>
    private static List<Citation> Citations(Regex pattern)
    {
        var code = new[] { "src", "tests", "samples" }.SelectMany(Source.Of).Select(file => (file.Path, file.Lines));
        var scripts = Directory.EnumerateFiles(Path.Combine(Repository.Root, "scripts"))
            .Select(file => (MarkdownPage.Relative(file), (IReadOnlyList<string>)File.ReadAllLines(file)));
        var comments = code.Concat(scripts).Select(file => (File: file.Item1, Text: Comments(file.Item2)));
        var sources = comments.Concat(Pages.Select(page => (File: page.Path, page.Text)));
        var found = sources.SelectMany(
            source => pattern.Matches(source.Text).Select(match => new Citation(source.File, match.Groups["cited"].Value))).ToList();
        found.Count.ShouldBeGreaterThan(3, $"else {pattern} finds nothing");
        return found;
    }

    /// <summary>The text of all comments in the lines, joined so that a citation may be wrapped across two lines.</summary>
    private static string Comments(IReadOnlyList<string> lines) => string.Join(
        ' ', lines.Select(line => Comment().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups["text"].Value));

    [GeneratedRegex(@"(?<!\S)(?:///?|#)\s*(?<text>.*)")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<![\w-])(?<cited>[RPG][1-9][0-9]?)(?![\w.-])")]
    private static partial Regex Promise();

    [GeneratedRegex(@"protocol notes\]?(?:\(protocol\.md\))? (?<cited>[1-9](?:\.\d+)?(?:(?:,| and| to|, and) [1-9](?:\.\d+)?)*)")]
    private static partial Regex ProtocolNotes();

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\| \[[A-Z]{2}-\d+\].*\| (?<clauses>[0-9., ]+) \| pass \|$", RegexOptions.Multiline)]
    private static partial Regex Clauses();

    [GeneratedRegex("(?<cited>(architecture|contract), \"[^\"]+\")")]
    private static partial Regex Heading();

    [GeneratedRegex(@"`(?<path>(src|tests|docs|scripts|samples|hocon)/[\w./-]+)`")]
    private static partial Regex NamedFile();

    private sealed record Citation(string File, string Cited);
}
