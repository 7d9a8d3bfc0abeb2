using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>What happens to octets on the line (late, lost, doubled, echoed, cut), and how busy the line is kept.</summary>
public sealed class WireTests : PortBench
{
    private static readonly LinkTiming Timing = new() { ReplyTimeout = Seconds(2), Retries = 3 };

    private readonly PortSettings _tcp = Tcp with { Timing = Timing };

    private async Task<(ScriptedMeter Far, Client Client)> AMeterInASession(ushort link = 1)
    {
        var far = Far.Add(link);
        if (Port.Equals(Akka.Actor.ActorRefs.Nobody))
            Start(_tcp);
        var meter = Meter($"m{link}", link);
        (await meter.LogIn()).End.ShouldBe(ExchangeEnd.Completed);
        return (far, meter);
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_with_the_same_octets_and_counted()
    {
        var (far, meter) = await AMeterInASession();
        var lose = 1;
        Far.CopiesOfAnswer = answer => answer[0] == 0x68 && lose-- > 0 ? 0 : 1;

        var ended = await meter.Get(meter.ReadClock, 1);

        ended.Answers.ShouldHaveSingleItem().ShouldBe(far.ExpectedAnswer(ended.Request));
        var polls = Far.Seen.TakeLast(2).ToList();
        polls[1].Octets.ShouldBe(polls[0].Octets);
        await Advance(Seconds(2));
        Status.Counters.Repeats.ShouldBe(1);
        Status.Counters.Timeouts.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_comes_after_its_exchange_was_given_up_is_taken_for_nobody_elses()
    {
        var (_, first) = await AMeterInASession(1);
        var (farOfSecond, second) = await AMeterInASession(2);
        Far.DelayOfAnswer = answer => answer[0] == 0x68 && answer[5] == 1 ? Seconds(9) : TimeSpan.Zero;

        var late = await first.Get(first.ReadClock, 1, timeout: 7);
        late.End.ShouldBe(ExchangeEnd.Expired);
        for (var i = 0; i < 20; i++)
        {
            var ended = await second.Get(second.ReadClock, 1);
            ended.IsCompleted.ShouldBeTrue();
            ended.Answers.ShouldHaveSingleItem().ShouldBe(farOfSecond.ExpectedAnswer(ended.Request));
            await Advance(Seconds(0.1));
        }
    }

    [Fact]
    public async Task Own_octets_that_come_back_are_ignored_and_counted()
    {
        Far.Echoes = true;
        var (far, meter) = await AMeterInASession();

        var ended = await meter.Get(meter.ReadSeries(), 1);

        ended.Answers.ShouldBe([.. Enumerable.Range(0, 3).Select(number => far.ExpectedAnswer(ended.Request, number))]);
        await Advance(Seconds(2));
        Status.Counters.Echoes.ShouldBe(Far.Seen.Count);
        Status.Counters.Repeats.ShouldBe(0);
    }

    [Fact]
    public async Task A_frame_that_arrives_octet_by_octet_is_not_late_while_octets_keep_coming()
    {
        var (far, meter) = await AMeterInASession();
        Far.CopiesOfAnswer = _ => 0;
        var request = meter.Ask(meter.ReadClock, 1);
        await Advance(Seconds(0.1));
        await Deliver(Acknowledge(1));
        var answer = Data(far.ExpectedAnswer(request));

        foreach (var octet in answer)
        {
            await Advance(Seconds(1));
            await Deliver([octet]);
        }

        meter.Ended[^1].Answers.ShouldHaveSingleItem().ShouldBe(far.ExpectedAnswer(request));
        Far.Seen.Count(frame => frame.Type == TypeIdentification.ReadCurrentTime).ShouldBe(1);
        await Advance(Seconds(2));
        Status.Counters.Repeats.ShouldBe(0);
    }

    [Fact]
    public async Task A_frame_whose_rest_does_not_come_is_dropped_and_the_next_one_found()
    {
        Start(_tcp with { Timing = Timing with { ReplyTimeout = Seconds(5) } });
        var (far, meter) = await AMeterInASession();
        Far.CopiesOfAnswer = _ => 0;
        var request = meter.Ask(meter.ReadClock, 1);
        await Advance(Seconds(0.1));
        await Deliver(Acknowledge(1));
        var answer = Data(far.ExpectedAnswer(request));

        // The damaged length octet promises more octets than will ever come.
        await Deliver([0x68, 0xFF, 0xFF, 0x68, .. answer[4..20]]);
        // The incomplete frame is dropped after the inter-character timeout, long before the reply timeout would repeat the poll.
        await Advance(Timing.InterCharacterTimeout + Seconds(0.01));
        await Deliver(answer);

        meter.Ended[^1].Answers.ShouldHaveSingleItem().ShouldBe(far.ExpectedAnswer(request));
    }

    [Fact]
    public async Task What_arrived_before_a_frame_went_out_does_not_answer_it()
    {
        var (far, meter) = await AMeterInASession();
        Far.CopiesOfAnswer = _ => 0;
        var request = meter.Ask(meter.ReadClock, 1);
        await Advance(Seconds(0.1));

        // Acknowledgement and data arrive in one piece: the data cannot answer a poll that has not been sent yet.
        await Deliver([.. Acknowledge(1), .. Data(far.ExpectedAnswer(Request.ReadDeviceIdentification(1)))]);
        Far.CopiesOfAnswer = _ => 1;
        await Advance(Seconds(5));

        meter.Ended[^1].Answers.ShouldHaveSingleItem().ShouldBe(far.ExpectedAnswer(request));
        Status.Counters.JunkOctets.ShouldBe(Data(far.ExpectedAnswer(request)).Length);
    }

    [Fact]
    public async Task Junk_and_damaged_frames_are_counted_and_passed_over()
    {
        var (_, meter) = await AMeterInASession();
        var damaged = Acknowledge(1);
        damaged[4]++;

        await Deliver([0xFF, 0xFF, 0xFF, .. damaged]);
        (await meter.Get(meter.ReadClock, 1)).End.ShouldBe(ExchangeEnd.Completed);
        await Advance(Seconds(2));

        Status.Counters.ChecksumErrors.ShouldBe(1);
        Status.Counters.JunkOctets.ShouldBe(3 + damaged.Length);
    }

    [Fact]
    public async Task Writes_that_wait_are_never_two_at_once_and_keep_their_order()
    {
        var (_, meter) = await AMeterInASession();
        Lines.Current.WritesWait = true;
        var seen = Far.Seen.Count;
        meter.Ask(meter.ReadClock, 1, timeout: 5);
        // The repeats after 2 s and after 4 s become due while the first write is still waiting.
        await Advance(Seconds(4.5));
        Far.Seen.Count.ShouldBe(seen);

        Far.CopiesOfAnswer = _ => 0;
        for (var write = 0; write < 3; write++)
        {
            Lines.Current.EndWrite();
            await Settle();
        }

        Lines.Current.WritesOverlapped.ShouldBeFalse();
        Far.Garbage.ShouldBe(0);
        Far.Seen.Skip(seen)
            .Select(frame => frame.Type)
            .ShouldBe(Enumerable.Repeat<TypeIdentification?>(TypeIdentification.ReadCurrentTime, 3));
    }

    [Fact]
    public async Task A_frame_that_waits_to_be_written_is_not_changed_by_the_next_exchange()
    {
        var (_, meter) = await AMeterInASession();
        Lines.Current.WritesWait = true;
        var seen = Far.Seen.Count;
        meter.Ask(meter.ReadClock, 1, timeout: 1);
        await Advance(Seconds(1.5));
        meter.Ended[^1].End.ShouldBe(ExchangeEnd.Expired);
        meter.Ask(Request.Login(1, 7), 1);
        await Advance(Seconds(1));

        Lines.Current.EndWrite();
        await Settle();
        Lines.Current.EndWrite();
        await Settle();

        Far.Garbage.ShouldBe(0);
        Far.Seen.Skip(seen).Select(frame => frame.Control.Primary).ShouldBe([PrimaryFunction.UserData, PrimaryFunction.RequestLinkStatus]);
    }

    [Fact]
    public async Task A_long_series_keeps_a_paced_line_busy_all_the_time()
    {
        Far.Latency = TimeSpan.Zero;
        Far.OctetTime = Seconds(11 / 9600.0);
        var far = Far.Add(1);
        far.SeriesLength = 720;
        far.DataLength = 56;
        Start(_tcp with { Timing = Timing with { CharacterTime = Far.OctetTime } });
        var meter = Meter("m1", 1);
        await meter.LogIn();
        var ended = await meter.Get(meter.ReadSeries(), 1, RequestClass.History, timeout: 600);
        await Advance(Seconds(2));

        ended.Answers.Count.ShouldBe(720);
        var octets = Status.Counters.OctetsSent - 6 * 3 - 19 + Status.Counters.OctetsReceived - 6 * 3 - 19;
        var wireTime = octets * Far.OctetTime;
        // Promise P2 allows 1.03 times the wire time. In virtual time nothing is lost between actor and line.
        (ended.EndedAt - ended.StartedAt).ToTimeSpan().ShouldBeInRange(0.99 * wireTime, 1.001 * wireTime);
        Status.Counters.Repeats.ShouldBe(0);
    }

    /// <summary>
    /// Promise R4 through the actor: whatever is lost, doubled or late, an answer that is handed over belongs to its request.
    /// </summary>
    private static Arbitrary<int> Seeds => Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Property(MaxTest = 15)]
    public Property Under_loss_every_exchange_ends_in_time_and_brings_only_its_own_answers() => Prop.ForAll(Seeds, seed =>
    {
        using var bench = new LossyBench(seed);
        bench.Run().GetAwaiter().GetResult();
    });

    private async Task Deliver(byte[] octets)
    {
        Lines.Current.Deliver(octets);
        await Settle();
    }

    private static byte[] Acknowledge(ushort link)
    {
        var frame = new byte[Frame.FixedLength];
        FrameWriter.WriteFixed(frame, ControlField.OfMeter(SecondaryFunction.Acknowledge), link);
        return frame;
    }

    private static byte[] Data(byte[] asdu)
    {
        var frame = new byte[Frame.MaxLength];
        return frame[..FrameWriter.WriteVariable(frame, ControlField.OfMeter(SecondaryFunction.UserData), 1, asdu)];
    }

    /// <summary>Two meters on a line that loses, doubles and delays frames, each asked again and again.</summary>
    private sealed class LossyBench : PortBench
    {
        private const double Loss = 0.2;

        private readonly int _seed;
        private readonly Random _chance;

        public LossyBench(int seed)
        {
            _seed = seed;
            _chance = new Random(seed);
        }

        public async Task Run()
        {
            Far.Arrives = _ => _chance.NextDouble() >= Loss;
            Far.CopiesOfAnswer = _ => _chance.NextDouble() switch { < Loss => 0, < Loss + 0.05 => 2, _ => 1 };
            Far.DelayOfAnswer = _ => _chance.NextDouble() < 0.1 ? Seconds(_chance.NextDouble() * 0.5) : TimeSpan.Zero;
            var far = new[] { Far.Add(1), Far.Add(2) };
            Start(Tcp with { Timing = Timing });
            var clients = new[] { Meter("m1", 1), Meter("m2", 2) };
            var completed = 0;
            for (var i = 0; i < 30; i++)
            {
                foreach (var (client, meter) in clients.Zip(far))
                {
                    var begin = Moment;
                    var session = await client.LogIn(client.Ended.Count > 0 ? client.Ended[^1].Epoch : 0, RequestClass.OnDemand);
                    if (!session.IsCompleted)
                        continue;
                    var ended = await client.Get(i % 2 == 0 ? client.ReadClock : client.ReadSeries((byte)(11 + i)), session.Epoch);
                    var expected = Enumerable.Range(0, ended.Answers.Count)
                        .Select(number => meter.ExpectedAnswer(ended.Request, number))
                        .ToArray();
                    ended.Answers.ShouldBe(expected, $"seed {_seed}");
                    if (ended.IsCompleted)
                    {
                        completed++;
                        ended.Answers.Count.ShouldBe(i % 2 == 0 ? 1 : 3);
                    }

                    (Moment - begin).ShouldBeLessThan(Seconds(600));
                }
            }

            completed.ShouldBeGreaterThan(10);
        }
    }
}
