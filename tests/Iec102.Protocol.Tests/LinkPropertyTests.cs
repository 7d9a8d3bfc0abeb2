using FsCheck;
using FsCheck.Xunit;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Testing;
using NodaTime;
using Xunit.Abstractions;

namespace Iec102.Protocol.Tests;

/// <summary>
/// Promise R4: master and slave are joined by a channel that loses, damages, duplicates and delays frames. Every exchange ends within its
/// budget, either in success with exactly its own data, or in a typed failure whose data are the true beginning of the answer.
/// </summary>
public class LinkPropertyTests(ITestOutputHelper output)
{
    // The master certainly survives each pair of faults, but not all three at once: when an answer that the line has duplicated is delayed
    // until a later poll has been sent, and the answer to that poll is lost, two "no data" in a row cannot be told apart.
    [Property(MaxTest = 200)]
    public void Over_a_line_that_loses_damages_and_delays_no_data_is_lost_doubled_altered_or_taken_from_another_exchange(
        DoNotSize<int> seed) =>
        new Run(seed.Item, new ChannelFaults { Lost = 0.1, Damaged = 0.1, Truncated = 0.03, Stalled = 0.05 }).Session(exchanges: 25);

    [Property(MaxTest = 200)]
    public void Nor_over_a_line_that_loses_damages_and_doubles(DoNotSize<int> seed) =>
        new Run(seed.Item, new ChannelFaults { Lost = 0.1, Damaged = 0.1, Truncated = 0.03, Doubled = 0.3 }).Session(exchanges: 25);

    [Property(MaxTest = 200)]
    public void Nor_over_a_line_that_doubles_and_delays(DoNotSize<int> seed) =>
        new Run(seed.Item, new ChannelFaults { Doubled = 0.3, Stalled = 0.2, Stall = TimeSpan.FromSeconds(20) }).Session(exchanges: 25);

    [Property(MaxTest = 100)]
    public void Over_a_dead_line_every_exchange_ends_without_an_answer(DoNotSize<int> seed)
    {
        var run = new Run(seed.Item, new ChannelFaults { Lost = 1 });
        run.Session(exchanges: 3);
        run.Completed.ShouldBe(0);
    }

    [Property(MaxTest = 50)]
    public void Over_a_good_line_every_exchange_succeeds_without_a_repeat(DoNotSize<int> seed)
    {
        var run = new Run(seed.Item, new ChannelFaults());
        run.Session(exchanges: 25);
        run.Completed.ShouldBe(run.Exchanges);
        run.Repeats.ShouldBe(0);
    }

    [Fact]
    public void With_a_fifth_of_the_frames_lost_or_damaged_most_exchanges_still_succeed()
    {
        var (exchanges, completed) = (0, 0);
        for (var seed = 0; seed < 100; seed++)
        {
            var run = new Run(seed, new ChannelFaults { Lost = 0.1, Damaged = 0.1 });
            run.Session(exchanges: 25);
            exchanges += run.Exchanges;
            completed += run.Completed;
        }

        var figure = $"{completed} of {exchanges} completed with 20 % of the frames lost or damaged each way, "
            + "the others ended in a typed failure; 0 with another's data";
        output.WriteLine(figure);
        Promise.Report("R4", "exchanges", figure);
        completed.ShouldBeGreaterThan(exchanges / 2);
    }

    private sealed class Run
    {
        private readonly Random _random;
        private readonly LinkMaster _master;
        private readonly LinkSlave _slave;
        private readonly CountingMeter _meter;
        private readonly LossyChannel _toMeter;
        private readonly LossyChannel _toMaster;
        private readonly FrameReader _masterReader = new();
        private readonly FrameReader _slaveReader = new();
        private readonly List<byte[]> _data = [];
        private TimeSpan _now = TimeSpan.FromSeconds(1);
        private byte[] _lastCounted = [];
        private ushort _point = 2;

        public Run(int seed, ChannelFaults faults)
        {
            _random = new Random(seed);
            _meter = new CountingMeter(_random, notReady: 0.1, notAccepted: faults.Lost == 0 ? 0 : 0.03);
            _slave = new LinkSlave(7, _meter);
            _toMeter = new LossyChannel(faults, _random);
            _toMaster = new LossyChannel(faults, _random);
            _master = new LinkMaster(7, new LinkTiming
            {
                ReplyTimeout = TimeSpan.FromSeconds(2),
                InterRequestDelay = TimeSpan.FromMilliseconds(_random.Next(2) * 30),
                FirstPause = TimeSpan.FromMilliseconds(200),
                NoContentLimit = TimeSpan.FromSeconds(60),
            });
        }

        public int Exchanges { get; private set; }

        public int Completed { get; private set; }

        public long Repeats => _master.Counters.Repeats;

