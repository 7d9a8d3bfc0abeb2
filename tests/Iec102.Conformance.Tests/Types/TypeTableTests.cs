using Iec102.Protocol.Application;
using Iec102.Protocol.Description;
using Iec102.Testing;


namespace Iec102.Conformance.Tests;

/// <summary>Checks every statement of docs/types.md.</summary>
public class TypeTableTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Transcripts = Case.All.ToDictionary(each => each.Id, LinesOf);

    public static TheoryData<string> Known => [.. TypeTable.Rows.Where(row => row.IsKnown).Select(row => row.Number)];

    public static TheoryData<string> Unknown => [.. TypeTable.Rows.Where(row => !row.IsKnown).Select(row => row.Number)];

    [Fact]
    public void The_page_in_docs_is_the_table() => CheckedPage.Check("docs/types.md", TypePage.Render());

    [Fact]
    public void Every_number_has_one_row() =>
        TypeTable.Rows.SelectMany(NumbersOf).ShouldBe(Enumerable.Range(1, 255).Select(number => (byte)number));

    [Theory]
    [MemberData(nameof(Known))]
    public void A_type_of_known_layout_is_exchanged_by_both_stations_in_its_cases(string number)
    {
        var row = RowOf(number);
        foreach (var id in row.Master.Concat(row.Slave))
            AsdusIn(id).ShouldContain(asdu => asdu[0] == row.First, $"{id} does not exchange type {number}");
        row.Master.ShouldAllBe(id => id[1] == 'M');
        row.Slave.ShouldAllBe(id => id[1] == 'S');
        row.Slave.ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void A_type_of_known_layout_is_explained_to_its_last_octet(string number)
    {
        var row = RowOf(number);
        foreach (var asdu in AsdusIn(row.Master[0]).Where(asdu => asdu[0] == row.First))
        {
            var fields = AsduDescription.Explain(asdu);
            fields.Sum(field => field.Octets.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length).ShouldBe(asdu.Length);
            fields.ShouldNotContain(field => field.Meaning.Contains("not decoded", StringComparison.Ordinal)
                || field.Meaning.Contains("malformed", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Unknown))]
    public void Types_of_unknown_layout_are_carried_as_octets_with_their_header(string number)
    {
        foreach (var type in NumbersOf(RowOf(number)))
        {
            byte[] octets = [type, 2, 5, 1, 0, 11, 0xAA, 0xBB, 0xCC];
            Asdu.TryRead(octets, out var asdu).ShouldBeTrue();
            asdu.Header.ShouldBe(new AsduHeader((TypeIdentification)type, 2, CauseOfTransmission.Request, 1, 11));
            asdu.Data.ToArray().ShouldBe([0xAA, 0xBB, 0xCC]);
            // Two of these types contain secrets, which are masked unless asked for.
            AsduDescription.Explain(octets, showSecrets: true)[^1].Octets.ShouldBe("AA BB CC", StringCompareShould.IgnoreCase);
        }
    }

    [Theory]
    [MemberData(nameof(Unknown))]
    public void Types_of_unknown_layout_are_passed_over_when_nobody_asked_for_them(string number)
    {
        foreach (var type in NumbersOf(RowOf(number)))
        {
            new MasterBench(new Transcript()).LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {Wire.Down1("67 00 05 01 00 00")}
                <- {Wire.Ack}
                -> {Wire.Poll0}
                <- {Wire.Up($"{type:x2} 01 05 01 00 00 aa bb cc")}
                .. 0.5 s pause
                -> {Wire.Poll1}
                <- {Wire.Up("48 01 05 01 00 00 fa 78 0f 0a 7b 03 18")}
                = 2024-03-27 10:15:30.250 W
                """);
        }
    }

    [Theory]
    [MemberData(nameof(Unknown))]
    public void Types_of_unknown_layout_are_refused_by_a_meter_with_cause_14(string number)
    {
        foreach (var type in NumbersOf(RowOf(number)))
        {
            new SlaveBench(new Transcript()).LoggedIn().Follow($"""
                -> {Wire.Down1($"{type:x2} 01 06 01 00 00 aa bb cc")}
                <- {Wire.Ack}
                -> {Wire.Poll0}
                <- {Wire.Up($"{type:x2} 01 0e 01 00 00 aa bb cc")}
                """);
        }
    }

    [Fact]
    public void Every_test_that_the_table_names_exists() =>
        TypeTable.Rows.SelectMany(row => new[] { row.Stored, row.Shown }).OfType<Place>().SelectMany(place => place.Tests)
            .Where(test => !test.Exists).Distinct().ShouldBeEmpty();

    [Fact]
    public void A_place_without_a_test_is_not_named() =>
        TypeTable.Rows.SelectMany(row => new[] { row.Stored, row.Shown }).OfType<Place>().ShouldAllBe(place => place.Tests.Length > 0);

    private static TypeRow RowOf(string number) => TypeTable.Rows.Single(row => row.Number == number);

    private static IEnumerable<byte> NumbersOf(TypeRow row) =>
        Enumerable.Range(row.First, row.Last - row.First + 1).Select(number => (byte)number);

    private static IReadOnlyList<string> LinesOf(Case each)
    {
        var transcript = new Transcript();
        each.Exchange(transcript);
        return transcript.Lines;
    }

    private static IEnumerable<byte[]> AsdusIn(string id) =>
        Transcripts[id].Where(line => line[3..].StartsWith("68 ", StringComparison.Ordinal)).Select(line => Octets.Of(line[3..])[7..^2]);
}
