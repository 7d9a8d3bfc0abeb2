using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Simulator.Lines;
using Iec102.Simulator.Meters;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Simulator.Tests;

/// <summary>Each way in which meters and lines differ (protocol notes 3.3, 7.4 and 8), shown by the octets that it affects.</summary>
public sealed class BehaviourTests : IDisposable
{
    private const string Status = "10 49 01 00 4a 16";
    private const string StatusAnswer = "10 0b 01 00 0c 16";
    private const string Reset = "10 40 01 00 41 16";
    private const string Login = "68 0d 0d 68 73 01 00 b7 01 06 01 00 00 01 00 00 00 34 16";
    private const string LoggedIn = "68 0d 0d 68 08 01 00 b7 01 07 01 00 00 01 00 00 00 ca 16";
    private const string ReadClock = "68 09 09 68 73 01 00 67 00 05 01 00 00 e1 16";
    private const string Ack = "10 00 01 00 01 16";
    private const string NoData = "10 09 01 00 0a 16";
    private const string Poll0 = "10 5b 01 00 5c 16";
    private const string Poll1 = "10 7b 01 00 7c 16";

    private readonly SetTime _time = new("2024-07-16T12:20:00+02:00");
    private readonly WireTimer _timer;

    public BehaviourTests() => _timer = new WireTimer(_time);

    public void Dispose() => _timer.Dispose();

    [Fact]
    public void Junk_comes_before_every_answer()
    {
        var line = Connect(new(), new() { JunkOctets = 3 });

        Answer(line, Status).ShouldBe($"ff ff ff {StatusAnswer}");
        Answer(line, Reset).ShouldBe($"ff ff ff {Ack}");
    }

    [Fact]
    public void Modbus_answers_with_their_CRC_stand_around_every_answer() =>
        Answer(Connect(new(), new() { HasModbus = true }), Status)
            .ShouldBe($"01 04 06 68 43 00 2a 16 10 03 d0 {StatusAnswer} 03 03 04 68 68 10 5b 08 74");

    [Fact]
    public void The_first_handshake_of_a_connection_gets_the_leftovers_of_an_earlier_reading()
    {
        var line = Connect(new(), new() { LeftoversAtHandshake = 1 });

        var leftovers = Answer(line, Status);
        leftovers.ShouldEndWith($"{Ack} 68 14 14 68 08 01 00 0b 01 05 01 00 0b 01 d2 04 00 00 00 00 81 2f 07 18 cc 16");
        leftovers.ShouldNotContain(StatusAnswer);
        Answer(line, Status).ShouldBe(StatusAnswer);
    }

    [Fact]
    public void Nothing_is_heard_for_a_while_after_connecting()
    {
        var line = Connect(new(), new() { DeafAfterConnect = TimeSpan.FromSeconds(4) });

        _time.Now += Duration.FromSeconds(3);
        Answer(line, Status).ShouldBe("");
        _time.Now += Duration.FromSeconds(1);
        Answer(line, Status).ShouldBe(StatusAnswer);
    }

    [Fact]
    public async Task Octets_come_one_by_one()
    {
        var line = new SimulatedLine("l", [Meters.Make(_time)], _timer, behaviour: new LineBehaviour { OctetByOctet = true });
        var (master, far) = MemoryLine.Pair();
        var serving = line.ServeAsync(far, CancellationToken.None);
        await master.WriteAsync(Octets.Of(Status), CancellationToken.None);
        far.Finish();
        await serving;
        await far.DisposeAsync();

        var octets = new List<byte>();
        for (var buffer = new byte[100]; await master.ReadAsync(buffer, CancellationToken.None) is var count and > 0;)
        {
            count.ShouldBe(1);
            octets.Add(buffer[0]);
        }

        Octets.Hex([.. octets]).ShouldBe(StatusAnswer);
        line.Counts.FramesOut.ShouldBe(1);
    }

