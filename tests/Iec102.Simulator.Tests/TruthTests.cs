using Iec102.Protocol.Application;
using Iec102.Simulator.Data;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Simulator.Tests;

/// <summary>The truth files have the same lines as a plain decoding of the octets, across a clock change.</summary>
public sealed class TruthTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("truth").FullName;
    private readonly SetTime _time = new("2024-11-05T12:20:00+01:00");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(SimulatedCurve.Hourly, 123)]
    [InlineData(SimulatedCurve.Hourly, 190)]
    [InlineData(SimulatedCurve.QuarterHour, 123)]
    [InlineData(SimulatedCurve.QuarterHour, 190)]
    [InlineData(SimulatedCurve.DailyClosing, 122)]
    [InlineData(SimulatedCurve.DailyClosing, 189)]
    public async Task The_truth_is_what_the_wire_brings(SimulatedCurve curve, byte type)
    {
        var meter = Meters.Make(_time);
        var truth = Truth(meter, curve);
        truth.WriteUntil(meter.Clock);
        var master = PlainMaster.Of(meter.Slave());
        await master.LogInAsync();
        var (from, to) = (Meters.Tag("2024-09-26 00:01"), Meters.Tag("2024-11-05 23:59"));

        var answers = await master.AskAsync(type switch
        {
            122 => Request.ReadIntegratedTotals(1, (byte)curve, 1, 8, from, to),
            123 => Request.ReadIncrementalTotals(1, (byte)curve, 1, 8, from, to),
            189 => Request.ReadIntegratedTotalBlocks(1, (byte)curve, 9, from, to),
            _ => Request.ReadIncrementalTotalBlocks(1, (byte)curve, 9, from, to),
        });

        var name = curve switch { SimulatedCurve.Hourly => "hourly", SimulatedCurve.QuarterHour => "quarter-hour", _ => "daily-closing" };
        var file = File.ReadAllText(Path.Combine(_directory, $"sim-1-{name}.csv"));
        file.ShouldBe(
            string.Concat(PlainRow.Of(answers).Select(row => row.Csv("sim-1", name)).Prepend(TruthHeader).Select(line => line + "\n")));
        file.Count(character => character == '\n')
            .ShouldBe(1 + curve switch { SimulatedCurve.Hourly => 973, SimulatedCurve.QuarterHour => 3893, _ => 40 });
    }

    [Fact]
    public void The_truth_grows_by_what_has_ended_since()
    {
        var meter = Meters.Make(_time);
        var truth = Truth(meter, SimulatedCurve.Hourly);
        truth.WriteUntil(meter.Clock);
        var before = Lines();

        truth.WriteUntil(meter.Clock);
        Lines().ShouldBe(before);
        _time.Now += Duration.FromMinutes(100);
        truth.WriteUntil(meter.Clock);

        Lines().Take(before.Length).ShouldBe(before);
        Lines().Skip(before.Length).Select(line => line.Split(',')[2]).ShouldBe(["2024-11-05T13:00:00+01:00", "2024-11-05T14:00:00+01:00"]);
    }

    private const string TruthHeader =
        "meter,curve,interval_end,a_plus,a_plus_q,a_minus,a_minus_q,r1,r1_q,r2,r2_q,r3,r3_q,r4,r4_q,res1,res1_q,res2,res2_q";

    private TruthWriter Truth(SimulatedMeter meter, SimulatedCurve curve) =>
        new(_directory, "sim-1", curve, meter.DataOf(1), Meters.Madrid, meter.HistoryStart);

    private string[] Lines() => File.ReadAllLines(Path.Combine(_directory, "sim-1-hourly.csv"));
}
