using System.Text.RegularExpressions;
using Iec102.Testing;

namespace Iec102.Architecture.Tests;

/// <summary>A C# file of this repository.</summary>
/// <param name="Path">The path of the file, from the repository's root, with slashes.</param>
/// <param name="Lines">The lines of the file.</param>
internal sealed partial record Source(string Path, IReadOnlyList<string> Lines)
{
    private static readonly string[] Built = ["bin", "obj"];

    /// <summary>The folder that contains the file.</summary>
    public string Folder => Path[..Path.LastIndexOf('/')];

    /// <summary>The namespace that the file declares; null in a file of top-level statements.</summary>
    public string? Namespace =>
        Lines.FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))?["namespace ".Length..^1];

    /// <summary>
    /// The types that the file declares, each with its number of lines. In formatted code, a type begins and ends at the left margin.
    /// </summary>
    public IEnumerable<(string Name, int Length)> Types
    {
        get
        {
            for (var at = 0; at < Lines.Count; at++)
            {
                if (Declaration().Match(Lines[at]) is not { Success: true } declaration)
                    continue;
                var began = at;
                while (Lines[at] != "{" && !Lines[at].EndsWith(';'))
                    at++;
                if (Lines[at] == "{")
                    at = IndexOf("}", at);
                yield return (declaration.Groups["name"].Value, at - began + 1);
            }
        }
    }

    /// <summary>Whether the file has a partial type although no source generator completes one in it.</summary>
    public bool HasNeedlessPartial =>
        Lines.Any(line => PartialType().IsMatch(line))
            && !Lines.Any(line => line.Contains("[GeneratedRegex(") || line.Contains("[LibraryImport("));

    /// <summary>The namespaces that the file imports, in its order; aliases and imported types do not count.</summary>
    public IReadOnlyList<string> Imports =>
        [.. Lines.Select(line => Import().Match(line)).Where(import => import.Success).Select(import => import.Groups["name"].Value)];

    /// <summary>The files below a folder, except those made by a build.</summary>
    public static IEnumerable<Source> Of(string folder) =>
        from file in Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        let path = System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')
        where !path.Split('/').Any(Built.Contains)
        orderby path
        select new Source(path, File.ReadAllLines(file));

    private int IndexOf(string line, int from) => Enumerable.Range(from, Lines.Count - from).First(at => Lines[at] == line);

    [GeneratedRegex(@"^(?!using |namespace )[a-z][\w ]*\b(class|struct|record|interface|enum) (?<name>\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^using (?<name>[A-Z][\w.]*);$")]
    private static partial Regex Import();

    [GeneratedRegex(@"\bpartial (class|struct|record|interface)\b")]
    private static partial Regex PartialType();
}