    [Fact]
    public void An_acknowledgement_is_the_single_octet_E5()
    {
        var line = Connect(new() { AcknowledgesBySingleOctet = true });

        Answer(line, Status).ShouldBe(StatusAnswer);
        Answer(line, Reset).ShouldBe("e5");
        Answer(line, Login).ShouldBe("e5");
        Answer(line, Poll0).ShouldBe(LoggedIn);
        Answer(line, Poll1).ShouldBe(NoData);
    }

    [Fact]
    public void Polls_bring_no_data_before_the_first_answer_and_before_the_first_data()
    {
        var line = Begin(new() { NoDataPolls = 2 }, Poll0, Poll1, Poll0);

        Answer(line, "68 15 15 68 73 01 00 7b 01 06 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 aa 16").ShouldBe(Ack);
        Answer(line, Poll0).ShouldBe(NoData);
        Answer(line, Poll1).ShouldBe(NoData);
        Answer(line, Poll0).ShouldBe("68 15 15 68 08 01 00 7b 01 07 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 40 16");
        Answer(line, Poll1).ShouldBe(NoData);
        Answer(line, Poll0).ShouldBe(NoData);
        Answer(line, Poll1).ShouldContain("00 81 2f 07 18");
        Answer(line, Poll0).ShouldContain("00 82 2f 07 18");
    }

    [Fact]
    public void A_busy_meter_tells_the_time_at_which_it_answers()
    {
        var line = Begin(new() { NoDataPolls = 1 }, Poll0, Poll1);

        Answer(line, "68 09 09 68 53 01 00 67 00 05 01 00 00 c1 16").ShouldBe(Ack);
        Answer(line, Poll1).ShouldBe(NoData);
        _time.Now += Duration.FromSeconds(2);
        // 12:20:02.000 is the time of this poll.
        Answer(line, Poll0).ShouldContain("00 08 14 8c 50 07 18");
    }

    [Fact]
    public void A_request_is_answered_with_NACK_before_it_is_taken()
    {
        var line = Connect(new() { Nacks = 1 });

        Answer(line, Reset).ShouldBe(Ack);
        Answer(line, Login).ShouldBe("10 01 01 00 02 16");
        Answer(line, "68 0d 0d 68 53 01 00 b7 01 06 01 00 00 01 00 00 00 14 16").ShouldBe(Ack);
        Answer(line, Poll1).ShouldBe(LoggedIn);
    }

    [Fact]
    public void A_full_buffer_shows_in_DFC_and_hears_nothing_for_a_while()
    {
        var line = Connect(new() { BufferFullFor = Duration.FromMilliseconds(300) });

        Answer(line, Reset).ShouldBe(Ack);
        Answer(line, Login).ShouldBe("10 10 01 00 11 16");
        _time.Now += Duration.FromMilliseconds(299);
        Answer(line, Poll0).ShouldBe("");
        _time.Now += Duration.FromMilliseconds(1);
        Answer(line, Poll0).ShouldBe(LoggedIn);
    }

    [Fact]
    public void The_clock_is_confirmed_without_the_time()
    {
        var line = Begin(new() { ConfirmsClockWithoutTime = true });

        Answer(line, "68 10 10 68 73 01 00 b5 01 06 01 00 00 fa 78 0f 0a 7b 03 18 52 16").ShouldBe(Ack);
        Answer(line, Poll0).ShouldBe("68 09 09 68 08 01 00 b5 01 07 01 00 00 c7 16");
    }

    [Fact]
    public void The_day_of_the_week_is_wrong()
    {
        var line = Begin(new() { HasWrongDayOfWeek = true });

        Answer(line, ReadClock).ShouldBe(Ack);
        // Tuesday 16 July (50) is sent with the day of the week of a Wednesday (70).
        Answer(line, Poll0).ShouldContain("00 00 14 8c 70 07 18");
    }

