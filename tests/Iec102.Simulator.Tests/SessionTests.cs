using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Simulator.Tests;

public class SessionTests
{
    private readonly SetTime _time = new("2024-07-16T12:00:00+02:00");

    [Fact]
    public async Task Outside_a_session_requests_are_refused_with_cause_13()
    {
        var master = PlainMaster.Of(Meters.Make(_time).Slave());
        await master.ResetAsync();

        Meters.CauseOf((await master.AskAsync(Request.ReadCurrentTime(1))).Single()).ShouldBe((byte)13);
        await master.LogInAsync();
        Meters.CauseOf((await master.AskAsync(Request.ReadCurrentTime(1))).Single()).ShouldBe((byte)5);
        Meters.CauseOf((await master.AskAsync(Request.EndSession(1))).Single()).ShouldBe((byte)7);
        Meters.CauseOf((await master.AskAsync(Request.ReadCurrentTime(1))).Single()).ShouldBe((byte)13);
    }

    [Fact]
    public async Task A_link_reset_ends_the_session_and_drops_what_was_waiting()
    {
        var master = PlainMaster.Of(Meters.Make(_time).Slave());
        await master.LogInAsync();
        await master.SendAsync(Request.ReadCurrentTime(1).Asdu);

        await master.ResetAsync();

        (await master.PollAsync())[1].ShouldBe((byte)SecondaryFunction.NoData);
        Meters.CauseOf((await master.AskAsync(Request.ReadCurrentTime(1))).Single()).ShouldBe((byte)13);
    }

    [Fact]
    public async Task An_idle_session_is_over_and_a_used_one_is_not()
    {
        var master = PlainMaster.Of(Meters.Make(_time, new() { SessionIdle = Duration.FromMinutes(2) }).Slave());
        await master.LogInAsync();
        for (var i = 0; i < 5; i++)
        {
            _time.Now += Duration.FromSeconds(100);
            Meters.CauseOf((await master.AskAsync(Request.ReadCurrentTime(1))).Single()).ShouldBe((byte)5);
        }

        _time.Now += Duration.FromSeconds(121);
        Meters.CauseOf((await master.AskAsync(Request.ReadCurrentTime(1))).Single()).ShouldBe((byte)13);
    }

