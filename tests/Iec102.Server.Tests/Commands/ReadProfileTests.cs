using System.Text.Json.Nodes;
using Iec102.Contract;
using Iec102.Protocol.Application;
using Iec102.Storage.Exports;
using NodaTime;

namespace Iec102.Server.Tests.Commands;

public sealed class ReadProfileTests(SimulatedMeters meters) : IClassFixture<SimulatedMeters>
{
    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    private static LocalDate Today => SystemClock.Instance.GetCurrentInstant().InZone(Madrid).Date;

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "--summer-time su-bit")]
    [InlineData(3, "")]
    [InlineData(5, "--summer-time always-winter")]
    [InlineData(6, "--summer-time civil")]
    public async Task Csv_is_what_the_meter_measured_also_on_the_days_of_23_and_25_hours(int meter, string habit)
    {
        foreach (var change in Changes())
        {
            var (first, last) = (change.PlusDays(-1), change.PlusDays(2));
            var result = await Cli.RunAsync(
                $"read profile {meters.Options(meter)} {habit} --from {Iso(first)} --to {Iso(last)} --format csv");

            result.Status.ShouldBe(0, result.Error);
            result.Lines[0].ShouldBe(ProfileCsv.Header);
            result.Lines.Skip(1).ShouldBe(await meters.TruthAsync(meter, "hourly", Start(first), Start(last)));
        }
    }

    [Fact]
    public async Task A_month_of_quarter_hours_is_read_in_chunks()
    {
        var (first, last) = (Today.PlusDays(-32), Today.PlusDays(-1));
        var before = meters.Asked(0, TypeIdentification.ReadIncrementalTotalBlocks);

        var result = await Cli.RunAsync(
            $"read profile {meters.Options(0)} --curve quarter-hour --from {Iso(first)} --to {Iso(last)} --format csv");

        result.Status.ShouldBe(0, result.Error);
        result.Lines.Skip(1).ShouldBe(await meters.TruthAsync(0, "quarter-hour", Start(first), Start(last)));
        (meters.Asked(0, TypeIdentification.ReadIncrementalTotalBlocks) - before).ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task A_meter_without_blocks_is_read_by_single_totals()
    {
        var result = await Cli.RunAsync($"read profile {meters.Options(1)}");

        result.Status.ShouldBe(0, result.Error);
        meters.Asked(1, TypeIdentification.ReadIncrementalTotals).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task What_a_meter_does_not_measure_is_empty_and_not_0()
    {
        var result = await Cli.RunAsync($"read profile {meters.Options(2)} --format csv");

        result.Status.ShouldBe(0, result.Error);
        var fields = result.Lines[1].Split(',');
        uint.Parse(fields[3], null).ShouldBeGreaterThan(0u);
        fields[5..].ShouldAllBe(field => field == "");
    }

    [Fact]
    public async Task Without_a_range_the_last_whole_day_is_shown_in_local_time()
    {
        var result = await Cli.RunAsync($"read profile {meters.Options(0)}");

        result.Status.ShouldBe(0, result.Error);
        var rows = result.Lines.Skip(2).ToList();
        rows.Count.ShouldBe((int)(Start(Today) - Start(Today.PlusDays(-1))).TotalHours);
        rows[^1].ShouldContain($"{Iso(Today)} 00:00 ");
    }

    [Fact]
    public async Task Json_has_the_shape_of_the_rest_interface()
    {
        var result = await Cli.RunAsync($"read profile {meters.Options(0)} --format json");

        var answer = JsonNode.Parse(result.Output)!;
        ((string)answer["meter"]!).ShouldBe("sim-1");
        ((string)answer["curve"]!).ShouldBe("hourly");
        var first = answer["intervals"]![0]!;
        var truth = (await meters.TruthAsync(0, "hourly", Start(Today.PlusDays(-1)), Start(Today)))[0].Split(',');
        ((string)first["end"]!).ShouldBe(truth[2]);
        $"{first["aPlus"]}".ShouldBe(truth[3]);
        ((int)first["periodMinutes"]!).ShouldBe(60);
        first["quality"]!.AsArray().Count.ShouldBe(8);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_is_older_than_the_meters_history_is_said_to_be_missing_and_the_rest_is_written(int meter)
    {
        var begin = meters.Meter(meter).HistoryStart;
        var (from, to) = (begin - Duration.FromHours(100), begin + Duration.FromHours(100));

        var result = await Cli.RunAsync(
            $"read profile {meters.Options(meter)} --from {TimeText.Format(from, Madrid)} --to {TimeText.Format(to, Madrid)} --format csv");

        result.Status.ShouldBe(1);
        var truth = await meters.TruthAsync(meter, "hourly", from, to);
        result.Sentence.ShouldStartWith($"{200 - truth.Count} of 200 intervals are missing, from ");
        result.Lines.Skip(1).Select(line => line.Split(',')[2]).ShouldBe(truth.Select(line => line.Split(',')[2]));
    }

    [Fact]
    public async Task A_curve_that_the_meter_lacks_is_one_sentence()
    {
        var result = await Cli.RunAsync($"read profile {meters.Options(3)} --curve quarter-hour");

        result.Status.ShouldBe(1);
        result.Sentence.ShouldBe("The meter refuses to give its quarter-hour profile, record 12: cause 15, record number not known.");
        result.Output.ShouldBe("");
    }

    [Fact]
    public async Task The_session_is_ended()
    {
        var before = meters.Asked(0, TypeIdentification.EndSession);

        await Cli.RunAsync($"read profile {meters.Options(0)}");

        meters.Asked(0, TypeIdentification.EndSession).ShouldBe(before + 1);
    }

    /// <summary>The days of the last two clock changes.</summary>
    private static IEnumerable<LocalDate> Changes()
    {
        var now = Madrid.GetZoneInterval(SystemClock.Instance.GetCurrentInstant());
        // The change must be at least two days ago, so that the range around it has ended.
        var last = now.Start < Start(Today.PlusDays(-2)) ? now : Madrid.GetZoneInterval(now.Start - Duration.FromDays(1));
        yield return last.Start.InZone(Madrid).Date;
        yield return Madrid.GetZoneInterval(last.Start - Duration.FromDays(1)).Start.InZone(Madrid).Date;
    }

    private static Instant Start(LocalDate date) => Madrid.AtStartOfDay(date).ToInstant();

    private static string Iso(LocalDate date) => date.ToString("uuuu'-'MM'-'dd", null);
}
