using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;
using Iec102.Simulator.Meters;
using Iec102.Testing;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Simulator.Tests;

/// <summary>The worked examples of the protocol notes, octet for octet, with a meter whose data are set to match them.</summary>
public class WorkedOctetsTests
{
    private const string Hour1 =
        "68 3e 3e 68 08 01 00 0b 08 05 01 00 0b 01 d2 04 00 00 00 02 00 00 00 00 00 03 38 00 00 00 00 04 00 00 00 00 00 05 00 00 00 00 00 "
        + "06 07 00 00 00 00 07 00 00 00 00 80 08 00 00 00 00 80 00 81 2f 07 18 35 16";
    private const string Hour2 =
        "68 3e 3e 68 08 01 00 0b 08 05 01 00 0b 01 9c 04 00 00 00 02 00 00 00 00 00 03 33 00 00 00 00 04 00 00 00 00 00 05 00 00 00 00 00 "
        + "06 09 00 00 00 00 07 00 00 00 00 80 08 00 00 00 00 80 00 82 2f 07 18 fd 16";
    private const string Ack = "10 00 01 00 01 16";
    private const string Poll0 = "10 5b 01 00 5c 16";
    private const string Poll1 = "10 7b 01 00 7c 16";

    private readonly SetTime _time = new("2024-03-27T10:15:30.25+01:00");
    private readonly LinkSlave _slave;

    public WorkedOctetsTests()
    {
        var behaviour = new MeterBehaviour { SessionIdle = Duration.FromDays(1000) };
        var options = new MeterOptions("worked", 12345678) { Manufacturer = 0x42, HistoryDays = 100, Behaviour = behaviour };
        _slave = new LinkSlave(1, new SimulatedMeter(options, _ => new ForcedData(), _time));
    }

    [Fact]
    public void A_whole_session_as_in_1_7()
    {
        Exchange("10 49 01 00 4a 16", "10 0b 01 00 0c 16");
        Exchange("10 40 01 00 41 16", Ack);
        Exchange("68 0d 0d 68 73 01 00 b7 01 06 01 00 00 01 00 00 00 34 16", Ack);
        Exchange(Poll0, "68 0d 0d 68 08 01 00 b7 01 07 01 00 00 01 00 00 00 ca 16");
        Exchange("68 09 09 68 73 01 00 67 00 05 01 00 00 e1 16", Ack);
        Exchange(Poll0, "68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 79 16");
        _time.Set("2024-07-15T02:30:00+02:00");
        Exchange("68 15 15 68 73 01 00 7b 01 06 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 aa 16", Ack);
        Exchange(Poll0, "68 15 15 68 08 01 00 7b 01 07 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 40 16");
        Exchange(Poll1, Hour1);
        Exchange(Poll0, Hour2);
        Exchange(Poll1, "68 15 15 68 08 01 00 7b 01 0a 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 43 16");
        Exchange("68 09 09 68 53 01 00 bb 00 06 01 00 00 16 16", Ack);
        Exchange(Poll1, "68 09 09 68 08 01 00 bb 00 07 01 00 00 cc 16");
        Exchange(Poll0, "10 09 01 00 0a 16");
    }

    [Fact]
    public void A_repeated_poll_gets_the_same_hour_again_and_the_series_goes_on_behind_it()
    {
        LogIn("2024-07-15T02:30:00+02:00");
        Exchange("68 15 15 68 73 01 00 7b 01 06 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 aa 16", Ack);
        Exchange(Poll0, "68 15 15 68 08 01 00 7b 01 07 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 40 16");
        Exchange(Poll1, Hour1);
        Exchange(Poll0, Hour2);
        Exchange(Poll0, Hour2);
        Exchange(Poll1, "68 15 15 68 08 01 00 7b 01 0a 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 43 16");
    }