    [Fact]
    public async Task Only_the_write_key_sets_the_clock_and_the_read_key_is_confirmed_negatively()
    {
        var meter = Meters.Make(_time, new() { WriteKey = 9 });
        var master = PlainMaster.Of(meter.Slave());
        var request = Request.SetClock(1, CivilTime.ToTagB(_time.Now + Duration.FromMinutes(1), Meters.Madrid));

        await master.LogInAsync();
        (await CauseAsync(master, request)).ShouldBe((byte)0x47);
        meter.Clock.ShouldBe(_time.Now);
        (await CauseAsync(master, Request.Login(1, 9))).ShouldBe((byte)7);
        (await CauseAsync(master, request)).ShouldBe((byte)7);
        meter.Clock.ShouldBe(_time.Now + Duration.FromMinutes(1));
    }

    [Fact]
    public async Task Types_and_records_may_be_missing_and_refusals_negative()
    {
        var master = await LoggedInAsync(new()
        {
            MissingTypes = new HashSet<TypeIdentification> { TypeIdentification.ReadConfiguration },
            HasDailyClosings = false,
            RefusesNegatively = true,
        });

        (await CauseAsync(master, Request.ReadConfiguration(1))).ShouldBe((byte)0x4E);
        var closings = Request.ReadIntegratedTotals(1, 21, 1, 8, Meters.Tag("2024-07-01 00:00"), Meters.Tag("2024-07-10 00:00"));
        (await CauseAsync(master, closings)).ShouldBe((byte)0x4F);
        (await CauseAsync(master, Request.ReadCurrentTime(1))).ShouldBe((byte)5);
    }

    [Fact]
    public async Task A_session_ends_after_its_requests()
    {
        var master = await LoggedInAsync(new() { RequestsPerSession = 2, OutsideSession = CauseOfTransmission.PeriodNotAvailable });

        (await CauseAsync(master, Request.ReadCurrentTime(1))).ShouldBe((byte)5);
        (await CauseAsync(master, Request.ReadCurrentTime(1))).ShouldBe((byte)5);
        (await CauseAsync(master, Request.ReadCurrentTime(1))).ShouldBe((byte)18);
        (await CauseAsync(master, Request.ReadCurrentTime(1))).ShouldBe((byte)18);
        (await CauseAsync(master, Request.Login(1, 1))).ShouldBe((byte)7);
        (await CauseAsync(master, Request.ReadCurrentTime(1))).ShouldBe((byte)5);
    }

    [Fact]
    public async Task Never_is_a_tag_of_five_zeros()
    {
        var master = await LoggedInAsync(new() { HasEmptyTags = true });

        var closings = await master.AskAsync(
            Request.ReadIntegratedTotals(1, 21, 1, 1, Meters.Tag("2024-07-15 00:00"), Meters.Tag("2024-07-16 00:00")));
        var stored =
            await master.AskAsync(Request.ReadStoredTariff(1, 134, Meters.Tag("2024-06-01 00:00"), Meters.Tag("2024-07-01 00:00")));

        closings.Count.ShouldBe(5);
        Octets.Hex(closings[1].AsSpan(6)).ShouldBe("01 00 00 00 00 80 00 00 00 00 00");
        stored.Count.ShouldBe(2 + 1 + 4);
        stored[1][6 + 42].ShouldBe((byte)0);
        stored[1].AsSpan(6 + 53, 10).ToArray().ShouldAllBe(octet => octet == 0);
        stored[2].AsSpan(6 + 38, 9).ToArray().ShouldAllBe(octet => octet == 0);
    }

    [Fact]
    public async Task A_list_begins_at_midnight_of_its_first_day()
    {
        var master = await LoggedInAsync(new() { ListsFromMidnight = true, IncludesRangeStart = false });

        var rows = PlainRow.Of(await master.AskAsync(
            Request.ReadIncrementalTotals(1, 11, 1, 8, Meters.Tag("2024-07-15 17:01"), Meters.Tag("2024-07-15 19:00"))));

        rows.Select(row => row.End[11..13]).ShouldBe([.. Enumerable.Range(0, 20).Select(hour => $"{hour:00}")]);
    }

