using System.Text.Json.Nodes;
using Iec102.Contract;
using Iec102.Protocol.Application;
using Iec102.Server.Tests.EndToEnd;
using Iec102.Simulator.Data;
using Iec102.Simulator.Hosting;
using Iec102.Storage.Exports;
using NodaTime;
using SimulatedContract = Iec102.Simulator.Data.Contract;

namespace Iec102.Server.Tests.Commands;

/// <summary>One-off reads of events, tariffs, closings and configuration, compared with the simulated meters' own data.</summary>
public sealed class ReadFactTests(SimulatedMeters meters) : IClassFixture<SimulatedMeters>
{
    private const int Usual = 0;
    private const int WithoutClosings = 7;
    private const int WithoutRegisters = 8;
    private const int WithoutTypes = 9;
    private const int Forgetful = 10;

    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    private static Instant Now => SystemClock.Instance.GetCurrentInstant();

    private static LocalDate Today => Now.InZone(Madrid).Date;

    [Fact]
    public async Task Events_of_all_records_are_what_happened_in_every_format()
    {
        var (from, to) = (Today.PlusDays(-60), Today.PlusDays(-1));
        var truth = Happened([52, 53, 54, 55, 128, 129, 130, 131, 132, 133], from, to);
        var range = $"--from {Iso(from)} --to {Iso(to)}";

        var table = await Cli.RunAsync($"read events {meters.Options(Usual)} {range}");
        var json = await Cli.RunAsync($"read events {meters.Options(Usual)} {range} --format json");
        var csv = await Cli.RunAsync($"read events {meters.Options(Usual)} {range} --format csv");

        table.Status.ShouldBe(0, table.Error);
        table.Lines.Length.ShouldBe(2 + truth.Count);
        var events = JsonNode.Parse(json.Output)!["events"]!.AsArray();
        events.Select(one => ((byte)one!["spa"]!, (byte)one["spq"]!, (int)one["spi"]! == 1))
            .ShouldBe(truth.Select(one => (one.Spa, one.Spq, one.Spi)), ignoreOrder: true);
        events.Select(one => Instant.FromDateTimeOffset(DateTimeOffset.Parse((string)one!["time"]!, null)))
            .ShouldBe(truth.Select(one => one.At));
        csv.Lines[0].ShouldBe("meter,time,record,spa,spq,spi,text,read_at");
        csv.Lines.Length.ShouldBe(1 + truth.Count);
    }

    [Fact]
    public async Task An_unknown_event_keeps_its_numbers_and_a_manufacturers_record_can_be_named()
    {
        (await Cli.RunAsync($"read events {meters.Options(Usual)}")).Output.ShouldContain("event 15/99 (SPI 1)");
        var truth = Happened([200], Today.PlusDays(-30), Today);

        var csv = await Cli.RunAsync(
            $"read events {meters.Options(Usual)} --record 200 --from {Iso(Today.PlusDays(-30))} --to {Iso(Today)} --format csv");

        csv.Lines[1..].Select(line => string.Join(',', line.Split(',')[2..6]))
            .ShouldBe(truth.Select(one => $"200,{one.Spa},{one.Spq},{(one.Spi ? 1 : 0)}"));
    }

    [Fact]
    public async Task Events_can_be_read_in_Spanish() =>
        (await Cli.RunAsync($"read events {meters.Options(Usual)} --record 129 --lang es")).Output.ShouldContain(
            "comunicación con un concentrador, comienza");

