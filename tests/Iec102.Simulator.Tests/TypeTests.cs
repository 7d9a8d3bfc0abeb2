using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Simulator.Tests;

/// <summary>
/// Every type in the protocol notes except totals. The answers are taken apart by their documented layouts, without the product's codecs.
/// </summary>
public class TypeTests
{
    private const uint Serial = 12345678;

    private readonly SetTime _time = new("2024-07-16T12:20:00+02:00");

    [Theory]
    [InlineData(52)]
    [InlineData(53)]
    [InlineData(54)]
    [InlineData(55)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(130)]
    [InlineData(131)]
    [InlineData(132)]
    [InlineData(133)]
    [InlineData(200)]
    public async Task A_record_has_the_same_events_with_and_without_a_range_ascending_in_frames_of_27(byte record)
    {
        var master = await LoggedInAsync(historyDays: 400);

        var all = await master.AskAsync([101, 0, 6, 1, 0, record]);
        var range = await master.AskAsync(
            Request.ReadEventsInRange(1, record, Meters.Tag("2023-01-01 00:00"), Meters.Tag("2024-07-16 23:59")));

        all[0].ShouldBe([101, 0, 7, 1, 0, record]);
        all[^1].ShouldBe([101, 0, 10, 1, 0, record]);
        all[1..^1].ShouldBe(range[1..^1]);
        all[1..^2].ShouldAllBe(frame => frame[1] == 27);
        all[1..^1].ShouldAllBe(frame => frame.Length == 6 + 9 * frame[1] && frame[0] == 1 && frame[2] == 5 && frame[5] == record);
        var labels = Events(all).Select(one => one.Label).ToList();
        labels.Count.ShouldBeGreaterThan(3);
        labels.ShouldBe(labels.Order(StringComparer.Ordinal));
        labels[^1].ShouldBeLessThan("2024-07-16T12:20:00.000");
        labels[0].ShouldBeGreaterThan("2023-06-11T00:00:00.000");
    }

    [Fact]
    public async Task Among_the_events_are_equal_ones_unknown_codes_and_a_manufacturers()
    {
        var master = await LoggedInAsync(historyDays: 400);

        var clock = Events(await master.AskAsync([101, 0, 6, 1, 0, 53])).ToList();
        var parameters = Events(await master.AskAsync([101, 1, 6, 1, 0, 54])).ToList();
        var own = Events(await master.AskAsync([101, 0, 6, 1, 0, 200])).ToList();

        clock.GroupBy(one => one).ShouldAllBe(equal => equal.Count() == 2);
        parameters.Select(one => EventText.Of(one.Spa, (byte)(one.SpqSpi >> 1), true, EventLanguage.English))
            .ShouldContain("event 15/99 (SPI 1)");
        own.ShouldAllBe(one => one.Spa == 200);
        (await master.AskAsync([101, 0, 6, 1, 0, 56])).Single()[2].ShouldBe((byte)15);
    }

    [Fact]
    public async Task A_range_of_events_brings_those_of_the_range()
    {
        var master = await LoggedInAsync(historyDays: 400);
        var all = Events(await master.AskAsync([101, 0, 6, 1, 0, 129])).ToList();

        var day = Events(await master.AskAsync(
            Request.ReadEventsInRange(1, 129, Meters.Tag("2024-07-10 00:00"), Meters.Tag("2024-07-11 00:00")))).ToList();

        day.ShouldBe(all.Where(one => one.Label.StartsWith("2024-07-10", StringComparison.Ordinal)));
        day.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(134, 3)]
    [InlineData(135, 2)]
    public async Task The_running_months_tariff_periods_add_up_to_the_registers(byte record, int periods)
    {
        var master = await LoggedInAsync();

        var frames = (await master.AskAsync(Request.ReadCurrentTariff(1, record)))[1..^1];

        frames.ShouldAllBe(frame => frame[0] == 135 && frame[1] == 1 && frame.Length == 6 + 63);
        frames.Select(frame => (int)frame[6]).ShouldBe(Enumerable.Range(20, periods + 1));
        frames.Select(frame => (PlainRow.Label(frame.AsSpan(6 + 53)), PlainRow.Label(frame.AsSpan(6 + 58)))).Distinct()
            .ShouldBe([("2024-07-01T00:00:00+02:00", "2024-07-16T12:20:00+02:00")]);
        ShouldAddUp(frames, Local("2024-07-01T00:00:00+02:00"), _time.Now);
    }