    [Fact]
    public void Hours_in_blocks_as_in_4_4()
    {
        LogIn("2024-07-15T02:30:00+02:00");
        Exchange("68 14 14 68 73 01 00 be 01 06 01 00 0b 0a 01 80 2f 07 18 00 82 2f 07 18 ee 16", Ack);
        Exchange(Poll0, "68 14 14 68 08 01 00 be 01 07 01 00 0b 0a 01 80 2f 07 18 00 82 2f 07 18 84 16");
        Exchange(
            Poll1,
            "68 51 51 68 08 01 00 8c 02 05 01 00 0b "
            + "0a d2 04 00 00 00 00 00 00 00 00 38 00 00 00 00 00 00 00 00 00 00 00 00 00 00 07 00 00 00 00 00 81 2f 07 18 "
            + "0a 9c 04 00 00 00 00 00 00 00 00 33 00 00 00 00 00 00 00 00 00 00 00 00 00 00 09 00 00 00 00 00 82 2f 07 18 4c 16");
        Exchange(Poll0, "68 14 14 68 08 01 00 be 01 0a 01 00 0b 0a 01 80 2f 07 18 00 82 2f 07 18 87 16");
    }

    [Fact]
    public async Task A_daily_closing_as_in_4_4()
    {
        LogIn("2024-07-15T02:30:00+02:00");
        var master = PlainMaster.Of(_slave);
        await master.LogInAsync();

        var answers = await master.AskAsync(
            Request.ReadIntegratedTotals(
                1, RecordAddress.DailyTotals1, 1, 8, Meters.Tag("2024-07-15 00:00", true), Meters.Tag("2024-07-15 00:00", true)));

        Octets.Hex(answers[1]).ShouldBe(
            "08 08 05 01 00 15 01 4e 61 bc 00 00 02 00 00 00 00 00 03 47 94 03 00 00 04 00 00 00 00 00 05 00 00 00 00 00 06 80 0d 00 00 00 "
            + "07 00 00 00 00 80 08 00 00 00 00 80 00 80 2f 07 18");
    }

    [Fact]
    public void Identification_as_in_4_3()
    {
        LogIn("2024-07-15T02:30:00+02:00");
        Exchange("68 09 09 68 73 01 00 64 00 05 01 00 00 de 16", Ack);
        Exchange(Poll0, "68 0f 0f 68 08 01 00 47 01 05 01 00 00 24 42 4e 61 bc 00 28 16");
    }

    [Fact]
    public void A_wrong_key_as_in_4_3()
    {
        Exchange("68 0d 0d 68 73 01 00 b7 01 06 01 00 00 02 00 00 00 35 16", Ack);
        Exchange(Poll0, "68 0d 0d 68 08 01 00 b7 01 47 01 00 00 02 00 00 00 0b 16");
    }

    [Fact]
    public void Setting_the_clock_as_in_4_3_sets_it()
    {
        LogIn("2024-03-27T11:00:00+01:00");
        Exchange("68 10 10 68 73 01 00 b5 01 06 01 00 00 fa 78 0f 0a 7b 03 18 52 16", Ack);
        Exchange(Poll0, "68 10 10 68 08 01 00 b5 01 07 01 00 00 fa 78 0f 0a 7b 03 18 e8 16");
        Exchange("68 09 09 68 73 01 00 67 00 05 01 00 00 e1 16", Ack);
        Exchange(Poll0, "68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 79 16");
    }

    [Fact]
    public void Instantaneous_values_as_in_4_6()
    {
        LogIn("2024-07-15T10:15:00+02:00");
        Exchange("68 0c 0c 68 73 01 00 a2 03 05 01 00 00 c0 c1 c2 62 16", Ack);
        Exchange(
            Poll0,
            "68 68 68 68 08 01 00 a3 03 05 01 00 00 "
            + "c0 62 e7 03 00 00 00 00 00 99 b1 00 00 00 00 00 00 00 00 00 00 06 0b 00 00 0f 8a 2f 07 18 "
            + "c1 78 00 00 28 00 00 b5 03 29 00 00 0d 00 00 b9 03 28 00 00 0e 00 00 b0 03 27 00 00 0d 00 00 b5 03 0f 8a 2f 07 18 "
            + "c2 19 00 00 06 09 00 00 18 00 00 01 09 00 00 17 00 00 11 09 00 00 0f 8a 2f 07 18 ee 16");
    }

