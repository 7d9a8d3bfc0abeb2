using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Server.Tests.Commands;

namespace Iec102.Server.Tests.Api;

/// <summary>The API calls for facts, and their export.</summary>
public sealed class FactApiTests(ToldServer server) : IClassFixture<ToldServer>
{
    private const string Meter = "/api/meters/m-1";

    [Fact]
    public async Task Meters_have_the_labels_of_the_fleet_file()
    {
        var meters = (await server.GetAsync("/api/meters"))!.AsArray();
        var labelled = meters.Single(meter => meter!["id"]!.ToString() == "m-1")!;

        (labelled["name"]!.ToString(), labelled["site"]!.ToString(), labelled["group"]!.ToString(), labelled["tags"]!.ToJsonString(),
            labelled["cups"]!.ToString(), labelled["meterNumber"]!.ToString())
            .ShouldBe(("Bomba, pozo 3", "Norte", "Cliente A", """["solar"]""", "ES1234123456789012JY", "48304838"));
        (await server.GetAsync(Meter))!["name"]!.ToString().ShouldBe("Bomba, pozo 3");
        var other = meters.Single(meter => meter!["id"]!.ToString() == "m-2")!;
        (other["name"], other["tags"]!.AsArray().Count).ShouldBe((null, 0));
    }

    [Fact]
    public async Task An_export_lists_the_meters_with_their_labels()
    {
        var csv = await Cli.RunAsync($"export --data {server.Data} --all --what meters");

        csv.Error.ShouldBe("");
        csv.Lines.ShouldBe(
        [
            "meter,name,site,group,tags,cups,meter_number,time_zone,serial_number,manufacturer",
            "m-1,\"Bomba, pozo 3\",Norte,Cliente A,solar,ES1234123456789012JY,48304838,Europe/Madrid,48304838,66",
        ]);
    }