    [Fact]
    public async Task The_closed_months_of_a_contract_follow_on_each_other()
    {
        var master = await LoggedInAsync();

        var request = Request.ReadStoredTariff(1, 134, Meters.Tag("2024-05-01 00:00"), Meters.Tag("2024-07-01 00:00"));
        var frames = (await master.AskAsync(request))[1..^1];

        frames.Select(frame => (int)frame[6]).ShouldBe([20, 21, 22, 23, 20, 21, 22, 23]);
        frames.ShouldAllBe(frame => frame[0] == 136);
        frames.Select(frame => PlainRow.Label(frame.AsSpan(6 + 58))).Distinct()
            .ShouldBe(["2024-06-01T00:00:00+02:00", "2024-07-01T00:00:00+02:00"]);
        ShouldAddUp(frames[..4], Local("2024-05-01T00:00:00+02:00"), Local("2024-06-01T00:00:00+02:00"));
        ShouldAddUp(frames[4..], Local("2024-06-01T00:00:00+02:00"), Local("2024-07-01T00:00:00+02:00"));
        for (var period = 0; period < 4; period++)
            (U32(frames[4 + period], 1) - U32(frames[4 + period], 5)).ShouldBe(U32(frames[period], 1));
    }

    [Fact]
    public async Task The_maximum_of_demand_is_four_times_the_greatest_quarter_of_the_month_and_its_excess_is_over_the_contracted_power()
    {
        var master = await LoggedInAsync();
        var data = new MeterData(1, Serial, 1);
        var quarters = SimulatedCurves.Ends(
            SimulatedCurve.QuarterHour, Local("2024-06-01T00:00:00+02:00"), Local("2024-07-01T00:00:00+02:00"), Meters.Madrid).ToList();
        var greatest = quarters.MaxBy(end => data.Increment(end, 1, 1).Value);

        var month = await master.AskAsync(Request.ReadStoredTariff(1, 134, Meters.Tag("2024-06-01 00:00"), Meters.Tag("2024-07-01 00:00")));
        var powers = (await master.AskAsync(Request.ReadContractedPowers(1, 134))).Single();

        var total = month[1];
        U32(total, 38).ShouldBe(4 * data.Increment(greatest, 1, 1).Value);
        PlainRow.Label(total.AsSpan(6 + 42)).ShouldBe(PlainRow.Label(Octets(CivilTime.ToTagA(greatest, Meters.Madrid))));
        powers[1].ShouldBe((byte)3);
        powers.Length.ShouldBe(6 + 3 * 5 + 5);
        for (var period = 1; period <= 3; period++)
        {
            var contracted = BitConverter.ToUInt32(powers, 6 + 5 * (period - 1) + 1);
            powers[6 + 5 * (period - 1)].ShouldBe((byte)(20 + period));
            U32(month[1 + period], 48).ShouldBe(U32(month[1 + period], 38) > contracted ? U32(month[1 + period], 38) - contracted : 0);
        }
    }

    [Fact]
    public async Task A_contract_that_is_not_active_holds_nothing_and_other_records_are_unknown()
    {
        var master = await LoggedInAsync();

        foreach (var (record, cause) in new (byte, byte)[] { (136, 13), (138, 13), (139, 13), (133, 15), (140, 15) })
        {
            (await CauseAsync(master, Request.ReadContractedPowers(1, record))).ShouldBe(cause);
            (await CauseAsync(master, Request.ReadHolidays(1, record))).ShouldBe(cause);
            (await CauseAsync(master, Request.ReadContractObjects(1, record, [193]))).ShouldBe(cause);
        }

        (await CauseAsync(master, Request.ReadCurrentTariff(1, 136))).ShouldBe((byte)13);
        (await CauseAsync(master, Request.ReadCurrentTariff(1, 137))).ShouldBe((byte)15);
        (await CauseAsync(master, Request.ReadContractedPowers(1, 137))).ShouldBe((byte)5);
    }

    [Fact]
    public async Task The_registrar_tells_who_it_is_its_ports_ratios_periods_and_contracts_in_246_octets()
    {
        var master = await LoggedInAsync(behaviour: new() { Firmware = 12, Period2Minutes = 30 });

        var answer = (await master.AskAsync([141, 1, 5, 1, 0, 0])).Single();

        answer.Length.ShouldBe(252);
        answer[..6].ShouldBe([142, 1, 5, 1, 0, 0]);
        var data = answer[6..];
        (data[0], data[3]).ShouldBe(((byte)250, (byte)12));
        BitConverter.ToUInt32(data, 4).ShouldBe(Serial);
        data[8].ShouldBe((byte)0x24);
        Testing.Octets.Hex(data.AsSpan(9, 5)).ShouldBe("00 00 2a 02 03");
        data[14].ShouldBeInRange((byte)40, (byte)100);
        data[15..18].ShouldBe([6, 7, 255]);
        data[38..42].ShouldBe([6, 8, 6, 8]);
        BitConverter.ToUInt32(data, 42).ShouldBe(4000u);
        BitConverter.ToUInt32(data, 54).ShouldBe(50u);
        data[58..62].ShouldBe([60, 30, 0, 0x1A]);
        data[62..].ShouldAllBe(octet => octet == 0);
    }