        public void Session(int exchanges)
        {
            for (var i = 0; i < exchanges; i++)
            {
                if (!_master.IsUp)
                    Exchange(Request.Login(1, (uint)_random.Next()), restartLink: true);
                else if (_random.Next(3) > 0)
                    ReadSeries();
                else
                    ReadOne();
                _now += TimeSpan.FromMilliseconds(_random.Next(4) * 100);
            }
        }

        private void ReadSeries()
        {
            var from = new TimeTagA(new LocalDateTime(2024, 7, _random.Next(1, 29), _random.Next(24), 0), false);
            var to = from;
            List<byte[]> expected = [];
            var request = Request.ReadIncrementalTotals(1, 11, 1, 1, from, to);
            for (var hours = _random.Next(1, 9); hours > 0; hours--)
            {
                expected.Add(CountingMeter.DataFrame(request.Header, to));
                request = Request.ReadIncrementalTotals(1, 11, 1, 1, from, to);
                to = CountingMeter.Next(to);
            }

            var outcome = Exchange(request, restartLink: false);
            if (outcome == ExchangeOutcome.Completed)
                _data.Count.ShouldBe(expected.Count);
            _data.Select(asdu => Octets.Hex(asdu)).ShouldBe(expected.Take(_data.Count).Select(asdu => Octets.Hex(asdu)));
        }

        private void ReadOne()
        {
            var before = _meter.Reads;
            // Every request has a different point, so none has the same octets as an earlier one: only then could a late answer be
            // accepted.
            var outcome = Exchange(Request.ReadInstantaneousValues(_point++, [ObjectAddress.Totals]), restartLink: false);
            _data.Count.ShouldBe(outcome == ExchangeOutcome.Completed ? 1 : 0);
            foreach (var asdu in _data)
                CountingMeter.ReadOf(asdu).ShouldBe(_meter.Reads);
            if (outcome == ExchangeOutcome.Completed)
                _meter.Reads.ShouldBe(before + 1, "a request is processed once, however often it was sent");
        }

        private ExchangeOutcome Exchange(Request request, bool restartLink)
        {
            _data.Clear();
            Exchanges++;
            var expires = _now + TimeSpan.FromSeconds(_random.Next(20, 180));
            Do(_master.Begin(request, restartLink, _now, expires), default);
            while (_master.IsBusy)
                Step();
            _now.ShouldBeLessThanOrEqualTo(expires);
            if (_master.Result.Outcome == ExchangeOutcome.Completed)
                Completed++;
            else
                _master.IsUp.ShouldBeFalse(_master.Result.ToString());
            return _master.Result.Outcome;
        }

        /// <summary>Lets the next thing happen: a frame arrives at one end, or the master's deadline comes.</summary>
        private void Step()
        {
            var next = Min(_master.Deadline, Min(_toMeter.NextArrival, _toMaster.NextArrival));
            _now = next > _now ? next : _now;
            if (_toMeter.NextArrival <= _now)
                AtMeter(_toMeter.Receive());
            else if (_toMaster.NextArrival <= _now)
                AtMaster(_toMaster.Receive());
            else
                Do(_master.OnDeadline(_now), default);
        }

        private void AtMeter(ReadOnlySpan<byte> octets)
        {
            while (_slaveReader.TryRead(ref octets, out var frame))
            {
                if (!_toMeter.WasSent(frame))
                    continue;
                var answer = _slave.OnFrame(frame);
                if (!answer.IsEmpty)
                    _toMaster.Send(answer, _now);
            }
        }

        private void AtMaster(ReadOnlySpan<byte> octets)
        {
            while (_masterReader.TryRead(ref octets, out var frame))
            {
                if (_toMaster.WasSent(frame))
                    Do(_master.OnFrame(frame, _now), frame.Asdu);
            }

            if (_masterReader.InsideFrame)
                _master.OnActivity(_now);
        }

        private void Do(LinkEvents events, ReadOnlySpan<byte> asdu)
        {
            if (events.HasFlag(LinkEvents.Data))
                _data.Add(asdu.ToArray());
            if (!events.HasFlag(LinkEvents.Transmit))
                return;
            CheckCount(_master.Outgoing.ToArray());
            _masterReader.Restart();
            _toMeter.Send(_master.Outgoing, _now);
        }

        /// <summary>Checks that FCB toggles with every new frame and only then: the same bit means the same octets.</summary>
        private void CheckCount(byte[] octets)
        {
            var control = new Frame(octets).Control;
            if (!control.FrameCountValid)
            {
                if (control.Primary == PrimaryFunction.ResetRemoteLink)
                    _lastCounted = [];
                return;
            }

            if (_lastCounted.Length == 0)
                control.FrameCountBit.ShouldBeTrue("the first counted frame after a reset");
            else if (new Frame(_lastCounted).Control.FrameCountBit == control.FrameCountBit)
                octets.ShouldBe(_lastCounted);
            _lastCounted = octets;
        }

        private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
    }
}
