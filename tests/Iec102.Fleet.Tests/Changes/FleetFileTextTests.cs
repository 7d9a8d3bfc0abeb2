using System.Globalization;
using FsCheck.Xunit;
using Iec102.Fleet.Changes;
using Iec102.Hocon;

namespace Iec102.Fleet.Tests.Changes;

public class FleetFileTextTests
{
    private const string Plain =
        """
        # The plant
        iec102 {
          ports {
            north { tcp = "192.0.2.10:4001" }  # the converter
          }
          meters {
            m-1 { port = north, link-address = 1, password = 7, name = "One" }
          }
        }

        """;

    private static readonly FleetEntry NewPort = new("new-port", [new FleetEntry("tcp", "192.0.2.99:4001")]);

    private static readonly FleetEntry NewMeter = new(
        "new-meter", [new("port", "p0"), new("link-address", "99"), new("password", "${SITE_KEY}"), new("name", "Línea \"9\" ${x}")]);

    [Property(MaxTest = 300)]
    public void A_port_and_a_meter_are_added_and_nothing_else_changes(int seed)
    {
        var fleet = new RandomFleet(seed);
        var before = Read(fleet.Text, fleet);
        var changed = Change(fleet.Text, fleet, new FleetChanges([NewPort], [NewMeter], []));
        changed.Problems.ShouldBeEmpty(fleet.Text);
        var after = Read(changed.Text, fleet);
        after.Ports.Where(port => port.Id != "new-port").ShouldBe(before.Ports, ignoreOrder: true);
        after.Meters.Where(meter => meter.Id != "new-meter").ShouldBe(before.Meters, ignoreOrder: true);
        (after with { Ports = [], Meters = [] }).ShouldBe(before with { Ports = [], Meters = [] });
        after.Ports.Single(port => port.Id == "new-port").Address.ShouldBe("tcp://192.0.2.99:4001");
        var meter = after.Meters.Single(one => one.Id == "new-meter");
        (meter.Port, meter.LinkAddress, meter.Password.Reveal(), meter.Labels.Name).ShouldBe(("p0", (ushort)99, 77u, "Línea \"9\" ${x}"));
        IsWithin(fleet.Text, changed.Text).ShouldBeTrue($"{fleet.Text}\n-----\n{changed.Text}");
        changed.Text.Contains('\r').ShouldBe(fleet.Text.Contains('\r'));
    }

    [Property(MaxTest = 300)]
    public void A_value_is_changed_and_nothing_else_or_the_place_to_change_is_named(int seed)
    {
        var fleet = new RandomFleet(seed);
        var before = Read(fleet.Text, fleet);
        var random = new Random(seed);
        var meter = before.Meters[random.Next(before.Meters.Count)];
        var (key, value) = random.Next(3) switch { 0 => ("name", "Otro"), 1 => ("password", "5"), _ => ("enabled", "false") };
        var changed = Change(fleet.Text, fleet, new FleetChanges([], [], [new FleetSetting("meters", meter.Id, key, value)]));
        if (changed.Problems.Count > 0)
        {
            changed.Text.ShouldBe(fleet.Text);
            changed.Problems.ShouldHaveSingleItem().Sentence.ShouldContain(": change ");
            // Only what stands elsewhere is refused.
            (meter.Id is "included" or "row" || key == "password").ShouldBeTrue($"{meter.Id}: {changed.Problems[0]}\n{fleet.Text}");
            return;
        }

        var expected = key switch
        {
            "name" => meter with { Labels = meter.Labels with { Name = value } },
            "password" => meter with { Password = new Secret(5) },
            _ => meter with { Enabled = false },
        };
        Read(changed.Text, fleet).ShouldBe(
            before with { Meters = [.. before.Meters.Select(one => one.Id == meter.Id ? expected : one)] }, changed.Text);
    }