    [Fact]
    public async Task Further_configuration_comes_object_by_object_as_asked()
    {
        var master = await LoggedInAsync();
        byte[] all = [.. Enumerable.Range(192, 10).Select(address => (byte)address)];

        var answer = (await master.AskAsync(Request.ReadFurtherConfiguration(1, all))).Single();
        var one = (await master.AskAsync(Request.ReadFurtherConfiguration(1, [199]))).Single();

        answer[1].ShouldBe((byte)10);
        answer.Length.ShouldBe(6 + 10 + 1 + 1 + 1 + 2 + 3 + 2 + 16 + 1 + 25 + 1);
        one.ShouldBe([157, 1, 5, 1, 0, 0, 199, 2]);
        (await CauseAsync(master, Request.ReadFurtherConfiguration(1, [192, 202]))).ShouldBe((byte)17);
        (await CauseAsync(master, Request.ReadFurtherConfiguration(1, []))).ShouldBe((byte)17);
    }

    [Fact]
    public async Task The_point_tells_its_addresses_and_never_its_key()
    {
        var options = new MeterOptions("two", Serial) { LinkAddress = 7, Points = [1, 2], Key = 0x01020304, HistoryDays = 40 };
        var slave = new SimulatedMeter(options, point => new MeterData(1, Serial, point), _time).Slave();
        var master = PlainMaster.Of(slave, 2);
        await master.LogInAsync(0x01020304);

        var answer = (await master.AskAsync(Request.ReadPointParameters(2))).Single();

        answer.Length.ShouldBe(252);
        answer[..6].ShouldBe([129, 1, 5, 2, 0, 0]);
        answer[6..18].ShouldBe([7, 0, 2, 2, 0, 0, 0, 0, 0, 60, 40, 0]);
    }

    [Fact]
    public async Task The_clock_changes_of_the_year_are_labelled_as_the_clock_shows_them_before()
    {
        var master = await LoggedInAsync();

        var answer = (await master.AskAsync(Request.ReadClockChangeDates(1))).Single();

        Testing.Octets.Hex(answer).ShouldBe("83 01 05 01 00 00 00 02 ff 03 18 00 83 fb 0a 18");
    }