    [Fact]
    public async Task Rows_come_twice_at_the_seams_of_blocks_and_after_each_single_one()
    {
        var master = await LoggedInAsync(new() { OverlapsFrames = true });
        var (from, to) = (Meters.Tag("2024-07-15 00:01"), Meters.Tag("2024-07-15 08:00"));

        var blocks = await master.AskAsync(Request.ReadIncrementalTotalBlocks(1, 11, 9, from, to));
        var singles = await master.AskAsync(Request.ReadIncrementalTotals(1, 11, 1, 8, from, Meters.Tag("2024-07-15 03:00")));

        blocks.Select(asdu => string.Concat(PlainRow.Of([asdu]).Select(row => row.End[12]))).ShouldBe(["", "1234", "45678", ""]);
        string.Concat(PlainRow.Of(singles).Select(row => row.End[12])).ShouldBe("12132");
    }

    [Fact]
    public async Task Each_object_comes_in_a_frame_of_its_own()
    {
        var master = await LoggedInAsync(new() { OneObjectPerFrame = true });
        var plain = await LoggedInAsync(new());
        var request = Request.ReadIncrementalTotals(1, 11, 1, 3, Meters.Tag("2024-07-15 00:01"), Meters.Tag("2024-07-15 01:00"));

        var whole = (await plain.AskAsync(request))[1];
        var apart = (await master.AskAsync(request))[1..^1];

        apart.ShouldAllBe(asdu => asdu[1] == 1 && asdu.Length == 6 + 6 + 5);
        apart.SelectMany(asdu => asdu[6..12]).ShouldBe(whole[6..24]);
        apart.ShouldAllBe(asdu => asdu.Skip(12).SequenceEqual(whole.Skip(24)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(30)]
    public async Task Integration_period_2_cuts_record_12_and_adds_up_to_the_hours(int minutes)
    {
        var master = await LoggedInAsync(new() { Period2Minutes = minutes });
        var (from, to) = (Meters.Tag("2024-07-15 00:01"), Meters.Tag("2024-07-16 00:00"));

        var hours = PlainRow.Of(await master.AskAsync(Request.ReadIncrementalTotalBlocks(1, 11, 9, from, to))).ToList();
        var parts = PlainRow.Of(await master.AskAsync(Request.ReadIncrementalTotalBlocks(1, 12, 9, from, to))).ToList();

        parts.Count.ShouldBe(24 * 60 / minutes);
        parts[0].End.ShouldBe($"2024-07-15T00:{minutes:00}:00+02:00");
        foreach (var (hour, within) in hours.Zip(parts.Chunk(60 / minutes)))
        {
            within[^1].End.ShouldBe(hour.End);
            for (var i = 0; i < 8; i++)
                within.Sum(row => row.Values[i]).ShouldBe(hour.Values[i]);
        }
    }

    private LineSession Connect(MeterBehaviour meter, LineBehaviour? line = null) =>
        new SimulatedLine("l", [Meters.Make(_time, meter)], _timer, behaviour: line).Connect();

    private LineSession Begin(MeterBehaviour meter, params string[] polls)
    {
        var line = Connect(meter);
        Answer(line, Reset).ShouldBe(Ack);
        Answer(line, Login).ShouldBe(Ack);
        foreach (var poll in polls.Length == 0 ? [Poll0] : polls)
            Answer(line, poll);
        return line;
    }

    private static string Answer(LineSession line, string octets) =>
        string.Join(' ', line.AnswersTo(Octets.Of(octets)).Select(answer => Octets.Hex(answer)));

    private async Task<PlainMaster> LoggedInAsync(MeterBehaviour behaviour)
    {
        var master = PlainMaster.Of(Meters.Make(_time, behaviour).Slave());
        await master.LogInAsync();
        return master;
    }

    private static async Task<byte> CauseAsync(PlainMaster master, Request request) =>
        Meters.CauseOf((await master.AskAsync(request)).Single());
}