    [Fact]
    public void Events_as_in_4_5()
    {
        LogIn("2024-08-02T00:00:00+02:00");
        Exchange("68 13 13 68 73 01 00 66 00 06 01 00 34 00 80 21 07 18 00 80 81 08 18 f6 16", Ack);
        Exchange(Poll0, "68 13 13 68 08 01 00 66 00 07 01 00 34 00 80 21 07 18 00 80 81 08 18 8c 16");
        Exchange(Poll1, "68 1b 1b 68 08 01 00 01 02 05 01 00 34 01 04 f4 31 1e 88 2f 07 18 03 05 28 1c 05 8d d4 07 18 35 16");
        Exchange(Poll0, "68 13 13 68 08 01 00 66 00 0a 01 00 34 00 80 21 07 18 00 80 81 08 18 8f 16");
        Exchange(Poll1, "10 09 01 00 0a 16");
    }

    [Fact]
    public void Stored_tariff_information_as_in_4_7()
    {
        LogIn("2024-08-02T00:00:00+02:00");
        Exchange("68 13 13 68 73 01 00 86 01 06 01 00 86 00 80 21 07 18 00 80 81 08 18 69 16", Ack);
        Exchange(Poll0, "68 13 13 68 08 01 00 86 01 07 01 00 86 00 80 21 07 18 00 80 81 08 18 ff 16");
        Exchange(
            Poll1,
            "68 48 48 68 08 01 00 88 01 05 01 00 86 "
            + "14 a0 86 01 00 88 13 00 00 00 20 4e 00 00 20 03 00 00 00 2c 01 00 00 0c 00 00 00 00 00 00 00 00 80 "
            + "00 00 00 00 80 54 00 00 00 00 8c 92 07 18 00 00 00 00 00 00 00 80 21 07 18 00 80 81 08 18 30 16");
        Exchange(Poll0, "68 13 13 68 08 01 00 86 01 0a 01 00 86 00 80 21 07 18 00 80 81 08 18 02 16");
    }

    [Fact]
    public void Current_tariff_information_begins_as_in_4_7()
    {
        LogIn("2024-08-02T00:00:00+02:00");
        Exchange("68 09 09 68 73 01 00 85 00 06 01 00 86 86 16", Ack);
        Exchange(Poll0, "68 09 09 68 08 01 00 85 00 07 01 00 86 1c 16");
        Octets.Hex(Octets.Answer(_slave, Octets.Of(Poll1))).ShouldStartWith("68 48 48 68 08 01 00 87 01 05 01 00 86 14 a0 86 01 00");
    }

    [Fact]
    public void Further_configuration_asked_as_in_4_9()
    {
        LogIn("2024-07-15T02:30:00+02:00");
        Exchange("68 0b 0b 68 73 01 00 9c 02 05 01 00 00 c3 c4 9f 16", Ack);
        // Type 157, N = 2: alarms off and on, no voltage fault on any phase.
        Exchange(Poll0, "68 10 10 68 08 01 00 9d 02 05 01 00 00 c3 01 02 c4 01 01 01 3b 16");
    }

    [Fact]
    public void Tariff_periods_in_force_asked_as_in_4_10()
    {
        LogIn("2024-07-15T11:30:00+02:00");
        Exchange("68 0a 0a 68 73 01 00 96 01 05 01 00 86 c5 5c 16", Ack);
        // Monday morning in summer: contract I is in its peak period, contract II in its day period, and contract III is not active.
        Exchange(Poll0, "68 12 12 68 08 01 00 97 01 05 01 00 86 c5 01 01 00 1e 8b 2f 07 18 eb 16");
    }

