namespace Iec102.Architecture.Tests;

/// <summary>What keeps the code readable: the length of types, the width of lines, the order of imports.</summary>
public class SizeTests
{
    private const int MaxLines = 350;
    private const int MaxWidth = 140;

    private static readonly IReadOnlyList<Source> Everything = [.. new[] { "src", "tests", "samples" }.SelectMany(Source.Of)];

    [Fact]
    public void No_type_is_longer_than_350_lines()
    {
        var types = Everything.SelectMany(source => source.Types.Select(type => (source.Path, type.Name, type.Length))).ToList();
        types.Count.ShouldBeGreaterThan(500, "Types were not found: the test would hold nothing.");
        types.Where(type => type.Length > MaxLines).ShouldBeEmpty();
    }

    [Fact]
    public void Only_types_that_a_source_generator_completes_are_partial() =>
        Everything.Where(source => source.HasNeedlessPartial).Select(source => source.Path).ShouldBeEmpty();

    [Fact]
    public void Lines_of_code_have_at_most_140_characters() =>
        Everything
            .SelectMany(source => source.Lines.Select((line, index) => (Place: $"{source.Path}:{index + 1}", line.Length)))
            .Where(line => line.Length > MaxWidth)
            .Select(line => line.Place)
            .ShouldBeEmpty();

    /// <summary>The compiler checks the rest of the format, but not this order.</summary>
    [Fact]
    public void Imports_are_sorted_and_those_of_System_come_first() =>
        Everything
            .Where(source => !source.Imports.SequenceEqual(
                source.Imports
                    .OrderBy(name => name != "System" && !name.StartsWith("System.", StringComparison.Ordinal))
                    .ThenBy(name => name.ToLowerInvariant().Replace('.', ' '), StringComparer.Ordinal)))
            .Select(source => source.Path)
            .ShouldBeEmpty();
}
