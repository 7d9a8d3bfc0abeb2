using System.Text;
using System.Text.RegularExpressions;

namespace Akka.Embedded.Tests;

/// <summary>The list of Akka.NET's members: one line each, "type | kind | text".</summary>
internal sealed partial class ApiList
{
    private static readonly string[] Modifiers =
        ["public", "protected", "internal", "static", "abstract", "virtual", "override", "sealed", "readonly", "const", "this"];

    private readonly Dictionary<string, List<(string Kind, string Text)>> _types = [];

    /// <summary>The full names of the types, by their names without type arguments and with their number.</summary>
    private readonly Dictionary<string, string> _definitions = [];

    public ApiList(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            if (line.Split(" | ", 3) is not [var type, var kind, var text]) continue;
            if (!_types.TryGetValue(type, out var members))
            {
                _types[type] = members = [];
                _definitions[Definition(type)] = type;
            }
            members.Add((kind, text));
        }
    }

    public bool HasNamespaceOf(Type type) => _types.Keys.Any(known => known.StartsWith(type.Namespace + ".", StringComparison.Ordinal));

    public bool Knows(string type) => _types.ContainsKey(type);

    /// <summary>Whether some member takes or returns the type.</summary>
    public bool Mentions(string type) => _types.Values.Any(members => members.Any(member => member.Text.Contains(type + " ", StringComparison.Ordinal)));

    /// <summary>Whether the type or a listed base of it has the member.</summary>
    public bool Has(string type, ApiMember member)
    {
        if (!_types.TryGetValue(type, out var members)) return false;
        // Of some types the list says only that they exist.
        if (members.All(line => line.Kind is "type" or "base" or "iface")) return true;
        foreach (var (kind, text) in members)
        {
            if (kind == "name" ? text.Split(' ', '/').Contains(member.Name) : Read(kind, text).Any(listed => IsCallable(listed, member))) return true;
            if (kind == "base" && HasInBase(text, member)) return true;
        }
        return false;
    }

    private bool HasInBase(string constructed, ApiMember member)
    {
        if (!_definitions.TryGetValue(Definition(constructed), out var definition)) return false;
        var given = Arguments(constructed);
        return definition == constructed || given.Length == 0
            ? Has(definition, member)
            : Has(definition, member with { Signature = Replace(member.Signature, given, Arguments(definition)) });
    }

    /// <summary>A line's text as <see cref="ApiText"/> writes members: no modifiers but the access, no parameter names, no default values.</summary>
    private static IEnumerable<ApiMember> Read(string kind, string text)
    {
        if (kind is "type" or "base" or "iface") return [];
        if (kind == "enum") return [new ApiMember("public", text.Split(' ')[0], text.Split(' ')[0])];
        var access = text.StartsWith("protected", StringComparison.Ordinal) ? "protected" : "public";
        text = Constraint().Replace(text, "");
        var words = text.Split(' ').SkipWhile(word => Modifiers.Contains(word)).ToArray();
        var plain = string.Join(' ', words);
        if (kind is "field" or "const") return [Named(access, plain.Split(" = ")[0], "")];
        return kind is "property" ? Property(access, plain) : [Method(access, plain, kind == "ctor")];
    }

    private static ApiMember Named(string access, string plain, string accessor) => new(access, plain.Split(' ')[^1], plain + accessor);

    private static IEnumerable<ApiMember> Property(string access, string plain)
    {
        var property = plain.Split(" { ");
        foreach (var accessor in property[1].Split(';', StringSplitOptions.TrimEntries))
        {
            if (accessor.EndsWith("et", StringComparison.Ordinal))
                yield return Named(accessor.StartsWith("protected", StringComparison.Ordinal) ? "protected" : access, property[0], " " + accessor.Split(' ')[^1]);
        }
    }

    /// <summary>The same member, or one that takes more arguments which may all be left out.</summary>
    private static bool IsCallable(ApiMember listed, ApiMember member)
    {
        if (listed == member) return true;
        if (listed.Access != member.Access || !member.Signature.EndsWith(')') || !listed.Signature.StartsWith(member.Signature[..^1], StringComparison.Ordinal)) return false;
        return SplitTopLevel(listed.Signature[(member.Signature.Length - 1)..^1]).Where(more => more.Length > 0).All(more => more.EndsWith(" =", StringComparison.Ordinal));
    }

    private static ApiMember Method(string access, string plain, bool isConstructor)
    {
        var open = plain.IndexOf('(');
        var head = plain[..open];
        var parameters = SplitTopLevel(plain[(open + 1)..^1]).Select(Parameter);
        var name = isConstructor ? "ctor" : SplitTopLevel(head, ' ').Last().Split('<')[0];
        return new ApiMember(access, name, $"{head}({string.Join(", ", parameters)})");
    }

    private static string Parameter(string parameter)
    {
        var parts = parameter.Split(" = ");
        var words = SplitTopLevel(parts[0], ' ').Where(word => word != "this").ToArray();
        return string.Join(' ', words[..^1]) + (parts.Length > 1 ? " =" : "");
    }

    private static IEnumerable<string> SplitTopLevel(string text, char separator = ',')
    {
        var part = new StringBuilder();
        var depth = 0;
        foreach (var c in text)
        {
            depth += c is '<' or '(' ? 1 : c is '>' or ')' ? -1 : 0;
            if (c == separator && depth == 0)
            {
                yield return part.ToString().Trim();
                part.Clear();
            }
            else part.Append(c);
        }
        if (part.Length > 0) yield return part.ToString().Trim();
    }

    private static string Definition(string type)
    {
        var arguments = Arguments(type).Length;
        return arguments == 0 ? type : $"{type[..type.IndexOf('<')]}`{arguments}";
    }

    private static string[] Arguments(string type) =>
        type.Contains('<') ? [.. SplitTopLevel(type[(type.IndexOf('<') + 1)..^1])] : [];

    private static string Replace(string signature, string[] given, string[] names)
    {
        for (var i = 0; i < given.Length; i++) signature = Regex.Replace(signature, $@"(?<![\w.]){Regex.Escape(given[i])}(?![\w.])", names[i]);
        return signature;
    }

    [GeneratedRegex(@" where .*$")]
    private static partial Regex Constraint();
}