    [Fact]
    public async Task Holidays_are_of_every_year()
    {
        var master = await LoggedInAsync();

        var answer = (await master.AskAsync(Request.ReadHolidays(1, 134))).Single();

        answer[1].ShouldBe((byte)9);
        answer.Length.ShouldBe(6 + 9 * 5);
        answer.Skip(6).Chunk(5).ShouldAllBe(tag => tag[4] == 99);
        (answer[6 + 2] & 0x1F, answer[6 + 3] & 0x0F).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Seasons_name_a_day_type_for_each_and_the_period_of_each_hour()
    {
        var master = await LoggedInAsync();

        var answer = (await master.AskAsync(Request.ReadContractObjects(1, 134, [193, 197]))).Single();

        answer[1].ShouldBe((byte)2);
        answer[6..10].ShouldBe([193, 1, 2, 2]);
        Testing.Octets.Hex(answer.AsSpan(10, 12))
            .ShouldBe(
                Testing.Octets.Hex([.. Octets(Meters.Tag("2099-04-01 00:00")), 0x32, .. Octets(Meters.Tag("2099-10-01 00:00")), 0x31]));
        answer[22].ShouldBe((byte)3);
        // A winter day: night until 8, flat until 18, peak until 22, then flat.
        Testing.Octets.Hex(answer.AsSpan(23, 12)).ShouldBe("33 33 33 33 22 22 22 22 22 11 11 22");
        Testing.Octets.Hex(answer.AsSpan(35, 12)).ShouldBe("33 33 33 33 22 12 11 21 22 22 22 22");
        Testing.Octets.Hex(answer.AsSpan(47, 12)).ShouldBe("33 33 33 33 33 33 33 33 33 33 33 33");
        PlainRow.Label(answer.AsSpan(59)).ShouldBe("2024-07-16T12:20:00+02:00");
        answer[64..68].ShouldBe([197, 1, 1, 0]);
        foreach (var address in new byte[] { 192, 194, 195, 196 })
            (await CauseAsync(master, Request.ReadContractObjects(1, 134, [193, address]))).ShouldBe((byte)17);
    }

    [Theory]
    [InlineData(102, 52, true)]
    [InlineData(133, 134, false)]
    [InlineData(134, 134, true)]
    [InlineData(141, 0, false)]
    [InlineData(144, 134, false)]
    [InlineData(147, 134, false)]
    [InlineData(182, 0, false)]
    [InlineData(185, 0, false)]
    public async Task N_may_be_0_or_1_and_nothing_else(byte type, byte record, bool hasRange)
    {
        var master = await LoggedInAsync();
        byte[] range = hasRange ? [.. Octets(Meters.Tag("2024-06-01 00:00")), .. Octets(Meters.Tag("2024-07-10 00:00"))] : [];

        var zero = await master.AskAsync([type, 0, 6, 1, 0, record, .. range]);
        var one = await master.AskAsync([type, 1, 6, 1, 0, record, .. range]);

        zero[0][2].ShouldBeOneOf((byte)5, (byte)7);
        one.Count.ShouldBe(zero.Count);
        one.Where(asdu => asdu[0] != type).ShouldBe(zero.Where(asdu => asdu[0] != type));
        (await master.AskAsync([type, 2, 6, 1, 0, record, .. range])).Single()[2].ShouldBe((byte)14);
        (await master.AskAsync([type, 0, 6, 1, 0, record, .. range, 0])).Single()[2].ShouldBe((byte)14);
    }

    [Fact]
    public async Task A_clock_that_is_set_leaves_the_old_and_the_new_time_in_record_53_and_in_the_counters()
    {
        var options = new MeterOptions("off", Serial) { ClockOffset = Duration.FromSeconds(-90) };
        var meter = new SimulatedMeter(options, point => new MeterData(1, Serial, point), _time);
        var master = PlainMaster.Of(meter.Slave());
        await master.LogInAsync();

        await master.AskAsync(Request.SetClock(1, CivilTime.ToTagB(_time.Now, Meters.Madrid)));

        var events = Events(await master.AskAsync(
            Request.ReadEventsInRange(1, 53, Meters.Tag("2024-07-16 12:00"), Meters.Tag("2024-07-16 12:20")))).ToList();
        events.Select(one => (one.Spa, one.SpqSpi, one.Label)).ShouldBe(
            [((byte)7, (byte)(9 << 1), "2024-07-16T12:18:30.000"), ((byte)7, (byte)(11 << 1), "2024-07-16T12:20:00.000")]);
        meter.Counters.Snapshot().ClockWrites.ShouldBe([new ClockWrite(_time.Now, 1, _time.Now - Duration.FromSeconds(90), _time.Now)]);
    }

    private async Task<PlainMaster> LoggedInAsync(int historyDays = 40, MeterBehaviour? behaviour = null)
    {
        var master = PlainMaster.Of(Meters.Make(_time, behaviour, historyDays, Serial).Slave());
        await master.LogInAsync();
        return master;
    }

    /// <summary>
    /// Checks that the energies of the periods add up to those of the total, and that the total has the registers of objects 1, 3 and 6.
    /// </summary>
    private static void ShouldAddUp(List<byte[]> frames, Instant from, Instant to)
    {
        var data = new MeterData(1, Serial, 1);
        foreach (var (@object, at) in new[] { (1, 1), (3, 10), (6, 19) })
        {
            U32(frames[0], at).ShouldBe(data.Register(to, @object).Value);
            U32(frames[0], at + 4).ShouldBe(data.Register(to, @object).Value - data.Register(from, @object).Value);
            frames.Skip(1).Sum(frame => U32(frame, at)).ShouldBe(U32(frames[0], at));
            frames.Skip(1).Sum(frame => U32(frame, at + 4)).ShouldBe(U32(frames[0], at + 4));
            frames.Skip(1).ShouldAllBe(frame => @object != 1 || U32(frame, at + 4) > 0);
        }
    }

    private static IEnumerable<(byte Spa, byte SpqSpi, string Label)> Events(IEnumerable<byte[]> asdus) =>
        asdus.Where(asdu => asdu[0] == 1).SelectMany(asdu => asdu.Skip(6).Chunk(9)).Select(one => (one[0], one[1], Precise(one)));

    private static string Precise(byte[] one)
    {
        var word = one[2] | one[3] << 8;
        return $"{PlainRow.Label(one.AsSpan(4))[..17]}{word >> 10:00}.{word & 0x3FF:000}";
    }

    private static uint U32(byte[] frame, int at) => BitConverter.ToUInt32(frame, 6 + at);

    private static Instant Local(string iso) => NodaTime.Text.OffsetDateTimePattern.Rfc3339.Parse(iso).Value.ToInstant();

    private static byte[] Octets(TimeTagA tag)
    {
        var octets = new byte[TimeTagA.Length];
        tag.Write(octets);
        return octets;
    }

    private static async Task<byte> CauseAsync(PlainMaster master, Request request) =>
        Meters.CauseOf((await master.AskAsync(request)).Single());
}
