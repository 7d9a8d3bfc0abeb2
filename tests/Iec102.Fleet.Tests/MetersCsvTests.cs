using System.Text;
using FsCheck;
using FsCheck.Xunit;

namespace Iec102.Fleet.Tests;

public class MetersCsvTests
{
    private const string Header = "id,port,link_address,point_address,password,preset,meter_number,cups\n";

    [Fact]
    public void Meters_of_the_csv_join_those_of_the_file()
    {
        var fleet = FleetText.Fleet(
            FleetText.Ports + "meters.m { port = tcp-1, preset = viesgo }, meters-csv = \"more/meters.csv\"",
            new()
            {
                ["/etc/more/meters.csv"] = "\uFEFF" + Header
                    + "c-1,tcp-1,,,,iberdrola,501234567,ES1234123456789012JY\r\n\r\n"
                    + " \"c-2\" , com-1,5,6,77,,\"E\"\"S, 2\",\nc-3,com-1,5,7,77\n",
            });
        fleet.Meters.Select(ShownOf).ShouldBe(
        [
            ("m", "tcp-1", 1, 1, 1u, "viesgo", null, null),
            ("c-1", "tcp-1", 34567, 1, 7u, "iberdrola", "501234567", "ES1234123456789012JY"),
            ("c-2", "com-1", 5, 6, 77u, null, "E\"S, 2", null),
            ("c-3", "com-1", 5, 7, 77u, null, null, null),
        ]);
        fleet.Meters[1].Hourly.ShouldBe(ProfileConfiguration.DefaultHourly);

        static (string, string, int, int, uint, string?, string?, string?) ShownOf(MeterConfiguration meter) => (
            meter.Id, meter.Port, meter.LinkAddress, meter.PointAddress, meter.Password.Reveal(),
            meter.Preset, meter.Labels.MeterNumber, meter.Labels.Cups);
    }

    [Fact]
    public void Columns_may_come_in_any_order_and_the_optional_ones_may_be_left_out()
    {
        var fleet = FleetText.Fleet(FleetText.Ports + "meters-csv = m.csv", new() { ["/etc/m.csv"] = "preset,port,id\nviesgo,tcp-1,a\n" });
        fleet.Meters.ShouldHaveSingleItem().Id.ShouldBe("a");
    }

