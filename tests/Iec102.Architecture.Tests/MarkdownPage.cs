using System.Text.RegularExpressions;
using Iec102.Testing;

namespace Iec102.Architecture.Tests;

/// <summary>A Markdown file with its headings, links and prose.</summary>
internal sealed partial class MarkdownPage
{
    private static readonly string[] Made = ["bin", "obj", "artifacts", ".git"];

    private readonly IReadOnlyList<(int Number, string Text)> _outsideCode;

    private MarkdownPage(string path, string[] lines)
    {
        Path = path;
        Text = string.Join('\n', lines);
        _outsideCode = [.. OutsideCode(lines)];
        var headings = _outsideCode.Select(line => HeadingLine().Match(line.Text)).Where(match => match.Success);
        Headings = [.. headings.Select(match => match.Groups["title"].Value)];
        // The anchor of a repeated heading ends in -1, -2 and so on.
        Anchors = [.. Headings.GroupBy(Anchor).SelectMany(
            same => same.Index().Select(one => one.Index == 0 ? same.Key : $"{same.Key}-{one.Index}"))];
    }

    /// <summary>The path of the file, from the repository's root.</summary>
    public string Path { get; }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>The titles of the headings, in order.</summary>
    public IReadOnlyList<string> Headings { get; }

    /// <summary>The anchors that a link can name after '#'.</summary>
    public HashSet<string> Anchors { get; }

    /// <summary>Every page of the repository, except in folders made by a build.</summary>
    public static IReadOnlyList<MarkdownPage> All() => [.. Files(new DirectoryInfo(Repository.Root))];

    /// <summary>Makes a path relative to the repository's root, with slashes.</summary>
    public static string Relative(string path) =>
        System.IO.Path.GetRelativePath(Repository.Root, System.IO.Path.GetFullPath(path)).Replace('\\', '/');

    /// <summary>The targets of links within the repository.</summary>
    public IEnumerable<string> Links() => _outsideCode.SelectMany(line => Link().Matches(CodeSpan().Replace(line.Text, "")))
        .Select(match => match.Groups["target"].Value).Where(target => !target.Contains("://", StringComparison.Ordinal));

    /// <summary>
    /// The lines that can be wrapped: not the rows of tables, and not single words. Text in backticks counts as one word.
    /// </summary>
    public IEnumerable<(int Number, string Text)> Prose() =>
        _outsideCode.Where(line => !line.Text.StartsWith('|') && CodeSpan().Replace(Marker().Replace(line.Text, ""), "code").Contains(' '));

    private static IEnumerable<MarkdownPage> Files(DirectoryInfo folder) => folder.EnumerateFiles("*.md")
        .Select(file => new MarkdownPage(Relative(file.FullName), File.ReadAllLines(file.FullName)))
        .Concat(folder.EnumerateDirectories().Where(inner => !Made.Contains(inner.Name)).SelectMany(Files));

    /// <summary>The lines outside fenced and indented code blocks, numbered from 1.</summary>
    private static IEnumerable<(int Number, string Text)> OutsideCode(string[] lines)
    {
        var isFenced = false;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal))
                isFenced = !isFenced;
            else if (!isFenced && !lines[i].StartsWith("    ", StringComparison.Ordinal))
                yield return (i + 1, lines[i]);
        }
    }

    /// <summary>The anchor that GitHub makes of a heading: lower case, no punctuation, '-' for spaces.</summary>
    private static string Anchor(string title) => Punctuation().Replace(title.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^#{1,6} (?<title>.+)$")]
    private static partial Regex HeadingLine();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\s*(?:[-*#]+|\d+\.)?\s*")]
    private static partial Regex Marker();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex Punctuation();
}