    [Fact]
    public async Task Tariffs_are_the_running_month_and_three_closed_ones_of_each_contract_in_force()
    {
        var json = await Cli.RunAsync($"read tariff {meters.Options(Usual)} --format json");
        var csv = await Cli.RunAsync($"read tariff {meters.Options(Usual)} --format csv");
        var table = await Cli.RunAsync($"read tariff {meters.Options(Usual)}");

        json.Status.ShouldBe(0);
        json.Sentence.ShouldBe("The meter refuses to give the current tariff of contract III (cause 13, data record not available).");
        var contracts = JsonNode.Parse(json.Output)!["contracts"]!.AsArray();
        contracts.Select(contract => (int)contract!["contract"]!).ShouldBe([1, 2]);
        var closed = contracts[0]!["closed"]!.AsArray();
        var month = new LocalDate(Today.Year, Today.Month, 1).PlusMonths(-3);
        closed.Select(period => (string)period!["end"]!).Distinct().ShouldBe(
            Enumerable.Range(1, 3).Select(months => TimeText.Format(Start(month.PlusMonths(months)), Madrid)));
        var truth = meters.Meter(Usual).DataOf(1).Tariff(
            SimulatedContract.Of(134)!, meters.Meter(Usual).Options.SerialNumber, Start(month), Start(month.PlusMonths(1)), Madrid);
        closed.Take(truth.Count).Select(period => (uint)period!["active"]!["increment"]!)
            .ShouldBe(truth.Select(figures => figures.Active.Increment));
        csv.Lines.Count(line => line.StartsWith("sim-1,1,closed,", StringComparison.Ordinal)).ShouldBe(closed.Count);
        csv.Lines.Count(line => line.StartsWith("sim-1,1,current,", StringComparison.Ordinal)).ShouldBe(truth.Count);
        table.Lines.Length.ShouldBe(2 + csv.Lines.Length - 1);
    }

    [Fact]
    public async Task Closings_are_the_registers_at_midnight_in_every_format()
    {
        var truth = await meters.TruthAsync(Usual, "daily-closing", Start(Today.PlusDays(-31)), Start(Today));

        var csv = await Cli.RunAsync($"read closings {meters.Options(Usual)} --format csv");
        var json = await Cli.RunAsync($"read closings {meters.Options(Usual)} --format json");
        var table = await Cli.RunAsync($"read closings {meters.Options(Usual)}");

        csv.Status.ShouldBe(0, csv.Error);
        truth.Count.ShouldBe(31);
        csv.Lines[1..].Select(WithoutReadAt)
            .ShouldBe(truth.Select(line => $"{line.Replace(",daily-closing,", ",", StringComparison.Ordinal)},false"));
        var closings = JsonNode.Parse(json.Output)!["closings"]!.AsArray();
        closings.Select(closing => $"{closing!["at"]},{closing["aPlus"]}")
            .ShouldBe(truth.Select(line => $"{line.Split(',')[2]},{line.Split(',')[3]}"));
        table.Lines.Length.ShouldBe(2 + 31);
    }

    [Fact]
    public async Task A_profile_of_daily_closings_has_the_shape_of_a_profile()
    {
        var (from, to) = (Today.PlusDays(-300), Today.PlusDays(-3));
        var range = $"--from {Iso(from)} --to {Iso(to)}";

        var csv = await Cli.RunAsync($"read profile {meters.Options(Usual)} --curve daily-closing {range} --format csv");

        csv.Status.ShouldBe(0, csv.Error);
        csv.Lines[0].ShouldBe(ProfileCsv.Header);
        // A date includes its own midnight.
        csv.Lines[1..].ShouldBe(await meters.TruthAsync(Usual, "daily-closing", Start(from.PlusDays(-1)), Start(to)));
    }

    [Fact]
    public async Task Of_a_meter_without_closings_the_registers_of_the_hours_stand_in_and_are_marked()
    {
        var truth = await meters.TruthAsync(WithoutClosings, "daily-closing", Start(Today.PlusDays(-31)), Start(Today));

        var csv = await Cli.RunAsync($"read closings {meters.Options(WithoutClosings)} --format csv");
        var profile = await Cli.RunAsync($"read profile {meters.Options(WithoutClosings)} --curve daily-closing --format csv");

        csv.Status.ShouldBe(0, csv.Error);
        csv.Lines[1..].Select(WithoutReadAt)
            .ShouldBe(truth.Select(line => $"{line.Replace(",daily-closing,", ",", StringComparison.Ordinal)},true"));
        profile.Lines[1..].ShouldBe(truth);
        profile.Sentence.ShouldBe("The meter has no daily closings; these are its registers of record 11 at 00:00.");
    }

    [Fact]
    public async Task A_meter_with_neither_has_no_closings()
    {
        var result = await Cli.RunAsync($"read closings {meters.Options(WithoutRegisters)}");

        result.Status.ShouldBe(1);
        result.Sentence.ShouldBe(
            "The meter refuses to give its closings, record 21, and its registers at 00:00, record 11 "
            + "(cause 15, record number not known).");
    }

