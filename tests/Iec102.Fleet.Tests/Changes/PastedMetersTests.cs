using FsCheck.Xunit;
using Iec102.Fleet.Changes;

namespace Iec102.Fleet.Tests.Changes;

public class PastedMetersTests
{
    private static readonly FleetConfiguration Fleet = FleetText.Fleet(
        FleetText.Ports + "meters.m-1 { port = tcp-1, link-address = 5, point-address = 1, password = 9 }");

    [Fact]
    public void A_table_from_a_Spanish_spreadsheet_is_read()
    {
        var pasted = PastedMeters.Read(
            "Nombre\tEmplazamiento\tIP:Puerto\tDirección de enlace\tPunto de medida\tClave\tObservaciones\n"
            + "Línea 1 (Peñón)\tNorte\t192.0.2.10:4001\t7\t1\t1\tnada\n"
            + "Línea 1 (Peñón)\tNorte\t192.0.2.20:4001\t7\t1\t${CLAVE}\t\n"
            + "Otra\t\t192.0.2.20:4001\t8\t\t1\t\n",
            Fleet);
        pasted.Problems.ShouldBeEmpty();
        pasted.Ignored.ShouldBe(["Observaciones"]);
        pasted.Ports.ShouldBe([new PastedPort("192-0-2-20-4001", "192.0.2.20:4001")]);
        pasted.Meters.Select(meter => $"{meter.Id} {meter.Values["port"]} {meter.Values["link-address"]}").ShouldBe(
            ["linea-1-penon tcp-1 7", "linea-1-penon-2 192-0-2-20-4001 7", "otra 192-0-2-20-4001 8"]);
        string.Join(" | ", pasted.Meters[0].Values.Select(value => $"{value.Key}={value.Value}")).ShouldBe(
            "name=Línea 1 (Peñón) | site=Norte | port=tcp-1 | link-address=7 | point-address=1 | password=1");
    }

    [Fact]
    public void A_table_without_a_heading_has_the_usual_columns()
    {
        var pasted = PastedMeters.Read("m-9;North;;tcp-1;;;;i-DE;501234567;\n", Fleet);
        pasted.Problems.ShouldBeEmpty();
        var meter = pasted.Meters.ShouldHaveSingleItem();
        (meter.Id, meter.Values["preset"], meter.Values["meter-number"]).ShouldBe(("m-9", "iberdrola", "501234567"));
    }

    [Theory]
    [InlineData("Nombre;Puerto;Enlce;Clave", 3, "link address (dirección de enlace), and nothing is known of 'Enlce': ")]
    [InlineData(
        "Medidor;Conexon", 1,
        "port (puerto), link address (dirección de enlace), password (clave), id (código), and nothing is known of 'Medidor', 'Conexon': ")]
    [InlineData("Contador;Conexión;Enlace;Clave", 2, "port (puerto), and nothing is known of 'Conexión': ")]
    [InlineData("id,name,site", 1, "port (puerto), link address (dirección de enlace), password (clave): ")]
    public void A_heading_with_which_no_row_can_be_read_is_one_problem_that_names_it(string heading, int column, string sentence)
    {
        var pasted = PastedMeters.Read($"{heading}\na;tcp-1;3;1\nb;tcp-1;4;1\n", Fleet);

        var problem = pasted.Problems.ShouldHaveSingleItem();
        (problem.Row, problem.Column).ShouldBe((1, column));
        problem.Sentence.ShouldStartWith($"the heading has no column {sentence}the known columns are id (código), name (nombre), ");
        pasted.Meters.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("norte,Planta,,tcp-1,3,1,1\nsur,Dos,,tcp-1,4,1,1")]
    [InlineData("norte,Contador,,tcp-1,,,,viesgo,,\nsur,Dos,,tcp-1,4,1,1")]
    [InlineData("puerto,Uno,,192.0.2.10:4001,,,,viesgo,,\nsur,Dos,,tcp-1,4,1,1")]
    public void A_row_of_a_meter_is_not_taken_for_a_heading(string table)
    {
        var pasted = PastedMeters.Read(table, Fleet);

        pasted.Problems.Where(problem => problem.Sentence.Contains("heading", StringComparison.Ordinal)).ShouldBeEmpty();
        pasted.Ignored.ShouldBeEmpty();
        pasted.Meters.Select(meter => meter.Id).ShouldContain("sur");
    }

    [Fact]
    public void Each_heading_that_is_named_as_known_is_so()
    {
        var sentence = PastedMeters.Read("x;y\nz;1", Fleet).Problems.ShouldHaveSingleItem().Sentence;
        foreach (var heading in sentence.Split(" are ")[1].TrimEnd('.').Split(", ").SelectMany(one => one.Split(" (")))
            PastedMeters.Read($"{heading.TrimEnd(')')};foo\nz;w", Fleet).Ignored.ShouldBe(["foo"], heading);
    }

    [Theory]
    [InlineData("x,One,,tcp-2,3,1,1", 4, "neither a port of the fleet (the nearest is 'tcp-1') nor a host")]
    [InlineData("x,One,,,3,1,1", 4, "the port is missing")]
    [InlineData("x,One,,tcp-1,70000,1,1", 5, "from 0 to 65535, not '70000'")]
    [InlineData("x,One,,tcp-1,,1,1", 5, "the link address is missing")]
    [InlineData("x,One,,tcp-1,5,1,1", 5, "meter m-1 has the same port, link address 5 and measurement point 1")]
    [InlineData("x,One,,tcp-1,3,1,", 7, "the password is missing")]
    [InlineData("x,One,,tcp-1,3,1,secret", 7, "must be a whole number")]
    [InlineData("x,One,,tcp-1,3,1,1,acme", 8, "there is no brand 'acme'")]
    [InlineData("x,One,,tcp-1,,,,iberdrola,12", 9, "must end in five digits")]
    [InlineData("x,One,,tcp-1,3,1,1,,,ES1", 10, "must be ES, 16 digits")]
    [InlineData("ñ,One,,tcp-1,3,1,1", 1, "'ñ' is no id")]
    [InlineData("m-1,One,,tcp-1,3,1,1", 1, "already that of a meter of the fleet")]
    [InlineData(",,,tcp-1,3,1,1", 1, "neither an id nor a name")]
    public void A_problem_is_named_with_its_row_and_column(string row, int column, string sentence)
    {
        var pasted = PastedMeters.Read($"good,Good,,tcp-1,77,1,1\n{row}\n", Fleet);
        pasted.Meters.ShouldHaveSingleItem().Id.ShouldBe("good");
        var problem = pasted.Problems.ShouldHaveSingleItem();
        (problem.Row, problem.Column).ShouldBe((2, column));
        problem.Sentence.ShouldContain(sentence);
        problem.Sentence.ShouldNotContain("secret");
    }

    [Fact]
    public void Rows_with_the_same_id_or_address_name_each_other()
    {
        var pasted = PastedMeters.Read("a,,,tcp-1,3,1,1\na,,,tcp-1,4,1,1\nb,,,tcp-1,3,1,1", Fleet);
        pasted.Problems.Select(problem => $"{problem.Row}:{problem.Column} {problem.Sentence}").ShouldBe(
        [
            "2:1 the id 'a' is already that of row 1.",
            "3:5 row 1 has the same port, link address 3 and measurement point 1.",
        ]);
    }

    [Property]
    public void Any_text_is_read_without_an_exception(string? text)
    {
        var pasted = PastedMeters.Read(text ?? "", Fleet);
        pasted.Meters.Select(meter => meter.Id).ShouldBeUnique();
    }
}