    [Theory]
    [InlineData("\uFEFFid;port;preset;name;tags\r\na;tcp-1;viesgo;Nave 3, norte;pv check\r\n;;;;\r\n")]
    [InlineData("ID;Port;Preset;Name;Tags;;\r\na;tcp-1;viesgo;\"Nave 3, norte\";\"pv;check\";;\r\n")]
    [InlineData("id\tport\tpreset\tlink address\tname\ttags\na\ttcp-1\tviesgo\t\tNave 3, norte\tpv, check\n")]
    [InlineData("id,port,link-address,preset,name,tags\na,tcp-1,,viesgo,\"Nave 3, norte\",pv check\n")]
    public void Any_separator_of_a_spreadsheet_is_understood(string csv)
    {
        var meter = FleetText.Fleet(FleetText.Ports + "meters-csv = m.csv", new() { ["/etc/m.csv"] = csv }).Meters.ShouldHaveSingleItem();

        (meter.Id, meter.Port, meter.LinkAddress, meter.Preset).ShouldBe(("a", "tcp-1", (ushort)1, "viesgo"));
        meter.Labels.ShouldBe(new MeterLabels { Name = "Nave 3, norte", Tags = ["pv", "check"] });
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("windows-1252")]
    [InlineData("iso-8859-1")]
    [InlineData("utf-16")]
    public void A_file_may_have_any_encoding_that_a_spreadsheet_saves(string encoding)
    {
        var folder = Directory.CreateTempSubdirectory("iec102-csv-");
        try
        {
            var chosen = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
            File.WriteAllText(
                Path.Combine(folder.FullName, "m.csv"), "id;port;preset;site\r\na;p;viesgo;Cádiz, Peñón\r\n", chosen);
            var file = Path.Combine(folder.FullName, "fleet.conf");
            File.WriteAllText(file, "iec102 { ports.p.tcp = \"192.0.2.10:4001\", meters-csv = m.csv }");

            FleetReader.ReadFile(file).Configuration.ShouldNotBeNull().Meters[0].Labels.Site.ShouldBe("Cádiz, Peñón");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("", 1, 1, "the file is empty; its first line names the columns: id,port,")]
    [InlineData("id,port,link_adress\n", 1, 9, "the column 'link_adress' is unknown; the nearest known one is 'link_address'.")]
    [InlineData("id,port,port\n", 1, 9, "the column 'port' occurs twice")]
    [InlineData("id,preset\n", 1, 1, "the column 'port' is missing")]
    [InlineData("id,port,preset\n,tcp-1,viesgo\n", 2, 1, "this row has no id")]
    [InlineData("id,port,preset\na,tcp-1,viesgo,x\n", 2, 16, "this cell is beyond the 3 columns that the first line names")]
    [InlineData("id,port,preset\na,tcp-1,\"viesgo\n", 2, 9, "double quote that begins here is never closed")]
    [InlineData("id,port,preset\na,tcp-1,\"viesgo\"x\n", 2, 17, "more text after a closing double quote")]
    [InlineData("id,port,preset\na,tcp-9,viesgo\n", 2, 3, "there is no port 'tcp-9'")]
    [InlineData("id,port,preset\na b,tcp-1,viesgo\n", 2, 1, "is not a valid id")]
    [InlineData("id,port,preset\nm,tcp-1,viesgo\n", 2, 1, "the meter at /etc/fleet.conf:3:1 already has this id")]
    [InlineData("id,port,preset\na,tcp-1,viesgo\na,com-1,viesgo\n", 3, 1, "the meter at /etc/m.csv:2:1 already has this id")]
    [InlineData("id,port,preset,link_address\na,tcp-1,viesgo,70000\n", 2, 16, "from 0 to 65535, not '70000'")]
    [InlineData("id,port\na,tcp-1\n", 2, 1, "write the read password")]
    [InlineData("id;port;preset;cups\na;tcp-1;viesgo;ES1\n", 2, 16, "must be ES, 16 digits and 2 control letters")]
    [InlineData("id,port,preset\na,com-2,viesgo\n", 2, 3, "the nearest is 'com-1'")]
    public void A_wrong_csv_is_explained_with_line_and_column(string csv, int line, int column, string sentence)
    {
        var reading = FleetText.Read(
            FleetText.Ports + "meters.m { port = tcp-1, link-address = 9, point-address = 9, password = 9 }\nmeters-csv = m.csv",
            new() { ["/etc/m.csv"] = csv });
        reading.Problems.ShouldContain(problem =>
            problem.File == "/etc/m.csv" && problem.Line == line && problem.Column == column && problem.Sentence.Contains(sentence));
    }

    [Fact]
    public void A_password_in_a_csv_is_never_repeated()
    {
        var reading = FleetText.Read(
            FleetText.Ports + "meters-csv = m.csv", new() { ["/etc/m.csv"] = Header + "a,tcp-1,1,1,305419896x,,,\n" });
        reading.Problems.ShouldHaveSingleItem().ToString().ShouldNotContain("305419896");
    }

    [Property(MaxTest = 1000)]
    public void A_csv_with_any_part_replaced_is_read_or_has_problems_with_their_places(
        NonNegativeInt at, NonNegativeInt length, NonNull<string> inserted)
    {
        var csv = Header + "c-1,tcp-1,,,,iberdrola,501234567,ES1234123456789012JY\n"
            + "\"c-2\",com-1,5,6,77,,\"E\"\"S, 2\",\nc-3,com-1,5,7,77,,,\n";
        var from = at.Get % csv.Length;
        var damaged = csv.Remove(from, Math.Min(length.Get % 12, csv.Length - from)).Insert(from, inserted.Get);

        var reading = FleetText.Read(FleetText.Ports + "meters-csv = m.csv", new() { ["/etc/m.csv"] = damaged });

        (reading.Configuration is null).ShouldBe(reading.Problems.Count > 0);
        reading.Problems.ShouldAllBe(problem => problem.Line >= 1 && problem.Column >= 1 && problem.Sentence.Length > 0);
    }
}