    [Fact]
    public async Task Closings_older_than_the_meters_history_are_said_to_be_missing()
    {
        var begin = meters.Meter(Usual).HistoryStart.InZone(Madrid).Date;

        var result = await Cli.RunAsync(
            $"read closings {meters.Options(Usual)} --from {Iso(begin.PlusDays(-10))} --to {Iso(begin.PlusDays(10))} --format csv");

        result.Status.ShouldBe(0);
        result.Lines.Length.ShouldBe(1 + 10);
        result.Sentence.ShouldStartWith($"11 of 21 closings are missing, from {Iso(begin.PlusDays(-10))} 00:00");
    }

    [Theory]
    [InlineData("closings --from 2019-01-01 --to 2019-02-01", 1, "32 of 32 closings are missing, from")]
    [InlineData("events --from 2019-01-01 --to 2019-02-01", 0, "The meter has nothing to give for this.")]
    [InlineData("profile --from 2024-10-27T13:10 --to 2024-10-27T13:50", 1, "No interval ends in the range.")]
    public async Task An_empty_result_is_not_silent(string what, int status, string sentence)
    {
        var result = await Cli.RunAsync($"read {what} {meters.Options(Usual)}");

        result.Status.ShouldBe(status);
        result.Sentence.ShouldStartWith(sentence);
    }

    [Fact]
    public async Task The_configuration_has_model_firmware_and_periods_and_never_the_modems_string()
    {
        foreach (var format in (string[])["table", "json", "csv"])
        {
            var result = await Cli.RunAsync($"read config {meters.Options(Usual)} --format {format}");
            result.Status.ShouldBe(0, result.Error);
            result.Output.ShouldNotContain("CPIN");
            result.Output.ShouldNotContain("7391");
        }

        var json = JsonNode.Parse((await Cli.RunAsync($"read config {meters.Options(Usual)} --format json")).Output)!;
        ((uint)json["registrar"]!["serialNumber"]!).ShouldBe(meters.Meter(Usual).Options.SerialNumber);
        json["registrar"]!["integrationPeriodsMinutes"]!.AsArray().Select(minutes => (int)minutes!).ShouldBe([60, 15, 0]);
        json["further"]!["curvePeriodsMinutes"]!.AsArray().Select(minutes => (int)minutes!).ShouldBe([60, 15]);
        json["clockChanges"]!["toSummer"]!.ToString().ShouldStartWith($"{Today.Year}-03-");
        (await Cli.RunAsync($"read config {meters.Options(Usual)} --format csv")).Lines.ShouldContain("sim-1,registrar.model,S1");
    }

    [Fact]
    public async Task The_parameters_name_the_point_and_never_a_key()
    {
        foreach (var format in (string[])["table", "json", "csv"])
        {
            var result = await Cli.RunAsync($"read parameters {meters.Options(Usual)} --format {format}");
            result.Status.ShouldBe(0, result.Error);
            result.Output.ShouldContain("depth");
            result.Output.ShouldNotContain("key");
        }
    }

    [Fact]
    public async Task Powers_are_those_of_the_contracts_and_a_latent_one_can_be_named()
    {
        var serial = meters.Meter(Usual).Options.SerialNumber;
        string[] Truth(byte record) =>
        [
            .. Enumerable.Range(1, SimulatedContract.Of(record)!.PeriodCount)
                .Select(period => $"{period},{SimulatedContract.Of(record)!.PowerOf(serial, period)}"),
        ];

        var csv = await Cli.RunAsync($"read powers {meters.Options(Usual)} --format csv");
        var json = await Cli.RunAsync($"read powers {meters.Options(Usual)} --format json");
        var latent = await Cli.RunAsync($"read powers {meters.Options(Usual)} --record 137");

        csv.Status.ShouldBe(0);
        csv.Lines[1..].Select(line => string.Join(',', line.Split(',')[3..5])).ShouldBe([.. Truth(134), .. Truth(135)]);
        JsonNode.Parse(json.Output)!["contractedPowers"]!.AsArray().Count.ShouldBe(2);
        latent.Status.ShouldBe(0, latent.Error);
        latent.Lines[2].ShouldContain("latent I");
    }