    [Fact]
    public void New_sections_have_the_indentation_of_those_before_them()
    {
        var meter = new FleetEntry("m-2", [new("port", "north"), new("link-address", "2"), new("password", "7"), new("name", "La dos")]);
        var changed = Change(Plain, new FleetChanges([], [meter], []));
        changed.Problems.ShouldBeEmpty();
        changed.Text.ShouldBe(Plain.Replace(
            "\"One\" }\n",
            "\"One\" }\n    m-2 { port = north, link-address = 2, password = 7, name = \"La dos\" }\n", StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_section_has_one_line_for_each_key()
    {
        var meter = new FleetEntry("m-2", [new("port", "north"), new("link-address", "2"), new("name", new string('x', 100))]);
        Change(Plain, new FleetChanges([], [meter], [])).Text.ShouldContain(
            "    m-2 {\n      port = north\n      link-address = 2\n      name = xxx", Case.Sensitive);
    }

    [Fact]
    public void An_empty_file_gets_its_first_port_and_meter()
    {
        var port = new FleetEntry("p", [new FleetEntry("serial", [new("device", "/dev/ttyS0"), new("line", "9600-8E1")])]);
        var meter = new FleetEntry("m", [new("port", "p"), new("link-address", "1"), new("password", "7")]);
        var changed = Change("", new FleetChanges([port], [meter], []));
        changed.Problems.ShouldBeEmpty();
        changed.Text.ShouldBe(
            """
            iec102.ports {
              p { serial { device = "/dev/ttyS0", line = 9600-8E1 } }
            }

            iec102.meters {
              m { port = p, link-address = 1, password = 7 }
            }

            """);
    }

    [Theory]
    [InlineData("tcp", "192.0.2.11:4001", "{ tcp = \"192.0.2.11:4001\" }")]
    [InlineData("enabled", "false", "{ tcp = \"192.0.2.10:4001\"\n      enabled = false\n    }")]
    public void A_value_of_a_port_is_changed(string key, string value, string expected)
    {
        var changed = Change(Plain, new FleetChanges([], [], [new FleetSetting("ports", "north", key, value)]));
        changed.Problems.ShouldBeEmpty();
        changed.Text.ShouldBe(Plain.Replace("{ tcp = \"192.0.2.10:4001\" }", expected, StringComparison.Ordinal));
        Change(Plain, new FleetChanges([], [], [new FleetSetting("ports", "m-1", key, value)])).Problems.ShouldHaveSingleItem()
            .Sentence.ShouldBe("there is no port 'm-1' in this file.");
    }

    [Theory]
    [InlineData("""meters-csv = "m.csv" """, "row", "name", "change it in the CSV file")]
    [InlineData("""include "more.conf" """, "included", "name", "a file that the fleet file includes")]
    [InlineData("""meters.m { port = north, password = ${KEY}, link-address = 1 }""", "m", "password", "comes from a substitution")]
    [InlineData("""meters.m = ${t} { port = north }""", "nobody", "name", "no meter 'nobody'")]
    public void What_is_written_elsewhere_is_refused_with_the_place(string section, string meter, string key, string sentence)
    {
        var text = $$"""
            t { name = x }
            iec102 { {{section}} }
            """;
        var options = FleetText.Options(
            new() { ["/etc/more.conf"] = "meters.included { name = y }" }, new() { ["KEY"] = "1" });
        var changed = FleetFileText.Change(
            text, FleetText.File, new FleetChanges([], [], [new FleetSetting("meters", meter, key, "z")]), options);
        changed.Problems.ShouldHaveSingleItem().Sentence.ShouldContain(sentence);
        changed.Text.ShouldBe(text);
    }

    [Fact]
    public void A_value_on_which_others_depend_is_not_changed()
    {
        var text = "iec102.meters { a { name = x }, b { name = ${iec102.meters.a.name} } }";
        var changed = Change(text, new FleetChanges([], [], [new FleetSetting("meters", "a", "name", "y")]));
        changed.Problems.ShouldHaveSingleItem().ToString().ShouldBe(
            "/etc/fleet.conf:1:28: iec102.meters.a.name: other values of the file depend on this one: change it in the file itself.");
        changed.Text.ShouldBe(text);
    }

    [Fact]
    public void A_name_that_is_taken_is_named_with_its_place()
    {
        var twice = new FleetEntry("m-1", [new("port", "north")]);
        Change(Plain, new FleetChanges([], [twice], [])).Problems.ShouldHaveSingleItem().ToString().ShouldBe(
            "/etc/fleet.conf:7:5: iec102.meters.m-1: there is a meter of this id already: choose another id.");
    }

    [Fact]
    public void The_difference_shows_no_secret_not_even_where_it_is_written_for_others()
    {
        const string Before =
            """
            site-key = 4711
            iec102 {
              meters {
                a { password = ${site-key}, name = "A" }
                b { password = "8812", name = "B" }
              }
              cluster.key = "a-key-of-many-letters"
            }
            """;
        var after = Before.Replace("8812", "8813", StringComparison.Ordinal);
        var lines = LineDifference.Of(Before, after, text => FleetSecrets.Masked(text, FleetText.File));
        lines.ShouldBe(
        [
            "@@ -2,7 +2,7 @@",
            " iec102 {",
            "   meters {",
            "     a { password = ${site-key}, name = \"A\" }",
            "-    b { password = ****, name = \"B\" }",
            "+    b { password = ****, name = \"B\" }",
            "   }",
            "   cluster.key = ****",
            " }",
        ]);
        FleetSecrets.Masked(Before, FleetText.File).ShouldStartWith("site-key = ****\n");
    }

    /// <summary>The example has every key that a fleet file can have.</summary>
    [Fact]
    public void No_secret_of_the_example_is_left_in_the_masked_text()
    {
        var example = File.ReadAllText(FleetExampleTests.ExamplePath());
        var masked = FleetSecrets.Masked(example, FleetText.File);
        foreach (var secret in (string[])
            ["password = 1", "write-password = 2", "20241027", "ATZ", "example-of-a-secret", "monitor.example", "password = \"example\""])
        {
            example.ShouldContain(secret);
            masked.ShouldNotContain(secret);
        }
    }

    [Property]
    public void A_difference_makes_the_new_text_of_the_old_one(int seed)
    {
        var random = new Random(seed);
        var before = Enumerable.Range(0, random.Next(60)).Select(i => $"line {i % 7}").ToList();
        var after = before.ToList();
        for (var i = random.Next(4); i > 0; i--)
        {
            if (random.Next(2) == 0 && after.Count > 0)
                after.RemoveAt(random.Next(after.Count));
            else
                after.Insert(random.Next(after.Count + 1), $"new {i}");
        }

        var lines = LineDifference.Of(string.Join('\n', before), string.Join('\n', after), text => text);
        Apply(before.Count == 0 ? [""] : before, lines).ShouldBe(after.Count == 0 ? [""] : after);
        (lines.Count == 0).ShouldBe(before.SequenceEqual(after));
    }

    private static List<string> Apply(List<string> old, IReadOnlyList<string> difference)
    {
        var (made, at) = (new List<string>(), 0);
        foreach (var line in difference)
        {
            if (line.StartsWith("@@", StringComparison.Ordinal))
            {
                var begin = int.Parse(line[4..line.IndexOf(',', StringComparison.Ordinal)], CultureInfo.InvariantCulture) - 1;
                made.AddRange(old[at..begin]);
                at = begin;
            }
            else
            {
                if (line[0] != '-')
                    made.Add(line[1..]);
                if (line[0] != '+')
                    old[at++].ShouldBe(line[1..]);
            }
        }

        made.AddRange(old[at..]);
        return made;
    }

    private static ChangedFleetText Change(string text, FleetChanges changes) =>
        FleetFileText.Change(text, FleetText.File, changes, FleetText.Options());

    private static ChangedFleetText Change(string text, RandomFleet fleet, FleetChanges changes) =>
        FleetFileText.Change(text, FleetText.File, changes, OptionsOf(fleet));

    private static FleetConfiguration Read(string text, RandomFleet fleet)
    {
        var reading = FleetReader.Read(text, FleetText.File, OptionsOf(fleet));
        reading.Problems.ShouldBeEmpty(text);
        return reading.Configuration!;
    }

    private static HoconOptions OptionsOf(RandomFleet fleet) => FleetText.Options(fleet.Files, RandomFleet.Environment);

    /// <summary>Whether the characters of one text, but for blanks, occur in the other in the same order.</summary>
    private static bool IsWithin(string part, string whole)
    {
        var at = 0;
        foreach (var each in part.Where(each => !char.IsWhiteSpace(each)))
        {
            at = whole.IndexOf(each, at) + 1;
            if (at == 0)
                return false;
        }

        return true;
    }
}