    [Fact]
    public void A_range_without_data_as_in_4_4_when_the_meter_says_18()
    {
        var options = new MeterOptions("worked", 1) { Behaviour = new() { EmptyRange = EmptyRange.PeriodNotAvailable } };
        var slave = new LinkSlave(1, new SimulatedMeter(options, _ => new ForcedData(), _time));
        Octets.Answer(slave, Octets.Of("68 0d 0d 68 73 01 00 b7 01 06 01 00 00 01 00 00 00 34 16"));
        Octets.Answer(slave, Octets.Of(Poll0));
        Octets.Answer(slave, Octets.Of("68 15 15 68 73 01 00 7b 01 06 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 aa 16"));

        Octets.Hex(Octets.Answer(slave, Octets.Of(Poll0)))
            .ShouldBe("68 15 15 68 08 01 00 7b 01 12 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 4b 16");
    }

    private void LogIn(string at)
    {
        _time.Set(at);
        Exchange("68 0d 0d 68 73 01 00 b7 01 06 01 00 00 01 00 00 00 34 16", Ack);
        Exchange(Poll0, "68 0d 0d 68 08 01 00 b7 01 07 01 00 00 01 00 00 00 ca 16");
    }

    private void Exchange(string request, string answer) => Octets.Hex(Octets.Answer(_slave, Octets.Of(request))).ShouldBe(answer);

    /// <summary>The data of the examples in the protocol notes; 0 where they give none.</summary>
    private sealed class ForcedData : IMeterData
    {
        private static readonly Dictionary<(Instant End, int Object), uint> Increments = new()
        {
            [(At("2024-07-15T01:00:00+02:00"), 1)] = 1234,
            [(At("2024-07-15T01:00:00+02:00"), 3)] = 56,
            [(At("2024-07-15T01:00:00+02:00"), 6)] = 7,
            [(At("2024-07-15T02:00:00+02:00"), 1)] = 1180,
            [(At("2024-07-15T02:00:00+02:00"), 3)] = 51,
            [(At("2024-07-15T02:00:00+02:00"), 6)] = 9,
        };

        public Reading Increment(Instant end, int quarters, int @object) =>
            @object > 6 ? new(0, Quality.Invalid) : new(Increments.GetValueOrDefault((end, @object)), Quality.None);

        public Reading Register(Instant at, int @object) => @object switch
        {
            1 => new(12345678, Quality.None),
            3 => new(234567, Quality.None),
            6 => new(3456, Quality.None),
            7 or 8 => new(0, Quality.Invalid),
            _ => new(0, Quality.None),
        };

        public InstantaneousValues InstantaneousAt(Instant at, TimeTagA tag) => new(
            new EnergyTotals(new(255842), new(0), new(45465), new(0), new(0), new(2822), tag),
            new Powers(new(120, 40, 949), new(41, 13, 953), new(40, 14, 944), new(39, 13, 949), tag),
            new CurrentsAndVoltages(new(25, 2310), new(24, 2305), new(23, 2321), tag));

        public IEnumerable<SimulatedEvent>? Events(byte record, Instant after, Instant until) => record != 52 ? null :
        [
            new(1, 2, false, At("2024-07-15T08:30:12+02:00") + Duration.FromMilliseconds(500)),
            new(3, 2, true, At("2024-07-20T13:05:07+02:00") + Duration.FromMilliseconds(40)),
        ];

        public IReadOnlyList<TariffFigures> Tariff(Contract contract, uint serialNumber, Instant from, Instant to, DateTimeZone zone) =>
            [new(20, new(100000, 5000), new(20000, 800), new(300, 12), 84, At("2024-07-18T12:00:00+02:00"), 0)];

        private static Instant At(string iso) => OffsetDateTimePattern.Rfc3339.Parse(iso).Value.ToInstant();
    }
}