    [Fact]
    public async Task Holidays_come_with_the_seasons()
    {
        var table = await Cli.RunAsync($"read holidays {meters.Options(Usual)}");
        var json = JsonNode.Parse((await Cli.RunAsync($"read holidays {meters.Options(Usual)} --format json")).Output)!;
        var csv = await Cli.RunAsync($"read holidays {meters.Options(Usual)} --format csv");

        table.Status.ShouldBe(0);
        table.Output.ShouldContain("12-25 of every year");
        json["holidays"]!.AsArray().Count.ShouldBe(2);
        var seasons = json["seasons"]!.AsArray()[0]!;
        seasons["dayTypes"]!.AsArray().ShouldAllBe(hours => hours!.AsArray().Count == 24);
        csv.Lines.Count(line => line.StartsWith("sim-1,1,false,season,", StringComparison.Ordinal))
            .ShouldBe(seasons["seasons"]!.AsArray().Count);
        csv.Lines.Count(line => line.StartsWith("sim-1,1,false,day-type,", StringComparison.Ordinal))
            .ShouldBe(seasons["dayTypes"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("events", "the events of record 52, the events of record 53, ")]
    [InlineData("tariff", "the current tariff of contract I, the closed tariff of contract I, ")]
    [InlineData("config", "its configuration, its further configuration, the dates of its clock changes (cause 14, ")]
    [InlineData("parameters", "the parameters of its measurement point (cause 14, ")]
    [InlineData("powers", "the contracted powers of contract I, the contracted powers of contract II, ")]
    [InlineData("holidays", "the holidays of contract I, the holidays of contract II, ")]
    public async Task What_a_meter_does_not_have_is_one_sentence_and_exit_status_1(string what, string refused)
    {
        var result = await Cli.RunAsync($"read {what} {meters.Options(WithoutTypes)}");

        result.Status.ShouldBe(1);
        result.Output.ShouldBe("");
        result.Sentence.ShouldStartWith($"The meter refuses to give {refused}");
        result.Sentence.ShouldEndWith("(cause 14, type not available).");
    }

    [Fact]
    public async Task A_meter_that_drops_the_session_by_itself_is_logged_in_to_again_and_everything_is_read()
    {
        var (from, to) = (Today.PlusDays(-60), Today.PlusDays(-1));
        var range = $"--from {Iso(from)} --to {Iso(to)} --format csv";

        var events = await Cli.RunAsync($"read events {meters.Options(Forgetful)} {range}");
        var profile = await Cli.RunAsync($"read profile {meters.Options(Forgetful)} --curve quarter-hour {range}");

        events.Status.ShouldBe(0, events.Error);
        events.Lines.Length.ShouldBe(1 + Happened([52, 53, 54, 55, 128, 129, 130, 131, 132, 133], from, to, Forgetful).Count);
        events.Error.ShouldContain("The meter had ended the session: it was reopened.");
        profile.Status.ShouldBe(0, profile.Error);
        profile.Lines[1..].ShouldBe(await meters.TruthAsync(Forgetful, "quarter-hour", Start(from), Start(to)));
    }

    [Fact]
    public async Task A_stopped_read_of_events_writes_what_it_has()
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { HistoryDays = 400, Speed = new(9600, 8, Lines.Parity.None, 1) });
        var meter = simulator.Meters.Single();
        using var stop = new CancellationTokenSource();

        var reading = Cli.RunAsync(
            $"read events --tcp {simulator.Lines[0].Address} --link 1 --password 1 --from {Iso(Today.PlusDays(-390))} --format csv",
            ct: stop.Token);
        await Site.UntilAsync(
            () => Task.FromResult(meter.Counters.Snapshot().Requests.GetValueOrDefault((byte)TypeIdentification.ReadEventsInRange) >= 3),
            TimeSpan.FromSeconds(30), () => "Nothing is read.");
        await stop.CancelAsync();
        var result = await reading;

        result.Status.ShouldBe(1);
        result.Sentence.ShouldMatch("^The events of record [0-9]+(, [0-9]+)* could not be read: the reading was stopped\\.$");
        result.Lines.Length.ShouldBeGreaterThan(1);
    }

    private List<SimulatedEvent> Happened(byte[] records, LocalDate from, LocalDate to, int meter = Usual) =>
        [.. records.SelectMany(record => meters.Meter(meter).DataOf(1).Events(record, Start(from), Start(to))!).OrderBy(one => one.At)];

    private static Instant Start(LocalDate date) => Madrid.AtStartOfDay(date).ToInstant();

    private static string Iso(LocalDate date) => date.ToString("uuuu'-'MM'-'dd", null);

    /// <summary>The line without its last cell, the time of the reading, which the truth cannot contain.</summary>
    private static string WithoutReadAt(string line) => line[..line.LastIndexOf(',')];
}
