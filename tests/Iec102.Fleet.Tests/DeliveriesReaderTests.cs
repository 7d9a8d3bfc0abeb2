using Iec102.Fleet.Changes;
using NodaTime;

namespace Iec102.Fleet.Tests;

/// <summary>What a fleet file says about scheduled deliveries.</summary>
public class DeliveriesReaderTests
{
    private const string Meters =
        $$"""
        {{FleetText.Ports}}
        meters.a { port = tcp-1, link-address = 1, password = 9, site = North, group = "Customer A", tags = [solar] }
        meters.b { port = tcp-1, link-address = 2, password = 9, site = South }
        meters.c { port = com-1, link-address = 3, password = 9, group = "customer a" }

        """;

    [Fact]
    public void With_nothing_but_a_folder_every_meter_is_delivered_each_day() =>
        FleetText.Fleet("deliveries.daily.folder = \"/srv/d\"").Deliveries.ShouldBe(
        [
            new DeliveryConfiguration
            {
                Name = "daily",
                Folder = "/srv/d",
                At = new LocalTime(7, 0),
                What = DeliveredPeriod.Yesterday,
                Format = DeliveryFormat.Csv,
            },
        ]);

    [Fact]
    public void Everything_can_be_written()
    {
        const string Written =
            """
            deliveries {
              week_1 { at = "00:15", what = week, curves = [quarter-hour, daily-closing], meters = [b, a, a], format = json, folder = "/x" }
              months { what = month, port = com-1, site = north, group = "Customer A", tag = solar, folder = "/x" }
            }
            """;
        var deliveries = FleetText.Fleet($"{Meters}{Written}").Deliveries;

        deliveries.ShouldBe(
        [
            new DeliveryConfiguration
            {
                Name = "week_1",
                Folder = "/x",
                At = new LocalTime(0, 15),
                What = DeliveredPeriod.Week,
                Curves = ["quarter-hour", "daily-closing"],
                Meters = ["b", "a"],
                Format = DeliveryFormat.Json,
            },
            new DeliveryConfiguration
            {
                Name = "months",
                Folder = "/x",
                What = DeliveredPeriod.Month,
                Port = "com-1",
                Site = "north",
                Group = "Customer A",
                Tag = "solar",
            },
        ]);
    }

    [Theory]
    [InlineData("", "a b c")]
    [InlineData("meters = [c, a]", "a c")]
    [InlineData("port = tcp-1", "a b")]
    [InlineData("site = NORTH", "a")]
    [InlineData("group = \"Customer A\"", "a c")]
    [InlineData("group = \"Customer A\", port = com-1", "c")]
    [InlineData("tag = Solar, meters = [b]", "")]
    public void Meters_are_chosen_as_calls_choose_them(string keys, string meters)
    {
        var fleet = FleetText.Fleet($"{Meters}deliveries.d {{ folder = \"/x\", {keys} }}");

        string.Join(' ', fleet.Meters.Where(fleet.Deliveries.Single().Has).Select(meter => meter.Id)).ShouldBe(meters);
    }

    [Theory]
    [InlineData("d { }", "iec102.deliveries.d.folder: is missing: write where the files go, folder = \"/srv/deliveries\".")]
    [InlineData("d.folder = x", "iec102.deliveries.d.folder: must be a whole path")]
    [InlineData("\"a/b\".folder = \"/x\"", "iec102.deliveries.\"a/b\": is not a valid id")]
    [InlineData("d { folder = \"/x\", at = 7 }", "iec102.deliveries.d.at: must be a time of day from 00:00 to 23:59")]
    [InlineData("d { folder = \"/x\", what = today }", "iec102.deliveries.d.what: must be yesterday, week or month, not 'today'.")]
    [InlineData("d { folder = \"/x\", format = xml }", "iec102.deliveries.d.format: must be csv or json, not 'xml'.")]
    [InlineData("d { folder = \"/x\", wha = week }", "iec102.deliveries.d.wha: this key is unknown; the nearest known one is 'what'.")]
    [InlineData(
        "d { folder = \"/x\", curves = [hourli] }", "iec102.deliveries.d.curves: there is no curve 'hourli'; the nearest is 'hourly'.")]
    [InlineData("d { folder = \"/x\", curves = [] }", "iec102.deliveries.d.curves: must name at least one curve; leave the key out")]
    [InlineData("d { folder = \"/x\", meters = [a, bb] }", "iec102.deliveries.d.meters: there is no meter 'bb'; the nearest is 'b'.")]
    [InlineData("d { folder = \"/x\", group = \"Customer B\" }", "iec102.deliveries.d.group: no meter has the group 'Customer B'; the ne")]
    [InlineData("d { folder = \"/x\", port = north }", "iec102.deliveries.d.port: no meter has the port 'north'; the nearest is")]
    public void What_is_wrong_is_said_in_one_sentence_with_its_place(string written, string problem) =>
        FleetText.Read($"{Meters}deliveries {{\n{written}\n}}").Problems.ShouldHaveSingleItem().ToString().ShouldContain(problem);

    [Fact]
    public void There_is_a_most()
    {
        var many = string.Join('\n', Enumerable.Range(1, 51).Select(i => $"deliveries.d-{i}.folder = \"/x\""));

        FleetText.Problem(many).ToString().ShouldContain("iec102.deliveries.d-51: is one too many: there can be at most 50 deliveries.");
    }

    [Fact]
    public void A_change_of_a_meter_through_the_server_leaves_the_section_as_it_is()
    {
        var text = $"iec102 {{\n{Meters}deliveries.d {{ group = \"Customer A\", folder = \"/x\" }}\n}}\n";
        var changes = new FleetChanges([], [], [new FleetSetting("meters", "b", "group", "Customer A")]);

        var changed = FleetFileText.Change(text, FleetText.File, changes, FleetText.Options());

        var fleet = FleetReader.Read(changed.Text, FleetText.File, FleetText.Options()).Configuration.ShouldNotBeNull();
        fleet.Meters.Count(fleet.Deliveries.ShouldHaveSingleItem().Has).ShouldBe(3);
    }
}
