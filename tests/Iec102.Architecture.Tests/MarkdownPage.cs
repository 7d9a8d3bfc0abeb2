using System.Text.RegularExpressions;
using Iec102.Testing;

namespace Iec102.Architecture.Tests;

/// <summary>A Markdown file: its headings, its links and its prose.</summary>
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
        // The second heading of the same words has -1 behind its anchor, and so on.
        Anchors = [.. Headings.GroupBy(Anchor).SelectMany(
            same => same.Index().Select(one => one.Index == 0 ? same.Key : $"{same.Key}-{one.Index}"))];
    }

    /// <summary>The file, relative to the root.</summary>
    public string Path { get; }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>The titles of the headings, in order.</summary>
    public IReadOnlyList<string> Headings { get; }

    /// <summary>What links can name after '#'.</summary>
    public HashSet<string> Anchors { get; }

    /// <summary>Every page of the repository, but for what a build has made.</summary>
    public static IReadOnlyList<MarkdownPage> All() => [.. Files(new DirectoryInfo(Repository.Root))];

    /// <summary>A path from the repository's root, with slashes.</summary>
    public static string Relative(string path) =>
        System.IO.Path.GetRelativePath(Repository.Root, System.IO.Path.GetFullPath(path)).Replace('\\', '/');

    /// <summary>The targets of links within the repository.</summary>
    public IEnumerable<string> Links() => _outsideCode.SelectMany(line => Link().Matches(CodeSpan().Replace(line.Text, "")))
        .Select(match => match.Groups["target"].Value).Where(target => !target.Contains("://", StringComparison.Ordinal));

    /// <summary>The lines that can be broken: those of tables cannot, nor can a single word, as which text in backticks counts.</summary>
    public IEnumerable<(int Number, string Text)> Prose() =>
        _outsideCode.Where(line => !line.Text.StartsWith('|') && CodeSpan().Replace(Marker().Replace(line.Text, ""), "code").Contains(' '));

    private static IEnumerable<MarkdownPage> Files(DirectoryInfo folder) => folder.EnumerateFiles("*.md")
        .Select(file => new MarkdownPage(Relative(file.FullName), File.ReadAllLines(file.FullName)))
        .Concat(folder.EnumerateDirectories().Where(inner => !Made.Contains(inner.Name)).SelectMany(Files));

    /// <summary>The lines that are neither in fences nor indented as code, numbered from 1.</summary>
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

    /// <summary>As GitHub makes it: lower case, no punctuation, '-' for blanks.</summary>
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