    [Theory]
    [InlineData("--site norte --what closings")]
    [InlineData("--tag solar --what closings")]
    [InlineData("--group Cliente\u00a0A --what closings")]
    [InlineData("--meter m-1 --curve daily-closing")]
    public async Task Lines_of_an_export_end_with_the_labels_where_these_are_asked_for(string options)
    {
        var csv = await Cli.RunAsync(
            [.. $"export --data {server.Data} --labels {options}".Split(' ').Select(word => word.Replace('\u00a0', ' '))]);

        csv.Error.ShouldBe("");
        csv.Lines[0].ShouldEndWith(",name,site,group,tags,cups,meter_number");
        csv.Lines.Length.ShouldBe(4);
        csv.Lines[1..].ShouldAllBe(line => line.EndsWith(
            ",\"Bomba, pozo 3\",Norte,Cliente A,solar,ES1234123456789012JY,48304838", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--site Sur --tag pv", "No stored meter has site 'Sur' and tag 'pv'; --what meters --all lists them.")]
    [InlineData(
        "--all --labels --format json",
        "--labels is for CSV, and not for --what current: --what meters lists the labels in every format.")]
    [InlineData("--what events", "Say which meters to export: --meter ID, or --site, --group and --tag, or --all.")]
    [InlineData("--meter m-1 --site Norte", "Say which meters to export: --meter ID, or --site, --group and --tag, or --all.")]
    public async Task A_wrong_selection_for_an_export_is_one_sentence(string options, string sentence)
    {
        var result = await Cli.RunAsync($"export --data {server.Data} {options}");

        (result.Sentence, result.Status, result.Output).ShouldBe((sentence, 2, ""));
    }

    [Fact]
    public async Task Events_have_text_record_and_time_and_those_without_a_date_come_too()
    {
        var events = (await server.GetAsync(Meter + "/events"))!["events"]!.AsArray();

        events.Select(one => one!["text"]!.ToString())
            .ShouldBe(["measuring voltage missing on phase II, begins", "intrusion", "restart, earlier data lost"]);
        events[0]!.ToJsonString().ShouldBe("""
            {"record":52,"recordName":"start-up and voltage","spa":3,"spq":2,"spi":1,
            "text":"measuring voltage missing on phase II, begins",
            "time":"2024-07-15T01:00:00.250+02:00","readAt":"2024-07-16T06:00:00+02:00"}
            """.Replace("\n", "", StringComparison.Ordinal).Replace("+02", "\\u002B02", StringComparison.Ordinal));
        events[2]!["time"].ShouldBeNull();
    }

    [Fact]
    public async Task Events_of_a_range_come_in_the_language_asked_for()
    {
        var events = (await server.GetAsync(Meter + "/events?from=2024-07-15T01:30&to=2024-07-15T02:00&lang=es"))!["events"]!.AsArray();

        events.ShouldHaveSingleItem()!["text"]!.ToString().ShouldBe("intrusión");
        events[0]!["recordName"]!.ToString().ShouldBe("intrusión");
    }

    [Fact]
    public async Task Tariffs_come_by_contract_with_the_current_and_the_closed_periods_of_the_range()
    {
        var contract = (await server.GetAsync(Meter + "/tariff"))!["contracts"]!.AsArray().ShouldHaveSingleItem()!;

        ((int)contract["contract"]!).ShouldBe(1);
        contract["current"]!.AsArray().Select(one => ((int)one!["period"]!, (int)one["active"]!["absolute"]!))
            .ShouldBe([(0, 200), (1, 150)]);
        var closed = contract["closed"]!.AsArray().ShouldHaveSingleItem()!;
        (closed["start"]!.ToString(), closed["end"]!.ToString()).ShouldBe(("2024-06-14T00:00:00+02:00", "2024-07-15T00:00:00+02:00"));
        ((int)closed["active"]!["increment"]!, (int)closed["inductive"]!["absolute"]!, (int)closed["excess"]!["value"]!)
            .ShouldBe((50, 3, 9));
        ((int)closed["maximumDemand"]!["value"]!, closed["maximumDemand"]!["time"]!.ToString()).ShouldBe((84, "2024-06-14T09:00:00+02:00"));
        (await server.GetAsync(Meter + "/tariff?from=2024-07-15"))!["contracts"]![0]!["closed"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Closings_have_registers_with_quality_and_say_when_they_are_derived()
    {
        var closings = (await server.GetAsync(Meter + "/closings"))!["closings"]!.AsArray();

        closings.Select(one => (one!["at"]!.ToString(), (int)one["aPlus"]!, (bool)one["derived"]!)).ShouldBe(
        [
            ("2024-07-14T00:00:00+02:00", 990, true), ("2024-07-15T00:00:00+02:00", 1000, false),
            ("2024-07-16T00:00:00+02:00", 1010, false),
        ]);
        closings[0]!["aMinus"].ShouldBeNull();
        closings[0]!["quality"]!.AsArray().Select(one => (int?)one).ShouldBe([0, null, null, null, null, null, null, 128]);
    }

    [Fact]
    public async Task Closings_are_a_curve_too_as_json_and_as_csv()
    {
        const string call = Meter + "/profiles/daily-closing?from=2024-07-14T00:00&to=2024-07-15";
        var profile = (await server.GetAsync(call))!;
        profile["curve"]!.ToString().ShouldBe("daily-closing");
        var interval = profile["intervals"]!.AsArray().ShouldHaveSingleItem()!;
        (interval["end"]!.ToString(), (int)interval["periodMinutes"]!, (int)interval["aPlus"]!)
            .ShouldBe(("2024-07-15T00:00:00+02:00", 1440, 1000));

        using var request = new HttpRequestMessage(HttpMethod.Get, call);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using var csv = await server.Client.SendAsync(request);
        (await csv.Content.ReadAsStringAsync())
            .Split('\n')[1].ShouldBe("m-1,daily-closing,2024-07-15T00:00:00+02:00,1000,0,,,,,,,,,,,,,0,128");

        using var coverage = await server.Client.GetAsync(Meter + "/profiles/daily-closing/coverage");
        coverage.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("from=2024-07-15&to=2024-07-16", "15 16")]
    [InlineData("from=2024-07-15&to=2024-07-15", "15")]
    [InlineData("from=2024-07-15T00:00&to=2024-07-16", "16")]
    [InlineData("from=2024-07-14T22:00:00Z&to=2024-07-16", "16")]
    public async Task A_day_includes_the_closing_of_its_own_midnight(string range, string days)
    {
        var closings = (await server.GetAsync($"{Meter}/closings?{range}"))!["closings"]!.AsArray();
        var profile = (await server.GetAsync($"{Meter}/profiles/daily-closing?{range}"))!["intervals"]!.AsArray();
        var options = range.Replace("from=", "--from ", StringComparison.Ordinal).Replace("&to=", " --to ", StringComparison.Ordinal);
        var export = await Cli.RunAsync($"export --data {server.Data} --meter m-1 --curve daily-closing {options}");

        string.Join(' ', closings.Select(one => one!["at"]!.ToString()[8..10])).ShouldBe(days);
        string.Join(' ', profile.Select(one => one!["end"]!.ToString()[8..10])).ShouldBe(days);
        string.Join(' ', export.Lines[1..].Select(line => line.Split(',')[2][8..10])).ShouldBe(days);
    }

    [Fact]
    public async Task Values_have_their_units()
    {
        foreach (var call in (string[])[Meter + "/closings", Meter + "/profiles/hourly?from=2024-07-14&to=2024-07-15"])
        {
            (await server.GetAsync(call))!["units"]!.ToJsonString().ShouldBe(
                """{"aPlus":"kWh","aMinus":"kWh","r1":"kvarh","r2":"kvarh","r3":"kvarh","r4":"kvarh"}""");
        }

        (await server.GetAsync(Meter + "/tariff"))!["units"]!.ToJsonString().ShouldBe(
            """{"active":"kWh","inductive":"kvarh","capacitive":"kvarh","maximumDemand":"kW"}""");
    }

    [Fact]
    public async Task The_configuration_tells_all_that_the_meter_says_of_itself()
    {
        var set = (await server.GetAsync(Meter + "/configuration"))!;

        ((uint)set["identity"]!["serialNumber"]!, set["identity"]!["standard"]!.ToString()).ShouldBe((ToldServer.Serial, "2005-11"));
        var registrar = set["registrar"]!;
        (registrar["model"]!.ToString(), (int)registrar["firmware"]!, (int)registrar["batteryPercent"]!).ShouldBe(("KA", 77, 38));
        ((int)registrar["port1"]!["baud"]!, registrar["port1"]!["line"]!.ToString(), registrar["port2"]!["baud"])
            .ShouldBe((9600, "8E1", null));
        ((double)registrar["ratios"]!["primaryVoltage"]!, (double)registrar["ratios"]!["secondaryCurrent"]!).ShouldBe((17_500, 5));
        registrar["integrationPeriodsMinutes"]!.AsArray().Select(one => (int)one!).ShouldBe([60, 15, 0]);
        registrar["contracts"]!.AsArray().Select(one => one!.ToString()).ShouldBe(["active", "inactive", "none"]);

        var further = set["further"]!;
        (
            (int)further["batteryPercent"]!, (bool)further["automaticClockChange"]!, (bool)further["closingByButton"]!,
            further["program"]!.ToString()).ShouldBe((37, true, false, "PRG-1"));
        further["curvePeriodsMinutes"]!.AsArray().Select(one => (int)one!).ShouldBe([60, 15]);
        ((int)set["pointParameters"]!["depth"]!, set["clockChanges"]!["toWinter"]!.ToString()).ShouldBe((180, "2024-10-27T03:00"));
        set["contractedPowers"]!.AsArray().ShouldHaveSingleItem()!["powers"]!.AsArray()
            .Select(one => ((int)one!["period"]!, (int)one["power"]!)).ShouldBe([(1, 60), (2, 65)]);
        set["holidays"]!.AsArray().ShouldHaveSingleItem()!["dates"]!.AsArray().Select(one => one!.ToString())
            .ShouldBe(["2024-08-15", "--12-25"]);
        var seasons = set["seasons"]!.AsArray().ShouldHaveSingleItem()!;
        ((int)seasons["contract"]!["number"]!, (bool)seasons["contract"]!["latent"]!, seasons["kind"]!.ToString())
            .ShouldBe((1, true, "annual"));
        seasons["dayTypes"]!.AsArray().Count.ShouldBe(2);
        set["currentPeriods"]!["contracts"]!.AsArray().Select(one => (int)one!).ShouldBe([2, 3, 0]);
        set["other"]!.AsArray().ShouldHaveSingleItem()!["octets"]!.ToString().ShouldBe("c0abcd");
    }

    [Fact]
    public async Task The_history_of_the_configuration_has_each_change_with_its_time()
    {
        var history = (await server.GetAsync(Meter + "/configuration"))!["history"]!.AsArray();

        history.Where(one => (int)one!["type"]! == 145)
            .Select(one => (one!["firstReadAt"]!.ToString(), (int)one["value"]!["powers"]![0]!["power"]!)).ShouldBe(
            [("2024-07-16T06:00:00+02:00", 50), ("2024-07-17T06:00:00+02:00", 60)]);
        history.ShouldNotContain(one => one!["value"]!.AsObject().ContainsKey("contracts") && (int)one["type"]! == 151);
    }

    [Fact]
    public async Task The_clock_has_its_checks_with_the_drift_between_them_and_every_attempt_to_set_it()
    {
        server.Tell(ToldServer.Check(24, -9));
        await EndToEnd.Site.UntilAsync(
            async () => (await server.GetAsync(Meter + "/clock"))!["checks"]!.AsArray().Count > 1, TimeSpan.FromSeconds(20),
            () => "The check was not stored.");
        var clock = (await server.GetAsync(Meter + "/clock"))!;

        clock["checks"]!.AsArray().Select(
            one => ((double)one!["offsetSeconds"]!, (double)one["uncertaintySeconds"]!, (double?)one["driftSecondsPerDay"]))
            .ShouldBe([(-10, 0.04, null), (-9, 0.04, 1)]);
        var write = clock["writes"]!.AsArray().ShouldHaveSingleItem()!;
        (write["time"]!.ToString(), (double)write["offsetBeforeSeconds"]!, write["outcome"]!.ToString(), write["error"]!.ToString())
            .ShouldBe(
            ("2024-07-16T06:00:00+02:00", -90.25, "refused", "the meter refused: cause 14"));
    }

    [Fact]
    public async Task A_current_signal_has_its_primary_value_when_that_is_known()
    {
        var signals = (await server.GetAsync(Meter + "/current"))!["signals"]!.AsArray().Select(one => one!.AsObject())
            .ToDictionary(one => one["id"]!.ToString());

        ((double)signals["voltage.l1"]["primaryValue"]!).ShouldBe(10_000);
        signals["power.active.l1"].ContainsKey("primaryValue").ShouldBeFalse();
    }

    [Fact]
    public async Task The_metrics_count_new_events_and_attempts_to_set_clocks()
    {
        var lines = (await server.Client.GetStringAsync("/metrics")).Split('\n');

        lines.ShouldContain("iec102_meter_events_stored_total{meter=\"m-1\"} 3");
        lines.ShouldContain("iec102_meter_clock_writes_total{meter=\"m-1\",outcome=\"refused\"} 1");
        lines.ShouldNotContain(line => line.Contains("outcome=\"set\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("events")]
    [InlineData("tariff")]
    [InlineData("closings")]
    [InlineData("configuration")]
    public async Task An_export_is_what_the_server_answers(string what)
    {
        var export = await Cli.RunAsync($"export --data {server.Data} --meter m-1 --what {what} --format json");

        export.Output.ShouldBe(await server.Client.GetStringAsync($"{Meter}/{what}"), export.Error);
    }

    [Theory]
    [InlineData("--what events --lang es", 4,
        "m-1,2024-07-15T01:00:00.250+02:00,52,3,2,1,\"falta de tensión de medida en la fase II, comienza\",2024-07-16T06:00:00+02:00")]
    [InlineData("--what tariff --from 2024-07-15", 3,
        "m-1,1,current,0,2024-07-15T00:00:00+02:00,2024-07-16T00:00:00+02:00,"
        + "200,100,0,3,4,0,5,6,0,84,2024-07-15T09:00:00+02:00,0,9,0,2024-07-16T06:00:00+02:00")]
    [InlineData("--what closings", 4, "m-1,2024-07-14T00:00:00+02:00,990,0,,,,,,,,,,,,,0,128,true,2024-07-16T06:00:00+02:00")]
    [InlineData("--curve daily-closing", 4, "m-1,daily-closing,2024-07-14T00:00:00+02:00,990,0,,,,,,,,,,,,,0,128")]
    [InlineData("--what clock --from 2024-07-16T01:00", 2,
        "m-1,write,2024-07-16T06:00:00+02:00,2024-07-16 06:00:00.000 S,-90.25,,,refused,the meter refused: cause 14")]
    public async Task An_export_as_csv_has_a_heading_and_a_line_for_each(string options, int lines, string first)
    {
        var export = await Cli.RunAsync($"export --data {server.Data} --meter m-1 {options}");

        export.Lines.Length.ShouldBe(lines, export.Error);
        export.Lines[1].ShouldBe(first);
        export.Lines[0].Split(',').Length.ShouldBe(export.Lines[^1].Split(',').Length);
    }

    [Fact]
    public async Task An_export_of_the_configuration_as_csv_has_a_line_for_each_field()
    {
        var export = await Cli.RunAsync($"export --data {server.Data} --meter m-1 --what configuration");

        export.Lines.ShouldContain("m-1,142,0,2024-07-16T06:00:00+02:00,2024-07-16T06:00:00+02:00,48304838,ratios.primaryVoltage,17500");
        export.Lines.ShouldContain("m-1,145,134,2024-07-17T06:00:00+02:00,2024-07-17T06:00:00+02:00,48304838,powers.1.power,60");
    }

    [Fact]
    public async Task All_meters_are_a_list()
    {
        var export = await Cli.RunAsync($"export --data {server.Data} --all --what closings --format json");

        JsonNode.Parse(export.Output)!.AsArray().ShouldHaveSingleItem()!["meter"]!.ToString().ShouldBe("m-1");
    }

    [Theory]
    [InlineData("/api/meters/nobody/events", HttpStatusCode.NotFound, "nobody")]
    [InlineData("/api/meters/nobody/configuration", HttpStatusCode.NotFound, "nobody")]
    [InlineData("/api/stream?meter=nobody", HttpStatusCode.NotFound, "nobody")]
    [InlineData(Meter + "/events?from=yesterday", HttpStatusCode.BadRequest, "yesterday")]
    [InlineData(Meter + "/closings?from=2024-07-16&to=2024-07-15", HttpStatusCode.BadRequest, "earlier")]
    [InlineData(Meter + "/events?lang=fr", HttpStatusCode.BadRequest, "fr")]
    [InlineData(Meter + "/profiles/daily-closing?from=2024-07-16", HttpStatusCode.BadRequest, "Both from and to")]
    public async Task What_cannot_be_answered_is_a_problem_with_a_sentence(string path, HttpStatusCode status, string mentions)
    {
        using var response = await server.Client.GetAsync(path);

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.ToString().ShouldContain(mentions);
    }

    [Fact]
    public async Task A_meter_that_told_nothing_has_empty_answers()
    {
        (await server.GetAsync("/api/meters/m-2/events"))!["events"]!.AsArray().ShouldBeEmpty();
        (await server.GetAsync("/api/meters/m-2/tariff"))!["contracts"]!.AsArray().ShouldBeEmpty();
        (await server.GetAsync("/api/meters/m-2/configuration"))!["identity"].ShouldBeNull();
    }
}
