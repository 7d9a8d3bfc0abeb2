using System.Text;

namespace Iec102.Conformance.Tests;

/// <summary>Renders docs/types.md from the table of types.</summary>
internal static class TypePage
{
    public static string Render()
    {
        var page = new StringBuilder("""
            # Types

            Every type of the register in the [protocol notes](protocol.md): what master and slave do with it (cases of the
            [conformance report](conformance.md)), where its data is stored, and where it is shown, each with its tests. The tests
            make this page (`scripts/test.sh --update` writes it); they also check that every case exchanges the type and that
            every named test exists.

            Types of unknown layout are kept as octets with their header: `decode` and `--trace` show them (132 and 143 masked,
            because they contain secrets), the master ignores those that it has not requested, and the simulated meter refuses them
            with cause 14 (`TypeTableTests`). `decode` explains every type of known layout to its last octet.

            Paths of the API follow `/api/meters/{id}`.

            | no. | name | meaning | master | slave | stored | shown |
            |---|---|---|---|---|---|---|

            """);
        foreach (var row in TypeTable.Rows)
        {
            page.Append($"| {row.Number} | {row.Name} | {row.Meaning} ");
            page.Append($"| {(row.IsKnown ? Cases(row.Master) : "octets")} | {(row.IsKnown ? Cases(row.Slave) : "cause 14")} ");
            page.Append($"| {At(row.Stored)} | {At(row.Shown)} |\n");
        }

        page.Append("\n## Tests of the last two columns\n\n");
        foreach (var (place, index) in Places.Select((place, index) => (place, index)))
            page.Append($"{index + 1}. {string.Join(",\n   ", place.Tests.Select(test => $"`{test}`"))}\n");
        return page.ToString();
    }

    private static List<Place> Places { get; } =
        [.. TypeTable.Rows.SelectMany(row => new[] { row.Stored, row.Shown }).OfType<Place>()
            .DistinctBy(place => string.Join(' ', place.Tests.Select(test => test.ToString())))];

    private static string Cases(string[] ids) => string.Join(", ", ids.Select(id => $"[{id}](conformance.md#{id.ToLowerInvariant()})"));

    private static string At(Place? place) =>
        place is null ? "-" : $"{place.Where} ({1 + Places.FindIndex(one => one.Tests.SequenceEqual(place.Tests))})";
}
