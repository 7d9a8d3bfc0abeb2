using System.Globalization;
using System.Text;
using Iec102.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iec102.Page.Tests.Sentences;

/// <summary>A text that a source file writes, with {0}, {1} where it puts something in.</summary>
/// <param name="File">The file, from the folder of the sources, with slashes.</param>
/// <param name="Line">The line where it begins.</param>
/// <param name="Text">The text.</param>
/// <param name="ArgumentOf">The method or the constructor that it is given to; null when it is none's.</param>
internal sealed record SourceSentence(string File, int Line, string Text, string? ArgumentOf)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}: {Text}";
}

/// <summary>Finds the texts of the program in its sources: literals, interpolated strings, and what is put together of them by +.</summary>
internal static class SourceSentences
{
    private static readonly string Source = Path.Combine(Repository.Root, "src");

    /// <summary>The texts of the files below some folders of the sources, or of some files.</summary>
    public static IReadOnlyList<SourceSentence> Of(params string[] places) =>
    [
        .. from place in places
           let path = Path.Combine(Source, place)
           from file in File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
           let name = Path.GetRelativePath(Source, file).Replace('\\', '/')
           where !name.Split('/').Any(part => part is "obj" or "bin")
           orderby name
           from sentence in OfFile(name, File.ReadAllText(file))
           select sentence,
    ];

    /// <summary>The texts of one file.</summary>
    public static IEnumerable<SourceSentence> OfFile(string name, string code) =>
        from node in CSharpSyntaxTree.ParseText(code).GetRoot().DescendantNodes(node => node is not AttributeSyntax)
        where node is ExpressionSyntax && IsText(node) && !(node.Parent is BinaryExpressionSyntax && IsText(node.Parent))
        select new SourceSentence(
            name, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, TextOf((ExpressionSyntax)node), CallOf(node));

    private static string? CallOf(SyntaxNode text) =>
        text.Ancestors().TakeWhile(node => node is not (StatementSyntax or LambdaExpressionSyntax)).Select(node => node switch
        {
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax method } => method.Name.Identifier.Text,
            InvocationExpressionSyntax { Expression: SimpleNameSyntax method } => method.Identifier.Text,
            ObjectCreationExpressionSyntax created => $"{created.Type}",
            ImplicitObjectCreationExpressionSyntax { Parent.Parent.Parent: VariableDeclarationSyntax declared } => $"{declared.Type}",
            _ => null,
        }).FirstOrDefault(name => name is not null);

    private static bool IsText(SyntaxNode? node) => node switch
    {
        LiteralExpressionSyntax literal => literal.Token.Value is string,
        InterpolatedStringExpressionSyntax => true,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum => IsText(sum.Left) || IsText(sum.Right),
        _ => false,
    };

    private static string TextOf(ExpressionSyntax whole)
    {
        var (text, places) = (new StringBuilder(), 0);
        Add(whole);
        return text.ToString();

        void Add(ExpressionSyntax part)
        {
            switch (part)
            {
                case LiteralExpressionSyntax { Token.Value: string literal }:
                    text.Append(literal);
                    break;
                case InterpolatedStringExpressionSyntax interpolated:
                    foreach (var content in interpolated.Contents)
                    {
                        if (content is InterpolatedStringTextSyntax constant)
                            text.Append(IsRaw(interpolated) ? constant.TextToken.ValueText : Unescaped(constant.TextToken.ValueText));
                        else
                            Place();
                    }

                    break;
                case BinaryExpressionSyntax sum when IsText(sum):
                    Add(sum.Left);
                    Add(sum.Right);
                    break;
                default:
                    Place();
                    break;
            }
        }

        void Place() => text.Append(CultureInfo.InvariantCulture, $"{{{places++}}}");
    }

    private static bool IsRaw(InterpolatedStringExpressionSyntax text) =>
        text.StringStartToken.Text.EndsWith("\"\"\"", StringComparison.Ordinal);

    private static string Unescaped(string text) =>
        text.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal);
}
