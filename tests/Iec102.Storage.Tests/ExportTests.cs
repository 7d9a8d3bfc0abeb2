using System.Text;
using System.Text.Json;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Storage.Exports;
using Iec102.Storage.Schema;
using NodaTime;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

public sealed class ExportTests
{
    internal const string Header =
        "meter,curve,interval_end,a_plus,a_plus_q,a_minus,a_minus_q,r1,r1_q,r2,r2_q,r3,r3_q,r4,r4_q,res1,res1_q,res2,res2_q\n";

    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    [Fact]
    public async Task Each_value_stands_in_its_column_with_its_quality_and_what_was_not_delivered_is_empty()
    {
        var row = Row(Hour(1), 0, null, 3);
        row.Set(1, uint.MaxValue, Quality.Invalid | Quality.Overflow);
        row.Set(8, 0, Quality.Invalid);

        var csv = await Csv([Answer(new RecordedInterval(Hour(1), row))], Madrid);

        csv.ShouldBe(Header + "m-1,hourly,2026-03-02T02:00:00+01:00,4294967295,160,,,3,0,,,,,,,,,0,128\n");
    }

    [Fact]
    public async Task The_hour_that_occurs_twice_in_autumn_is_two_intervals()
    {
        var first = Instant.FromUtc(2024, 10, 26, 23, 0);
        var csv = await Csv(
            [Answer(Enumerable.Range(0, 4).Select(hour => Interval(first + Duration.FromHours(hour), hour)).ToArray())], Madrid);

        csv.ShouldBe(Header
            + "m-1,hourly,2024-10-27T01:00:00+02:00,0,0,,,,,,,,,,,,,,\n"
            + "m-1,hourly,2024-10-27T02:00:00+02:00,1,0,,,,,,,,,,,,,,\n"
            + "m-1,hourly,2024-10-27T02:00:00+01:00,2,0,,,,,,,,,,,,,,\n"
            + "m-1,hourly,2024-10-27T03:00:00+01:00,3,0,,,,,,,,,,,,,,\n");
    }

    [Fact]
    public async Task The_hour_that_spring_leaves_out_is_no_interval()
    {
        var first = Instant.FromUtc(2024, 3, 31, 0, 0);
        var csv = await Csv(
            [Answer(Enumerable.Range(0, 3).Select(hour => Interval(first + Duration.FromHours(hour), hour)).ToArray())], Madrid);

        csv.ShouldBe(Header
            + "m-1,hourly,2024-03-31T01:00:00+01:00,0,0,,,,,,,,,,,,,,\n"
            + "m-1,hourly,2024-03-31T03:00:00+02:00,1,0,,,,,,,,,,,,,,\n"
            + "m-1,hourly,2024-03-31T04:00:00+02:00,2,0,,,,,,,,,,,,,,\n");
    }

    [Theory]
    [InlineData("UTC", "2026-03-02T01:00:00+00:00")]
    [InlineData("Asia/Kolkata", "2026-03-02T06:30:00+05:30")]
    [InlineData("Atlantic/Canary", "2026-03-02T01:00:00+00:00")]
    public void Offsets_are_written_in_full(string zone, string written) =>
        ZonedText.Format(Hour(1), DateTimeZoneProviders.Tzdb[zone]).ShouldBe(written);

    [Fact]
    public async Task A_name_with_a_comma_or_a_quote_stays_one_field()
    {
        using var output = new MemoryStream();
        await ProfileCsv.WriteAsync(output, [new ProfileSeries("/dev/tty,\"1\"", Curve.Hourly, Madrid, StoredInterval.Of(Hours(1, 1)))]);

        Encoding.UTF8.GetString(output.ToArray()).Split('\n')[1].ShouldStartWith("\"/dev/tty,\"\"1\"\"\",hourly,2026");
    }

    [Fact]
    public async Task Json_has_the_shape_of_the_api_with_null_for_what_was_not_delivered()
    {
        var row = Row(Hour(1), 7, null, 3);
        row.Set(8, 0, Quality.Invalid);
        var series = new ProfileSeries("m-1", Curve.Hourly, Madrid, StoredInterval.Of(Answer(new RecordedInterval(Hour(1), row))));

        using var output = new MemoryStream();
        await ProfileJson.WriteAsync(output, series);

        Encoding.UTF8.GetString(output.ToArray()).ShouldBe(
            """
            {"meter":"m-1","curve":"hourly",
            "units":{"aPlus":"kWh","aMinus":"kWh","r1":"kvarh","r2":"kvarh","r3":"kvarh","r4":"kvarh"},
            "intervals":[{"end":"2026-03-02T02:00:00+01:00","periodMinutes":60,
            "aPlus":7,"aMinus":null,"r1":3,"r2":null,"r3":null,"r4":null,"res1":null,"res2":0,
            "quality":[0,null,0,null,null,null,null,128],"revision":0}]}
            """.Replace("\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_of_several_curves_is_an_array_and_long_ones_are_whole()
    {
        var series = new[] { "m-1", "m-2" }.Select(
            meter => new ProfileSeries(meter, Curve.Hourly, Madrid, StoredInterval.Of(Hours(1, 1000))));

        using var output = new MemoryStream();
        await ProfileJson.WriteAllAsync(output, series);

        using var parsed = JsonDocument.Parse(output.ToArray());
        parsed.RootElement.EnumerateArray().Select(one => one.GetProperty("intervals").GetArrayLength()).ShouldBe([1000, 1000]);
        parsed.RootElement[1].GetProperty("intervals")[999].GetProperty("aPlus").GetUInt32().ShouldBe(1000u);
    }

    [Fact]
    public async Task Exports_never_write_to_the_stream_synchronously()
    {
        var series = new ProfileSeries("m-1", Curve.Hourly, Madrid, StoredInterval.Of(Hours(1, 5000)));

        await ProfileCsv.WriteAsync(new AsynchronousOnly(), [series]);
        await ProfileJson.WriteAsync(new AsynchronousOnly(), series);
        await ProfileJson.WriteAllAsync(new AsynchronousOnly(), [series]);
    }

    private static RecordedInterval Interval(Instant end, int value) => new(end, Row(end, (uint)value));

    private static async Task<string> Csv(IEnumerable<IntervalsRecorded> answers, DateTimeZone zone)
    {
        using var output = new MemoryStream();
        await ProfileCsv.WriteAsync(output, [new ProfileSeries("m-1", Curve.Hourly, zone, answers.SelectMany(StoredInterval.Of))]);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>A stream like that of a web server, on which synchronous writing is an error.</summary>
    private sealed class AsynchronousOnly : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("written synchronously");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new InvalidOperationException("written synchronously");

        public override void Flush() => throw new InvalidOperationException("flushed synchronously");

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.CompletedTask;

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