    [Fact]
    public async Task Each_point_has_its_own_session_and_its_own_data()
    {
        var options = new MeterOptions("two", 5) { Points = [1, 2] };
        var slave = new SimulatedMeter(options, point => new MeterData(1, 5, point), _time).Slave();
        var first = PlainMaster.Of(slave, 1);
        await first.LogInAsync();
        var clock = await first.AskAsync(Request.ReadCurrentTime(2));
        var totals = await first.AskAsync(Request.ReadInstantaneousValues(1, [192]));
        await first.AskAsync(Request.Login(2, 1));
        var others = await first.AskAsync(Request.ReadInstantaneousValues(2, [192]));

        Meters.CauseOf(clock.Single()).ShouldBe((byte)13);
        Meters.CauseOf(others.Single()).ShouldBe((byte)5);
        others.Single().AsSpan(7).SequenceEqual(totals.Single().AsSpan(7)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_meter_does_not_know_is_mirrored_with_the_cause_that_says_so()
    {
        var meter = Meters.Make(_time, new() { HasBlocks = false, HasQuarterHours = false, HasHourlyRegisters = false });
        var master = PlainMaster.Of(meter.Slave());
        await master.LogInAsync();
        var (from, to) = (Meters.Tag("2024-07-15 00:01"), Meters.Tag("2024-07-16 00:00"));
        var wrongDate = Request.ReadIncrementalTotals(1, 11, 1, 8, from, to).Asdu.ToArray();
        wrongDate[6 + 2 + 3] = 13;

        (await CauseAsync(master, Request.ReadCurrentTime(9).Asdu)).ShouldBe((byte)16);
        (await CauseAsync(master, [115, 0, 5, 1, 0, 0])).ShouldBe((byte)14);
        (await CauseAsync(master, [250, 0, 5, 1, 0, 0])).ShouldBe((byte)14);
        (await CauseAsync(master, Request.ReadIncrementalTotalBlocks(1, 11, 10, from, to).Asdu)).ShouldBe((byte)14);
        (await CauseAsync(master, Request.ReadIntegratedTotalBlocks(1, 21, 10, from, to).Asdu)).ShouldBe((byte)14);
        (await CauseAsync(master, [123, 1, 6, 1, 0, 11, 1, 8])).ShouldBe((byte)14);
        (await CauseAsync(master, Request.ReadIncrementalTotals(1, 12, 1, 8, from, to).Asdu)).ShouldBe((byte)15);
        (await CauseAsync(master, Request.ReadIntegratedTotals(1, 11, 1, 8, from, to).Asdu)).ShouldBe((byte)15);
        (await CauseAsync(master, Request.ReadIncrementalTotals(1, 13, 1, 8, from, to).Asdu)).ShouldBe((byte)15);
        (await CauseAsync(master, Request.ReadIncrementalTotals(1, 11, 1, 9, from, to).Asdu)).ShouldBe((byte)17);
        (await CauseAsync(master, Request.ReadIncrementalTotals(1, 11, 0, 8, from, to).Asdu)).ShouldBe((byte)17);
        (await CauseAsync(master, Request.ReadInstantaneousValues(1, [192, 195]).Asdu)).ShouldBe((byte)17);
        (await CauseAsync(master, wrongDate)).ShouldBe((byte)18);

        meter.Counters.Snapshot().Refusals.ShouldBe(
            new Dictionary<byte, long> { [14] = 5, [15] = 3, [16] = 1, [17] = 3, [18] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_refusal_is_the_request_itself_with_another_cause_and_ends_the_exchange()
    {
        var master = PlainMaster.Of(Meters.Make(_time).Slave());
        await master.LogInAsync();
        var request = Request.ReadIncrementalTotals(1, 99, 1, 8, Meters.Tag("2024-07-15 00:01"), Meters.Tag("2024-07-16 00:00"))
            .Asdu.ToArray();

        var answer = (await master.AskAsync(request)).Single();

        request[2] = 15;
        answer.ShouldBe(request);
    }

    [Fact]
    public async Task A_clock_that_is_off_labels_its_answers_and_can_be_set_right()
    {
        var options = new MeterOptions("off", 5) { ClockOffset = Duration.FromMinutes(-20) };
        var meter = new SimulatedMeter(options, point => new MeterData(1, 5, point), _time);
        var master = PlainMaster.Of(meter.Slave());
        await master.LogInAsync();

        var before = PlainRow.Label((await master.AskAsync(Request.ReadCurrentTime(1))).Single().AsSpan(8));
        await master.AskAsync(Request.SetClock(1, CivilTime.ToTagB(_time.Now, Meters.Madrid)));
        var after = PlainRow.Label((await master.AskAsync(Request.ReadCurrentTime(1))).Single().AsSpan(8));

        before.ShouldBe("2024-07-16T11:40:00+02:00");
        after.ShouldBe("2024-07-16T12:00:00+02:00");
        meter.Clock.ShouldBe(_time.Now);
    }

    [Fact]
    public async Task A_clock_command_without_a_date_is_confirmed_negatively_and_changes_nothing()
    {
        var meter = Meters.Make(_time);
        var master = PlainMaster.Of(meter.Slave());
        await master.LogInAsync();

        var answer = (await master.AskAsync([181, 1, 6, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])).Single();

        Meters.CauseOf(answer).ShouldBe((byte)0x47);
        meter.Clock.ShouldBe(_time.Now);
    }

    private static async Task<byte> CauseAsync(PlainMaster master, ReadOnlyMemory<byte> asdu) =>
        Meters.CauseOf((await master.AskAsync(asdu.ToArray())).Single());

    private static Task<byte> CauseAsync(PlainMaster master, ReadOnlySpan<byte> asdu) =>
        CauseAsync(master, (ReadOnlyMemory<byte>)asdu.ToArray());
}
